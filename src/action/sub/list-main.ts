import { listAction } from "./list.js";
import { runSubAction } from "./sub-action.js";

await runSubAction(listAction);
