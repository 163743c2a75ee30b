export { Kt as looksLikeElf } from "./step.js";
