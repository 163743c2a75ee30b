import { FlashError } from "../base/errors.js";
import type { ChipName } from "../chips/index.js";
import { chipNames } from "../chips/index.js";
import type { FirmwareSet } from "../firmware/firmware.js";
import type { FirmwareSettings } from "../firmware/part.js";
import type { PlanRequest } from "../flash/plan.js";
import type { Inputs } from "./inputs.js";

/** `keep` leaves it to the firmware: to its layout, and where that says nothing to the header. */
function settingsOf(inputs: Inputs, layout: FirmwareSettings): FirmwareSettings {
  const wanted = { mode: inputs.flashMode, frequency: inputs.flashFreq, size: inputs.flashSize };
  return { ...layout, ...Object.fromEntries(Object.entries(wanted).filter(([, word]) => word !== "keep")) };
}

function chipOf(inputs: Inputs, firmware: FirmwareSet): ChipName | "auto" {
  const named = firmware.chip;
  if (inputs.chip !== "auto" || named === undefined) return inputs.chip;
  const known = chipNames.find((name) => name === named);
  if (known !== undefined) return known;
  throw new FlashError("chip/unknown", `${firmware.name} is for "${named}", a chip that is not known.`, {
    chip: named,
  });
}

/**
 * What the plan is made from. The chip that a layout names counts as named. Throws `chip/unknown` for one that the step
 * does not know.
 */
export function planRequest(inputs: Inputs, firmware: FirmwareSet): PlanRequest {
  const { erase, preserve, keepGaps, before, after, baud, stub, compress, connectAttempts, allow, dryRun, rewrite } =
    inputs;
  return {
    chip: chipOf(inputs, firmware),
    parts: firmware.parts,
    settings: settingsOf(inputs, firmware.settings),
    erase,
    preserve,
    keepGaps,
    before,
    after,
    baud,
    stub,
    compress,
    connectAttempts,
    allow,
    dryRun,
    rewrite,
    ...(inputs.expectMac === undefined ? {} : { expectMac: inputs.expectMac }),
    ...(inputs.resetSequence === undefined ? {} : { resetSequence: inputs.resetSequence }),
  };
}

/** What the log says of parts that the layout wants encrypted; undefined if there are none. */
export function encryptionRemark(firmware: FirmwareSet): string | undefined {
  const names = firmware.parts.filter((part) => part.encrypted === true).map((part) => part.name);
  if (names.length === 0) return undefined;
  return (
    `${firmware.name} marks parts for flash encryption: ${names.join(", ")}. They are written as they are, which is ` +
    "right for a board that has yet to encrypt itself; a board with encryption on is refused."
  );
}
