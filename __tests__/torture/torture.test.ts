import { kindNames, runCampaign, smallRuns } from "../../scripts/torture/campaign.js";
import type { RunRequest } from "../../scripts/torture/run-one.js";

/** Another seed than that of `npm run torture`, and images of some sectors only. */
const requests = smallRuns(kindNames.length, 20, kindNames, 9000);

/** What campaigns have found. */
const found: readonly (RunRequest & { readonly what: string })[] = [
  {
    what: "the link dies while EN is low for the last time",
    kind: "half-open",
    lockTrouble: "none",
    chip: "esp8266",
    seed: 2000427,
    sizes: [17648],
    content: "other",
  },
];

describe("a board under fault: what is reported is what the flash holds, nothing is left behind, a rerun mends it", () => {
  test.each(requests)("$kind on $chip", async (request) => {
    const { records } = await runCampaign([request]);
    expect(records.flatMap(({ violations }) => violations)).toEqual([]);
  });

  test.each(found)("$what", async (request) => {
    const { records } = await runCampaign([request]);
    expect(records.flatMap(({ violations }) => violations)).toEqual([]);
  });
});
