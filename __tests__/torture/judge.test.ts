import { claimBoard } from "../../src/action/claim-board.js";
import { FlashError } from "../../src/base/errors.js";
import { flashDevice } from "../../src/flash/flash-device.js";
import type { FlashResult } from "../../src/flash/job.js";
import { runCampaign } from "../../scripts/torture/campaign.js";
import type { Subject } from "../../scripts/torture/run-job.js";
import type { RunRequest } from "../../scripts/torture/run-one.js";
import type { Concern } from "../../scripts/torture/violation.js";

const calm: RunRequest = {
  kind: "none",
  lockTrouble: "none",
  chip: "esp32c3",
  seed: 7,
  sizes: [5000],
  content: "other",
};

/** A part of the action that does wrong, under which fault that shows, and what the campaign has to call it. */
interface Sabotage {
  readonly what: string;
  readonly request?: Partial<RunRequest>;
  readonly flash?: Subject["flash"];
  readonly claim?: Subject["claim"];
  readonly concern: Concern;
}

const sabotages: readonly Sabotage[] = [
  {
    what: "a success without the last MD5",
    request: { kind: "sector-stuck" },
    flash: (transport, job, deps) =>
      flashDevice(transport, job, deps).catch((error: unknown) => {
        if (error instanceof FlashError && error.code === "verify/mismatch") return { verified: true } as FlashResult;
        throw error;
      }),
    concern: "false success",
  },
  {
    what: "a success that was not verified",
    flash: async (...given) => ({ ...(await flashDevice(...given)), verified: false }),
    concern: "false success",
  },
  {
    what: "DTR left asserted",
    async flash(transport, ...given) {
      const result = await flashDevice(transport, ...given);
      await transport.setSignals({ dtr: true, rts: false });
      return result;
    },
    concern: "lines or port",
  },
  {
    what: "an error without a code",
    flash: () => Promise.reject(new TypeError("undefined is not a function")),
    concern: "no code",
  },
  {
    what: "a wait that nothing ends",
    flash: (_transport, _job, { clock }) =>
      new Promise(
        (_resolve, reject) => void clock.schedule(700_000, () => reject(new FlashError("device/timeout", ""))),
      ),
    concern: "over time",
  },
  {
    what: "a subscription that is left",
    flash(transport, ...given) {
      transport.subscribe({ data: () => undefined, closed: () => undefined });
      return flashDevice(transport, ...given);
    },
    concern: "leak",
  },
  {
    what: "a timer that is left",
    flash(transport, job, deps) {
      deps.clock.schedule(3_600_000, () => undefined);
      return flashDevice(transport, job, deps);
    },
    concern: "leak",
  },
  {
    what: "a lock that is not given back",
    claim: async (...given) => ({ ...(await claimBoard(...given)), release: () => undefined }),
    concern: "lock",
  },
  {
    what: "a board that is taken without its lock",
    request: { lockTrouble: "poisoned note" },
    claim: (wish, surroundings) => claimBoard({ ...wish, lock: "off" }, surroundings),
    concern: "lock",
  },
];

test.each(sabotages)("the campaign notices $what", async ({ request, flash, claim, concern }) => {
  const subject: Subject = { flash: flash ?? flashDevice, claim: claim ?? claimBoard };
  const { records } = await runCampaign([{ ...calm, ...request }], { subject });
  expect(records.flatMap(({ violations }) => violations.map((violation) => violation.concern))).toContain(concern);
});
