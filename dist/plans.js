export { r as makePlans } from "./step.js";
