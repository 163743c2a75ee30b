export { n as makePlans } from "./step.js";
