import { infoAction } from "./info.js";
import { runSubAction } from "./sub-action.js";

await runSubAction(infoAction);
