import { layoutError, parseAddress } from "./layout.js";
import type { Layout, LayoutPart, LayoutSource } from "./layout.js";
import type { FirmwareSettings } from "./part.js";

type Setting = keyof FirmwareSettings;

/** Options of esptool's write-flash that have a value: what they set. Both spellings, and the old short ones. */
const settingOptions: Readonly<Record<string, Setting>> = {
  "--flash-mode": "mode",
  "--flash-freq": "frequency",
  "--flash-size": "size",
  "-fm": "mode",
  "-ff": "frequency",
  "-fs": "size",
};

/** Options that only say how esptool goes about it. */
const idleOptions = new Set(["--compress", "-z", "--no-compress", "-u", "--no-progress", "-p", "--verify"]);

/**
 * ESP-IDF's `flash_args`, the arguments of esptool's write-flash: options, then pairs of offset and file, in lines.
 * Throws `firmware/layout` with the line.
 */
export function parseFlashArgs(source: LayoutSource): Layout {
  const parts: LayoutPart[] = [];
  const settings: Partial<Record<Setting, string>> = {};
  let isAllEncrypted = false;
  let isEncrypted = false;

  const tokens = tokensOf(source);
  for (let index = 0; index < tokens.length; index++) {
    const { text, line, at } = tokens[index] ?? { text: "", line: 0, at: 0 };
    const next = (what: string): string => {
      index++;
      const value = tokens[index]?.text;
      if (value === undefined) throw layoutError(source.name, `ends in line ${line} where ${what} is missing`, at);
      return value;
    };
    const option = text.startsWith("--") ? text.replaceAll("_", "-") : text;
    const setting = Object.hasOwn(settingOptions, option) ? settingOptions[option] : undefined;
    const offset = parseAddress(text);
    if (setting !== undefined) settings[setting] = next("a value");
    else if (option === "--encrypt") isAllEncrypted = true;
    else if (option === "--encrypt-files") isEncrypted = true;
    else if (offset !== undefined) parts.push({ path: next("a file"), offset, encrypted: isEncrypted });
    else if (!idleOptions.has(option)) {
      throw layoutError(source.name, `has an unknown word in line ${line}: ${JSON.stringify(text)}`, at);
    }
  }
  return { parts: parts.map((part) => (isAllEncrypted ? { ...part, encrypted: true } : part)), settings };
}

interface Token {
  readonly text: string;
  readonly line: number;
  /** Characters before it. */
  readonly at: number;
}

/** Words between blanks; quotes keep blanks together. */
function tokensOf({ name, text }: LayoutSource): Token[] {
  let line = 1;
  return Array.from(text.matchAll(/\n|"[^"\n]*"|'[^'\n]*'|[^\s"']+|["']/g)).flatMap(({ 0: word, index: at }) => {
    if (word === '"' || word === "'") throw layoutError(name, `has an open quote in line ${line}`, at);
    if (word === "\n") {
      line++;
      return [];
    }
    return [{ text: /^["']/.test(word) ? word.slice(1, -1) : word, line, at }];
  });
}
