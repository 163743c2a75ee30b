export { m as flashStep } from "./step.js";
