/** Writes a file of bytes that deflate as firmware does: `made-bytes <file> <MiB>`. */
import { writeFileSync } from "node:fs";
import { pseudoCode } from "../../src/image/pseudo-code.js";

const [file = "", mebibytes = "1"] = process.argv.slice(2);
writeFileSync(file, pseudoCode(Number(mebibytes) * 0x100000, Number(mebibytes)));
