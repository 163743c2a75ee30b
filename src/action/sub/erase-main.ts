import { eraseAction } from "./erase.js";
import { runSubAction } from "./sub-action.js";

await runSubAction(eraseAction);
