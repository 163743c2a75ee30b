export { t as loadSymbols } from "./step.js";
