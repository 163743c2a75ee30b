/** The page that `npm run bench` writes. */

/**
 * @typedef {import("./modelled.js").Row} Row
 * @typedef {object} Processes
 * @property {string} node
 * @property {number} cores
 * @property {string} priority How they were run.
 * @property {import("./processes.mjs").StartRow[]} starts
 * @property {import("./processes.mjs").StepRow[]} steps The boards in other processes.
 * @property {import("./processes.mjs").StepRow[]} within The board in the action's own.
 * @property {import("./processes.mjs").BoardsRow[]} boards
 * @property {import("./processes.mjs").SizeRow[]} sizes
 */

/** Chip erase of the board that the project began with: 9.4 s for 4 MiB. */
const CHIP_ERASE_MS = 9400;

/** @param {number} ms */
const seconds = (ms) => (ms / 1000).toFixed(2);
/** @param {readonly (string | number)[]} cells */
const line = (cells) => `| ${cells.join(" | ")} |`;
/** @param {readonly string[]} head @param {readonly (readonly (string | number)[])[]} rows */
const table = (head, rows) => [line(head), line([":-", ...head.slice(1).map(() => "-:")]), ...rows.map(line)];

/** @param {Row} row */
function modelledCells(row) {
  const { name, baud, bytesSent, totalMs, limitMs, writeMs, phases } = row;
  const start = ["connect", "identify", "stub", "baud"].reduce((sum, phase) => sum + (phases[phase] ?? 0), 0);
  const { compare = 0, erase = 0, verify = 0 } = phases;
  const times = [totalMs, limitMs, totalMs - limitMs, start, compare, erase, writeMs, verify].map(seconds);
  return [name, baud, bytesSent.toLocaleString("en-US"), ...times];
}

/** @param {Row[]} rows */
function chart(rows) {
  const names = rows.map(({ name }) => JSON.stringify(name.replaceAll("`", "")));
  const longest = Math.ceil(Math.max(...rows.map(({ totalMs }) => totalMs)) / 1000);
  return [
    "```mermaid",
    "xychart-beta horizontal",
    `  x-axis [${names.join(", ")}]`,
    `  y-axis "seconds: whole job, and in front of it the limit" 0 --> ${longest}`,
    `  bar [${rows.map(({ totalMs }) => seconds(totalMs)).join(", ")}]`,
    `  bar [${rows.map(({ limitMs }) => seconds(limitMs)).join(", ")}]`,
    "```",
  ];
}

/** @param {Row[]} rows */
function comparisons(rows) {
  /** @param {string} name */
  const msOf = (name) => rows.find((row) => row.name === name)?.totalMs ?? Number.NaN;
  const blank = msOf("blank board, 921600 baud");
  const plain = CHIP_ERASE_MS + blank;
  /** @param {string} name */
  const less = (name) => `${(100 * (1 - msOf(name) / plain)).toFixed(1)} %`;
  return [
    `Every sector changed takes ${(100 * (msOf("every sector changed") / blank - 1)).toFixed(1)} % more than a blank board; one`,
    `sector changed ${seconds(msOf("one sector changed") - msOf("nothing changed"))} s more than none. Against a chip erase of`,
    `${seconds(CHIP_ERASE_MS)} s and the write of a blank board, \`erase: all\` takes ${less("`erase: all`, other firmware and NVS before")} less`,
    `where other firmware and NVS were before, ${less("`erase: all`, every sector dirty")} less where every sector is dirty. Noise above`,
    `460800 baud costs ${seconds(msOf("bridge with noise above 460800 baud") - msOf("blank board, 460800 baud"))} s once.`,
  ];
}

/** @param {string} what @param {import("./processes.mjs").StepRow[]} rows */
const stepTable = (what, rows) =>
  table(
    [what, "Seconds", "Above the wire's limit", "Write phase", "of the limit", "CPU seconds", "Peak MiB"],
    rows.map(({ name, ms, cpuMs, peakMib, limitMs, writeMs }) => [
      name,
      seconds(ms),
      limitMs === undefined ? "" : seconds(ms - limitMs),
      writeMs === undefined ? "" : seconds(writeMs),
      limitMs === undefined || writeMs === undefined ? "" : (writeMs / limitMs).toFixed(3),
      seconds(cpuMs),
      peakMib.toFixed(0),
    ]),
  );

/** @param {Processes} processes */
function processPart({ node, cores, priority, starts, steps, within, boards, sizes }) {
  return [
    "## The whole process, in real time",
    "",
    `The built action as a runner starts it (Node ${node}), its boards in other processes over RFC 2217, at the pace of`,
    "the same model. The way from process to process adds to it, about a millisecond a block, and so does what else the machine does: these",
    `rows were taken ${priority} on ${cores} cores.`,
    "",
    ...stepTable("Step", steps),
    "",
    "Without that way, as a board at a serial port of the runner has none:",
    "",
    ...stepTable("The board in the action's own process", within),
    "",
    ...table(
      ["Process start, medians in ms", "to the first line of the log", "to the first change of a line"],
      starts.map((row) => [`Node ${row.node}`, row.firstLineMs.toFixed(0), row.firstChangeMs.toFixed(0)]),
    ),
    "",
    ...table(
      [
        "Blank boards at 921600 baud in one step",
        "Seconds",
        "CPU ms per board and second",
        "Peak MiB",
        ...(boards[0]?.largePeakMib ?? []).map((large) => `with 4 MiB each, Node ${large.node}`),
      ],
      boards.map((row) => [
        row.boards,
        seconds(row.ms),
        row.cpuMsPerBoardAndSecond.toFixed(0),
        row.peakMib.toFixed(0),
        ...row.largePeakMib.map((large) => large.peakMib.toFixed(0)),
      ]),
    ),
    "",
    "Boards that answer at once show what an image takes of the machine:",
    "",
    ...table(
      ["Image in MiB", "CPU seconds", "Peak MiB"],
      sizes.map(({ mebibytes, cpuMs, peakMib }) => [mebibytes, seconds(cpuMs), peakMib.toFixed(0)]),
    ),
    "",
  ];
}

/** @param {string} what What is flashed. @param {Row[]} rows @param {Processes} processes */
export function markdown(what, rows, processes) {
  const head = ["Case", "Baud", "Bytes sent", "Job", "Limit", "Above it"];
  const phases = ["Start", "Compare", "Erase", "Write", "Verify"];
  const usual = rows.filter(({ name }) => !/MiB|115200/.test(name));
  return [
    "# Benchmarks",
    "",
    "**All of this is simulated.** The boards are virtual ones, and their times are those of `src/virtual/timing.ts`:",
    "assumptions and figures of data sheets, not measurements of a board. `npm run bench` makes this page anew.",
    "",
    "## One job, in seconds of modelled time",
    "",
    `${what}, to 0x1000 of a flash of 4 MiB unless a case says otherwise. ESP32 unless it says otherwise. The limit is`,
    "what no engine can be faster than: the bytes that were sent at ten bits each, or the time that the flash is busy,",
    "whichever is more; where nothing or little is written, the chip's MD5 over what the job decides. _Start_ is reset,",
    "identification, stub and baud rate. Computing takes no modelled time.",
    "",
    ...table([...head, ...phases], rows.map(modelledCells)),
    "",
    ...comparisons(rows),
    "",
    ...chart(usual),
    "",
    ...processPart(processes),
  ].join("\n");
}
