import { FlashError } from "../base/errors.js";
import { faultTable } from "./faults.js";
import type { Fault, FaultName } from "./faults.js";
import { securitySettings } from "./security.js";
import type { SecuritySetting } from "./security.js";
import { siliconNames, silicons } from "./silicon-table.js";
import type { SiliconName } from "./silicon-table.js";
import type { Silicon } from "./silicon.js";
import { timing as times } from "./timing.js";
import type { TimingMode } from "./timing.js";
import { formatMac, parseMac } from "./mac.js";

type UsbPort = "uart" | "jtag" | "otg";

/** A virtual board before it is switched on. */
export interface BoardOptions {
  readonly chip: SiliconName;
  /** major · 100 + minor; without it, what is usual of the chip. */
  readonly revision?: number;
  readonly security: readonly SecuritySetting[];
  /** Without it, what most boards with this chip have. */
  readonly crystalMhz?: number;
  /** What the host is plugged into: a bridge with its two transistors, or the chip's own USB port. */
  readonly usb: UsbPort;
  /** File that keeps the flash; without it the flash begins blank and ends with the process. */
  readonly flashFile?: string;
  /** File that counts what happens to the board. */
  readonly statsFile?: string;
  /** File that says what apps do; without it they start and are silent. */
  readonly scriptFile?: string;
  /** Without it: the size of the file, else 4 MB. */
  readonly flashSizeBytes?: number;
  /** Six bytes. */
  readonly mac: Uint8Array;
  readonly timing: TimingMode;
  readonly usbLatencyMs: number;
  /** Divides modelled times. */
  readonly speed: number;
  /** `download`: someone holds the BOOT button, for links without control lines. */
  readonly boot: "run" | "download";
  /** Whether the ROM names an invalid header; the recorded ROM did not, ROMs of boards do. */
  readonly invalidHeader: "silent" | "printed";
  /** Decides what noise, weak sectors and interrupted writes look like. */
  readonly seed: number;
  readonly faults: readonly Fault[];
}

export const defaultBoardOptions: BoardOptions = {
  chip: "esp32",
  security: [],
  usb: "uart",
  mac: Uint8Array.of(0x4c, 0x11, 0xae, 0xb9, 0x90, 0x54),
  timing: "none",
  usbLatencyMs: times.usbLatencyMs,
  speed: 1,
  boot: "run",
  invalidHeader: "silent",
  seed: 1,
  faults: [],
};

const FLASH_SIZES: Readonly<Record<string, number>> = {
  "1MB": 0x100000,
  "2MB": 2 * 0x100000,
  "4MB": 4 * 0x100000,
  "8MB": 8 * 0x100000,
  "16MB": 16 * 0x100000,
  "32MB": 32 * 0x100000,
};

/** One key of the URL: what it sets and accepts in words, and how it is read; `undefined` where it does not fit. */
interface OptionRow {
  readonly meaning: string;
  readonly accepts: string;
  readonly read: (value: string) => Partial<BoardOptions> | undefined;
}

function oneOf<Value extends string>(
  meaning: string,
  values: readonly Value[],
  use: (value: Value) => Partial<BoardOptions>,
): OptionRow {
  return {
    meaning,
    accepts: values.join(" or "),
    read: (text) => {
      const value = values.find((candidate) => candidate === text);
      return value === undefined ? undefined : use(value);
    },
  };
}

function wholeNumber(text: string, max: number): number | undefined {
  return /^\d{1,9}$/.test(text) && Number(text) <= max ? Number(text) : undefined;
}

function readFault(text: string): Fault | undefined {
  const [name = "", number, ...rest] = text.split(":");
  const row = Object.entries(faultTable).find(([key]) => key === name);
  if (row === undefined || rest.length > 0) return undefined;
  if (row[1].number === "none") return number === undefined ? { name: name as FaultName, number: 0 } : undefined;
  const value = wholeNumber(number ?? "1", 999_999_999);
  return value === undefined ? undefined : { name: name as FaultName, number: value };
}

function readSecurity(text: string): readonly SecuritySetting[] | undefined {
  const named = text.split(",").map((part) => securitySettings.find((setting) => setting === part));
  return named.some((setting) => setting === undefined) ? undefined : (named as SecuritySetting[]);
}

/** The settings of a virtual board, by key; the README's table is made from them. */
export const boardSettings: Readonly<Record<string, OptionRow>> = {
  flash: {
    meaning: "file that keeps the flash between steps; without it the board begins blank",
    accepts: "the path of a file",
    read: (path) => (path === "" ? undefined : { flashFile: path }),
  },
  stats: {
    meaning:
      "JSON file that counts power-ons, resets, entries into the loader, erased sectors and written bytes over all steps",
    accepts: "the path of a file",
    read: (path) => (path === "" ? undefined : { statsFile: path }),
  },
  script: {
    meaning: "file that says what the app does once it has started: see below",
    accepts: "the path of a file",
    read: (path) => (path === "" ? undefined : { scriptFile: path }),
  },
  "flash-size": oneOf("size of the flash", Object.keys(FLASH_SIZES), (size) => ({
    flashSizeBytes: FLASH_SIZES[size] ?? 0,
  })),
  mac: {
    meaning: "MAC of the board",
    accepts: `a MAC such as ${formatMac(defaultBoardOptions.mac)}`,
    read: (text) => {
      const mac = parseMac(text);
      return mac && { mac };
    },
  },
  revision: {
    meaning: "revision of the chip",
    accepts: "a revision such as 1.3",
    read: (text) => {
      const match = /^v?(\d)\.(\d{1,2})$/.exec(text);
      return match === null ? undefined : { revision: Number(match[1]) * 100 + Number(match[2]) };
    },
  },
  security: {
    meaning: "eFuses that are burnt, separated by commas; each chip knows its own",
    accepts: securitySettings.join(", "),
    read: (text) => {
      const security = readSecurity(text);
      return security && { security };
    },
  },
  crystal: oneOf("MHz of the crystal", ["26", "32", "40", "48"], (crystal) => ({ crystalMhz: Number(crystal) })),
  usb: oneOf("which port of the board the host is plugged into", ["uart", "jtag", "otg"], (usb) => ({ usb })),
  timing: oneOf(
    "whether wire, flash and resets take the time that they take on a board",
    ["none", "modelled"],
    (timing) => ({ timing }),
  ),
  "usb-latency-ms": oneOf("latency of the USB bridge, with `timing=modelled`", ["1", "16"], (value) => ({
    usbLatencyMs: Number(value),
  })),
  speed: {
    meaning: "divides the modelled times",
    accepts: "a number from 1 to 1000",
    read: (text) => {
      const speed = wholeNumber(text, 1000) ?? 0;
      return speed === 0 ? undefined : { speed };
    },
  },
  boot: oneOf("`download`: somebody holds the BOOT button", ["run", "download"], (boot) => ({ boot })),
  "invalid-header": oneOf("whether the ROM names a blank flash in its log", ["silent", "printed"], (invalidHeader) => ({
    invalidHeader,
  })),
  seed: {
    meaning: "decides what noise and weak sectors look like",
    accepts: "a whole number",
    read: (text) => {
      const seed = wholeNumber(text, 999_999_999);
      return seed === undefined ? undefined : { seed };
    },
  },
};

const invalid = (message: string, accepts: string): FlashError =>
  new FlashError("input/invalid", `port: ${message}; accepted: ${accepts}.`, { input: "port" });

/** Percent signs are decoded; a plus sign stays one, as paths may have it. */
function pairs(query: string): readonly (readonly [key: string, value: string])[] {
  if (query === "") return [];
  return query.split("&").map((pair) => {
    const [key = "", ...value] = pair.split("=");
    try {
      return [key, decodeURIComponent(value.join("="))];
    } catch {
      throw invalid(`"${pair}" is not percent-encoded text`, "key=value, with % written as %25");
    }
  });
}

function checkSilicon(options: BoardOptions): void {
  const silicon: Silicon = silicons[options.chip];
  const missing = options.security.find((setting) => !silicon.securitySettings.includes(setting));
  if (missing !== undefined) {
    throw invalid(`the ${silicon.label} has no setting "${missing}"`, silicon.securitySettings.join(", ") || "none");
  }
  if (options.crystalMhz !== undefined && !silicon.crystalsMhz.includes(options.crystalMhz)) {
    const message = `no ${silicon.label} has a crystal of ${options.crystalMhz} MHz`;
    throw invalid(message, silicon.crystalsMhz.join(", "));
  }
  const ports: readonly UsbPort[] = [
    "uart",
    ...(silicon.usb.serialJtag ? (["jtag"] as const) : []),
    ...(silicon.usb.otgProductId === undefined ? [] : (["otg"] as const)),
  ];
  if (!ports.includes(options.usb)) {
    throw invalid(`the ${silicon.label} has no USB port "${options.usb}"`, ports.join(", "));
  }
}

/**
 * Reads `virtual:<chip>?key=value&…`. `fault` may be given several times, every other key once. Throws `input/invalid`
 * for anything that it does not know.
 */
export function parseBoardOptions(url: string): BoardOptions {
  const match = /^virtual:([^?#]*)(?:\?([^#]*))?$/.exec(url);
  const chip = siliconNames.find((name) => name === match?.[1]);
  if (match === null || chip === undefined) {
    throw invalid(`there is no virtual board "${url}"`, siliconNames.map((name) => `virtual:${name}`).join(", "));
  }
  let options: BoardOptions = { ...defaultBoardOptions, chip };
  const seen = new Set<string>();
  for (const [key, value] of pairs(match[2] ?? "")) {
    if (key === "fault") {
      const fault = readFault(value);
      if (fault === undefined) {
        throw invalid(`there is no fault "${value}" of the virtual board`, Object.keys(faultTable).join(", "));
      }
      options = { ...options, faults: [...options.faults, fault] };
      continue;
    }
    const row = boardSettings[key];
    if (row === undefined) {
      throw invalid(`the virtual board has no setting "${key}"`, [...Object.keys(boardSettings), "fault"].join(", "));
    }
    if (seen.has(key)) throw invalid(`the setting "${key}" of the virtual board is given twice`, "each setting once");
    seen.add(key);
    const read = row.read(value);
    if (read === undefined) throw invalid(`"${value}" does not fit the setting "${key}"`, row.accepts);
    options = { ...options, ...read };
  }
  checkSilicon(options);
  return options;
}
