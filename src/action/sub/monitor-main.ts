import { monitorAction } from "./monitor.js";
import { runSubAction } from "./sub-action.js";

await runSubAction(monitorAction);
