export { f as flashStep } from "./step.js";
