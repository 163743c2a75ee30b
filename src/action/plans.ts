import { info } from "@actions/core";
import { formatBytes, hex32 } from "../base/bytes.js";
import type { ChipName } from "../chips/index.js";
import { resolveFirmware } from "../firmware/firmware.js";
import type { FirmwareItem, FirmwareSet } from "../firmware/firmware.js";
import type { FlashJob } from "../flash/job.js";
import { planFlash } from "../flash/plan.js";
import { githubApiUrl } from "./host.js";
import type { Inputs } from "./inputs.js";
import { plainLine } from "./plain-text.js";
import { encryptionRemark, planRequest } from "./plan-request.js";
import type { Surroundings } from "./step-frame.js";

/** Firmware that is checked and planned, and the boards that it is for. */
export interface BoardPlan {
  /** A key of `firmware-map`: only for the boards that it names. */
  readonly board?: string;
  /** Only for boards with this chip. */
  readonly chip?: ChipName;
  readonly firmware: FirmwareSet;
  readonly job: FlashJob;
}

interface Wish extends Pick<BoardPlan, "board" | "chip"> {
  readonly items: readonly FirmwareItem[];
}

/** What is to be fetched, the particular before the general. */
export function firmwareWishes(inputs: Inputs): readonly Wish[] {
  const { firmwareMap, firmwareUrl, sha256, offset, files, chip } = inputs;
  const mapped = firmwareMap.map(({ board, item }) => ({ board, items: [item] }));
  if (firmwareUrl !== undefined) {
    const place = offset === undefined ? undefined : { kind: "offset" as const, offset };
    return [...mapped, { items: [{ location: firmwareUrl, sha256, place }] }];
  }
  if (files.length === 0) return mapped;
  const named = [...new Set(files.flatMap((line) => line.chip ?? []))];
  if (named.length === 0) return [...mapped, { items: files }];
  const linesFor = (one: ChipName): readonly FirmwareItem[] =>
    files.filter((line) => line.chip === undefined || line.chip === one);
  // A job that names its chip refuses any other by itself.
  if (chip !== "auto") return [...mapped, { items: linesFor(chip) }];
  return [...mapped, ...named.map((one) => ({ chip: one, items: linesFor(one) }))];
}

/**
 * Gets all firmware of the step, checks and plans it. What several boards shall hold is fetched once. `onFirmware` hears of
 * firmware that all boards shall hold, before it is planned.
 */
export async function makePlans(
  inputs: Inputs,
  surroundings: Surroundings,
  onFirmware: (firmware: FirmwareSet) => void,
): Promise<readonly BoardPlan[]> {
  const plans: BoardPlan[] = [];
  const byItems = new Map<string, BoardPlan>();
  const wishes = firmwareWishes(inputs);
  for (const { items, ...fit } of wishes) {
    const key = JSON.stringify([items, fit.chip]);
    let known = byItems.get(key);
    if (known === undefined) {
      const forChip = fit.chip === undefined ? inputs : { ...inputs, chip: fit.chip };
      const firmware = await getFirmware(forChip, items, surroundings);
      if (wishes.length === 1) onFirmware(firmware);
      known = { firmware, job: planJob(forChip, firmware) };
    }
    byItems.set(key, known);
    plans.push({ ...known, ...fit });
  }
  return plans;
}

async function getFirmware(
  inputs: Inputs,
  items: readonly FirmwareItem[],
  { host, clock, signal, reporter }: Surroundings,
): Promise<FirmwareSet> {
  const say = (level: "info" | "warning", text: string): void => reporter.listener({ kind: "message", level, text });
  const firmware = await resolveFirmware(
    {
      input: inputs.files.some((line) => items.includes(line)) ? "files" : "firmware-url",
      items,
      chip: inputs.chip === "auto" ? undefined : inputs.chip,
      workspace: host.env.GITHUB_WORKSPACE ?? host.cwd(),
      github: { apiUrl: githubApiUrl(host.env), token: inputs.token },
    },
    { clock, signal, onMessage: say },
  );
  const remark = encryptionRemark(firmware);
  if (remark !== undefined) say("warning", remark);
  return firmware;
}

function planJob(inputs: Inputs, firmware: FirmwareSet): FlashJob {
  const job = planFlash(planRequest(inputs, firmware));
  for (const image of [...job.images, ...job.unplaced]) {
    const place = "offset" in image ? hex32(image.offset) : `the partition ${image.partition}`;
    info(plainLine(`${image.name}: ${formatBytes(image.bytes.length)} for ${place}, SHA-256 ${image.sha256}`));
  }
  return job;
}
