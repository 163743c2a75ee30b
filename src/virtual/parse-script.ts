import { readFileSync } from "node:fs";
import { FlashError } from "../base/errors.js";
import { ownPath } from "./own-path.js";
import type { AppScript, AppSelector, ScriptedBoots, Step } from "./script.js";
import { stepRow, steps } from "./script-steps.js";
import type { Token } from "./script-steps.js";

/** A text in quotes, a word, a comment, or the blank between them. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[^\s"#]+|#.*$|\s+/y;

/** A mistake, for whoever knows the line's number. */
class Mistake extends Error {}

interface AppDraft {
  readonly selector: AppSelector;
  quiet: boolean;
  readonly boots: { from: number; to: number; steps: Step[] }[];
  /** The last step of a boot ended it. */
  ended: boolean;
}

function tokens(line: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < line.length) {
    const at = TOKEN.lastIndex;
    const text = TOKEN.exec(line)?.[0];
    if (text === undefined) throw new Mistake(`the text that begins at column ${at + 1} has no end`);
    if (text.startsWith("#") || text.trim() === "") continue;
    if (!text.startsWith('"')) {
      found.push({ kind: "word", value: text });
      continue;
    }
    try {
      found.push({ kind: "text", value: JSON.parse(text) as string });
    } catch {
      throw new Mistake(`${text} is no text as JSON writes it (\\n, \\t, \\", \\\\, \\u001b)`);
    }
  }
  return found;
}

function readSelector(args: readonly Token[]): AppSelector {
  const [project, version, ...rest] = args.map(({ value }) => value);
  if (project === undefined || project === "" || rest.length > 0) {
    throw new Mistake("`app` takes a project and perhaps a version, each with * for any text, or elf:<hex digits>");
  }
  if (!project.startsWith("elf:")) return { project, version: version ?? "*" };
  const elf = project.slice("elf:".length).toLowerCase();
  if (version !== undefined || !/^[0-9a-f]{8,64}$/.test(elf)) {
    throw new Mistake("`app elf:` takes 8 to 64 hex digits of the ELF file's SHA-256, and nothing else");
  }
  return { elf };
}

function readBoots(args: readonly Token[], last: ScriptedBoots | undefined): AppDraft["boots"][number] {
  const match = args.length === 1 ? /^([1-9]\d{0,5})(?:(-)([1-9]\d{0,5})?)?$/.exec(args[0]?.value ?? "") : null;
  if (match === null) throw new Mistake("`boot` takes a number from 1, such as 3, 1-2, or 3- for all from there on");
  const from = Number(match[1]);
  const to = match[2] === undefined ? from : match[3] === undefined ? Infinity : Number(match[3]);
  if (to < from) throw new Mistake(`boot ${from} comes before boot ${to}`);
  if (last !== undefined && from <= last.to) throw new Mistake(`the boots before this line go on up to ${last.to}`);
  return { from, to, steps: [] };
}

function readStep([word, ...args]: readonly Token[]): { readonly step: Step; readonly ends: boolean } {
  const row = word?.kind === "word" ? stepRow(word.value) : undefined;
  if (row === undefined) {
    throw new Mistake(`there is no "${word?.value ?? ""}"; known: app, quiet, boot, ${Object.keys(steps).join(", ")}`);
  }
  const step = row.read(args);
  if (step === undefined) throw new Mistake(`\`${word?.value ?? ""}\` takes ${row.takes || "nothing"}`);
  return { step, ends: row.ends === true };
}

function readLine(apps: AppDraft[], line: readonly Token[], hasOwnUsb: boolean): void {
  const [first, ...args] = line;
  if (first === undefined) return;
  if (first.value === "app" && first.kind === "word") {
    apps.push({ selector: readSelector(args), quiet: false, boots: [], ended: false });
    return;
  }
  const app = apps.at(-1);
  if (app === undefined) throw new Mistake("`app` comes first, such as `app *`");
  if (first.value === "quiet" && first.kind === "word") {
    if (args.length > 0 || app.boots.length > 0) throw new Mistake("`quiet` stands alone, right behind `app`");
    app.quiet = true;
  } else if (first.value === "boot" && first.kind === "word") {
    app.boots.push(readBoots(args, app.boots.at(-1)));
    app.ended = false;
  } else {
    const { step, ends } = readStep(line);
    if (app.ended) throw new Mistake("the step before ends this boot");
    const needsUsb = step.kind === "usb-leave" || (step.kind === "on" && step.step.kind === "usb-leave");
    if (needsUsb && !hasOwnUsb) throw new Mistake("`usb-leave` needs the chip's own USB port: usb=jtag or usb=otg");
    if (app.boots.length === 0) app.boots.push({ from: 1, to: Infinity, steps: [] });
    app.boots.at(-1)?.steps.push(step);
    app.ended = ends;
  }
}

/**
 * Reads what apps do, line by line. Throws `input/invalid` with the file's name and the line's number for anything that
 * is not in the tables, or can never happen.
 */
export function parseScript(text: string, file: string, hasOwnUsb: boolean): readonly AppScript[] {
  const apps: AppDraft[] = [];
  // Some editors begin a file with a byte order mark.
  for (const [index, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    try {
      readLine(apps, tokens(line), hasOwnUsb);
    } catch (thrown) {
      if (!(thrown instanceof Mistake)) throw thrown;
      const message = `port: ${file}, line ${index + 1}: ${thrown.message}.`;
      throw new FlashError("input/invalid", message, { input: "port", file, line: index + 1 });
    }
  }
  return apps.map(({ selector, quiet, boots }) => ({ selector, quiet, boots }));
}

/** Reads a board's script. Throws `input/invalid` as `parseScript`, and where the file cannot be read. */
export function readScript(file: string, hasOwnUsb: boolean): readonly AppScript[] {
  let text: string;
  try {
    text = readFileSync(ownPath(file), "utf8");
  } catch (thrown) {
    const message = `port: the script ${file} cannot be read: ${String(thrown)}`;
    throw new FlashError("input/invalid", message, { input: "port", file }, thrown);
  }
  return parseScript(text, file, hasOwnUsb);
}
