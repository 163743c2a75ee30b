export { t as flashStep } from "./step.js";
