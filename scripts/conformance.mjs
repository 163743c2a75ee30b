/**
 * A real esptool flashes the virtual board, over RFC 2217, with its stub and without:
 * `npm run conformance -- <chip,chip…> <command that starts esptool…>`. Needs `npm run build`.
 */
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

const [chips = "", command = "", ...firstArguments] = process.argv.slice(2);
if (command === "") throw new Error("Usage: npm run conformance -- <chip,chip…> <command that starts esptool…>");

const OFFSET = "0x10000";
const LENGTH_BYTES = 0x10000;
const ESPTOOL_TIMEOUT_MS = 180_000;
const folder = mkdtempSync(path.join(tmpdir(), "conformance-"));
const wanted = path.join(folder, "wanted.bin");
const back = path.join(folder, "back.bin");
/** Half of it deflates well. */
const content = Buffer.concat([randomBytes(LENGTH_BYTES / 2), Buffer.alloc(LENGTH_BYTES / 2, "firmware ")]);
const blank = Buffer.alloc(LENGTH_BYTES, 0xff);
writeFileSync(wanted, content);

const read = ["--baud", "460800", "read_flash", OFFSET, String(LENGTH_BYTES), back];
/** What esptool is asked for, in this order, on one board, and what `back` holds then. */
const steps = [
  { name: "flash_id", asks: ["flash_id"] },
  { name: "write with the stub", asks: ["--baud", "460800", "write_flash", OFFSET, wanted] },
  { name: "verify", asks: ["--baud", "460800", "verify_flash", OFFSET, wanted] },
  { name: "read", asks: read, holds: content },
  { name: "erase a region", asks: ["erase_region", OFFSET, String(LENGTH_BYTES)] },
  { name: "read what was erased", asks: read, holds: blank },
  { name: "write without a stub", asks: ["--no-stub", "write_flash", OFFSET, wanted] },
  { name: "read that", asks: read, holds: content },
  { name: "erase all", asks: ["erase_flash"] },
  { name: "read after that", asks: read, holds: blank },
];

/** @param {string} chip @returns {Promise<string[]>} What failed. */
async function flash(chip) {
  const board = path.join(import.meta.dirname, "../dist/virtual-board.js");
  const server = spawn(process.execPath, [board, "--rfc2217", "0", "--board", `virtual:${chip}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    /** @type {unknown[]} */
    const lines = await once(createInterface(server.stdout), "line");
    const url = String(lines[0]).replace("RFC 2217: ", "");
    return steps.flatMap(({ name, asks, holds }) => {
      rmSync(back, { force: true });
      const { status, stdout } = spawnSync(command, [...firstArguments, "--chip", chip, "--port", url, ...asks], {
        encoding: "utf8",
        timeout: ESPTOOL_TIMEOUT_MS,
      });
      if (status !== 0) return [`${name}: ${stdout.trim().split("\n").at(-1) ?? ""}`];
      return holds !== undefined && !readFileSync(back).equals(holds) ? [`${name}: other bytes`] : [];
    });
  } finally {
    server.kill();
  }
}

let failed = 0;
try {
  for (const chip of chips.split(",")) {
    const failures = await flash(chip);
    failed += failures.length;
    process.stdout.write(`${chip}: ${failures.length === 0 ? `all ${steps.length} steps` : failures.join("; ")}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
