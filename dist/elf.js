export { Wt as looksLikeElf } from "./step.js";
