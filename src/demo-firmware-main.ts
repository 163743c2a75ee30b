import { writeFileSync } from "node:fs";
import { esp32 } from "./chips/esp32.js";
import { buildDemoFirmware } from "./image/demo-firmware.js";

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error("usage: node demo-firmware.js <file to write>");
  process.exitCode = 1;
} else {
  writeFileSync(file, buildDemoFirmware(esp32));
}
