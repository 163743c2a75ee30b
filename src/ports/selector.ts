import { FlashError } from "../base/errors.js";

/** What a line of the input `port` asks for. */
export type PortSelector =
  | { readonly kind: "path"; readonly path: string }
  /** `*` and `?` in the last part of a path. */
  | { readonly kind: "glob"; readonly folder: string; readonly pattern: RegExp; readonly text: string }
  | { readonly kind: "usb"; readonly vendorId: number; readonly productId: number }
  | { readonly kind: "serial"; readonly serial: string }
  | { readonly kind: "location"; readonly location: string; readonly interface?: string }
  /** Lower case, colons. */
  | { readonly kind: "mac"; readonly mac: string }
  | { readonly kind: "auto" };

interface SelectorKind {
  readonly form: string;
  /** `undefined` when the text behind the colon is not of this form. */
  parse(value: string): PortSelector | undefined;
}

/** Selectors by the word before the colon. A new one is a row here and one in `select.ts`. */
const selectorKinds: Readonly<Record<string, SelectorKind>> = {
  "usb:": {
    form: "usb:10c4:ea60 (vendor and product in hex)",
    parse(value) {
      const [, vendor, product] = /^([0-9a-f]{4}):([0-9a-f]{4})$/i.exec(value) ?? [];
      if (vendor === undefined || product === undefined) return undefined;
      return { kind: "usb", vendorId: Number.parseInt(vendor, 16), productId: Number.parseInt(product, 16) };
    },
  },
  "serial:": {
    form: "serial:0001 (the USB serial number)",
    parse: (value) => (/^[^\p{Cc}]+$/u.test(value) ? { kind: "serial", serial: value } : undefined),
  },
  "location:": {
    form: "location:1-1.2 (bus and hub ports; with two ports on one device location:1-1.2:1.0)",
    parse(value) {
      const [, location, usbInterface] = LOCATION.exec(value) ?? [];
      if (location === undefined) return undefined;
      return { kind: "location", location, ...(usbInterface && { interface: usbInterface }) };
    },
  },
  "mac:": {
    form: "mac:4c:11:ae:b9:90:54",
    parse: (value) =>
      /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(value) ? { kind: "mac", mac: value.toLowerCase() } : undefined,
  },
};

/** As Linux names USB places, with an interface or without; or as Windows (`Port_#0002.Hub_#0003`) and macOS (hex) do. */
const LOCATION = /^(\d+-\d+(?:\.\d+)*|Port_#\d+\.Hub_#\d+|(?:0x)?[0-9a-f]{6,8})(?::(\d+\.\d+))?$/i;

/**
 * Reads a line of the input `port`. `undefined` for what is no port of this machine, such as `tcp://…` or `virtual:…`.
 * Throws `input/invalid`.
 */
export function parsePortSelector(text: string): PortSelector | undefined {
  if (text === "auto") return { kind: "auto" };
  // A single letter before the colon would be a drive of Windows.
  const scheme = /^[a-z][a-z0-9+.-]+:/i.exec(text)?.[0].toLowerCase();
  if (scheme === undefined) return parsePath(text);
  const kind = selectorKinds[scheme];
  if (kind === undefined) return undefined;
  const selector = kind.parse(text.slice(scheme.length));
  if (selector) return selector;
  throw invalid(`${JSON.stringify(text)} is not of the form ${kind.form}`);
}

function parsePath(text: string): PortSelector {
  const windowsName = /^(?:\\\\\.\\)?(COM[\d*?]+)$/i.exec(text)?.[1];
  if (windowsName !== undefined && process.platform === "win32") return pathOrGlob("", windowsName.toUpperCase(), text);
  const at = text.lastIndexOf("/");
  const [folder, name] = [text.slice(0, at + 1), text.slice(at + 1)];
  if (!folder.startsWith("/") || /\p{Cc}/u.test(text)) {
    const forms = Object.values(selectorKinds).map(({ form }) => form);
    const example = process.platform === "win32" ? "COM3" : "/dev/ttyUSB0";
    throw invalid(`${JSON.stringify(text)} is none of ${example}, ${forms.join(", ")}, auto, tcp://…, rfc2217://…`);
  }
  if (/[*?]/.test(folder)) throw invalid(`${text} has * or ? before its last /, where they are not taken`);
  if (/[[\]{}]/.test(text)) throw invalid(`${text} has brackets: only * and ? are wildcards`);
  return pathOrGlob(folder, name, text);
}

function pathOrGlob(folder: string, name: string, text: string): PortSelector {
  if (!/[*?]/.test(name)) return { kind: "path", path: folder + name };
  // No wildcard takes a dot at the start, as in a shell.
  const parts = Array.from(name, (character) => {
    if (character === "*") return ".*";
    return character === "?" ? "." : character.replace(/[\\^$.|+()]/, "\\$&");
  });
  return { kind: "glob", folder, pattern: new RegExp(`^(?!\\.)${parts.join("")}$`, "u"), text };
}

function invalid(problem: string): FlashError {
  return new FlashError("input/invalid", `\`port\`: ${problem}`, { input: "port" });
}
