import type { AppStart } from "./app-start.js";
import { hex } from "./boot-log.js";
import { lines } from "./boot-output.js";
import type { Silicon } from "./silicon.js";

/** Values for registers that nobody looks at. */
const STATUS = 0x00060e30;
/** Where two return addresses lie behind the entry: the app's code is not executed, so these stand for any. */
const CALLS = [0x3, 0x1c];
const FRAME_BYTES = 0x20;

/** Text of a processor that stopped: registers and the way there. Addresses lie behind the app's entry. */
function dump({ cpu, ramRanges }: Silicon, { image, identity }: AppStart): readonly string[] {
  const stack = (ramRanges[0]?.start ?? 0) + 0x1000;
  const [pc = 0, caller = 0] = CALLS.map((offset) => image.entry + offset);
  const digest = ["", `ELF file SHA256: ${(identity?.elfSha256 ?? "").slice(0, 9)}`, "", "Rebooting..."];
  const head = ["", "Core  0 register dump:"];
  if (cpu === "riscv") {
    return [
      ...head,
      `MEPC    : ${hex(pc, 8)}  RA      : ${hex(caller, 8)}  SP      : ${hex(stack, 8)}  GP      : ${hex(stack, 8)}  `,
      "",
      "Stack memory:",
      `${hex(stack, 8).slice(2)}: ${[pc, caller, 0, 0].map((word) => hex(word, 8)).join(" ")}`,
      ...digest,
    ];
  }
  return [
    ...head,
    `PC      : ${hex(pc, 8)}  PS      : ${hex(STATUS, 8)}  A0      : ${hex(caller, 8)}  A1      : ${hex(stack, 8)}  `,
    "",
    `Backtrace: ${hex(pc, 8)}:${hex(stack, 8)} ${hex(caller, 8)}:${hex(stack + FRAME_BYTES, 8)}`,
    ...digest,
  ];
}

/** A read at address 0, as each processor calls it. */
const READ_FAULTS = { xtensa: "LoadProhibited", riscv: "Load access fault" } as const;
/** ESP8266 (Espressif, "ESP8266 Fatal Exception"): cause 28 is the same. */
const ESP8266_PANIC = [
  "Fatal exception (28):",
  "epc1=0x40100010, epc2=0x00000000, epc3=0x00000000, excvaddr=0x00000000",
];

/** What ESP-IDF's panic handler prints (`esp_system/panic.c` at 1021229). */
export function panicText(silicon: Silicon, start: AppStart, reason: string | undefined): string {
  if (silicon.chipId === undefined) return lines(...ESP8266_PANIC);
  const name = reason ?? READ_FAULTS[silicon.cpu];
  const text = `Guru Meditation Error: Core  0 panic'ed (${name}). Exception was unhandled.`;
  return lines(text, ...dump(silicon, start));
}

/** What `abort()` prints before the same. */
export function abortText(silicon: Silicon, start: AppStart): string {
  const where = `abort() was called at PC ${hex(start.image.entry + (CALLS[0] ?? 0), 8)} on core 0`;
  return lines("", where, ...(silicon.chipId === undefined ? [] : dump(silicon, start)));
}

/** What ESP-IDF prints when its brownout detector interrupts it (`esp_hw_support/power_supply/brownout.c`). */
export const brownoutText = lines("", "Brownout detector was triggered", "");
