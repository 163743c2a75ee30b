export { Jt as looksLikeElf } from "./step.js";
