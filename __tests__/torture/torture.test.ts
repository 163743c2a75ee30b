import { kindNames, runCampaign, smallRuns } from "../../scripts/torture/campaign.js";

/** Another seed than that of `npm run torture`, and images of some sectors only. */
const requests = smallRuns(kindNames.length, 20, kindNames, 9000);

describe("a board under fault: what is reported is what the flash holds, nothing is left behind, a rerun mends it", () => {
  test.each(requests)("$kind on $chip", async (request) => {
    const { records } = await runCampaign([request]);
    expect(records.flatMap(({ violations }) => violations)).toEqual([]);
  });
});
