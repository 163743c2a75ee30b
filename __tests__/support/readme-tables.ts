import { errorCatalogue } from "../../src/base/error-catalogue.js";
import { bootVerdicts, verdictTable } from "../../src/monitor/report.js";
import type { BootVerdict } from "../../src/monitor/report.js";
import { boardSettings } from "../../src/virtual/board-options.js";
import { faultTable } from "../../src/virtual/faults.js";
import { steps } from "../../src/virtual/script-steps.js";
import { readActionYml, subFolders } from "./action-yml.js";

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function inputTable(): string {
  const rows = Object.entries(readActionYml().inputs).map(([name, input]) => {
    const fallback = input.default === undefined || input.default === "" ? "" : `\`${input.default}\``;
    return [`\`${name}\``, input.required === true ? "required" : fallback, input.description];
  });
  return table(["Input", "Default", "What it is"], rows);
}

function outputTable(): string {
  const rows = Object.entries(readActionYml().outputs).map(([name, output]) => [`\`${name}\``, output.description]);
  return table(["Output", "What it is"], rows);
}

/** Inputs that the main action has as well are described there. */
function subActionTable(): string {
  const ours = Object.keys(readActionYml().inputs);
  const names = (all: readonly string[]): string => all.map((name) => `\`${name}\``).join(", ");
  const rows = subFolders.map((folder) => {
    const { description, inputs, outputs } = readActionYml(folder);
    const own = Object.keys(inputs).filter((name) => !ours.includes(name));
    return [`\`${folder}\``, description, names(own), names(Object.keys(outputs))];
  });
  return table(["Action", "What it does", "Inputs of its own", "Outputs"], rows);
}

function errorTable(): string {
  const rows = Object.entries(errorCatalogue).map(([code, { meaning, hint }]) => [`\`${code}\``, meaning, hint]);
  return table(["Code", "What happened", "The way out"], rows);
}

const ifExpected: Partial<Record<BootVerdict, string>> = {
  running: "goes on; fails with `boot/expect` if a line of `expect` did not come",
  silent: "warns; fails with `boot/silent` if something was expected",
};

function verdictRows(): string {
  const rows = bootVerdicts.map((verdict) => {
    const { meaning, code } = verdictTable[verdict];
    return [`\`${verdict}\``, meaning, ifExpected[verdict] ?? `fails with \`${code ?? ""}\``];
  });
  return table(["Verdict", "What was seen", "The step"], rows);
}

function boardTable(): string {
  const rows = Object.entries(boardSettings).map(([key, { accepts, meaning }]) => [`\`${key}\``, accepts, meaning]);
  return table(["Setting", "Takes", "What it is"], rows);
}

function faultsTable(): string {
  const rows = Object.entries(faultTable).map(([name, { number, meaning }]) => [
    `\`${number === "none" ? name : `${name}:<${number}>`}\``,
    meaning,
  ]);
  return table(["Fault", "What happens"], rows);
}

function stepsTable(): string {
  const rows = Object.entries(steps).map(([word, { takes, meaning }]) => [`\`${word}\``, takes, meaning]);
  return table(["Step", "Takes", "What the app does"], rows);
}

const TABLES = {
  inputs: inputTable,
  outputs: outputTable,
  "sub-actions": subActionTable,
  verdicts: verdictRows,
  errors: errorTable,
  board: boardTable,
  faults: faultsTable,
  steps: stepsTable,
};

/** The README with its tables as action.yml, the error catalogue and the virtual board have them. */
export function withTables(readme: string): string {
  return Object.entries(TABLES).reduce((text, [name, make]) => {
    const [begin, end] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`];
    const from = text.indexOf(begin);
    const to = text.indexOf(end);
    if (from < 0 || to < from) throw new Error(`README.md has no place for the table of ${name}`);
    return `${text.slice(0, from)}${begin}\n${make()}\n${text.slice(to)}`;
  }, readme);
}
