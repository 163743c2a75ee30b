export { E as looksLikeElf } from "./step.js";
