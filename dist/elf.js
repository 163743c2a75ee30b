export { n as looksLikeElf } from "./elf2.js";
