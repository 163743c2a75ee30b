import { resetAction } from "./reset.js";
import { runSubAction } from "./sub-action.js";

await runSubAction(resetAction);
