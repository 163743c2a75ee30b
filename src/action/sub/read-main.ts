import { readAction } from "./read.js";
import { runSubAction } from "./sub-action.js";

await runSubAction(readAction);
