import type { AppIdentity } from "./app-start.js";
import type { ResetCause } from "./boot-log.js";

/** One thing that a scripted app does. */
export type Step =
  | { readonly kind: "write"; readonly text: string }
  | { readonly kind: "noise"; readonly lengthBytes: number }
  | { readonly kind: "baud"; readonly baud: number }
  | { readonly kind: "wait"; readonly durationMs: number }
  | { readonly kind: "reset"; readonly cause: ResetCause }
  /** Without a reason: what the chip says of a read at address 0. */
  | { readonly kind: "panic"; readonly reason?: string }
  | { readonly kind: "abort" }
  | { readonly kind: "brownout" }
  | { readonly kind: "hang" }
  | { readonly kind: "sleep"; readonly durationMs: number }
  | { readonly kind: "usb-leave"; readonly durationMs: number }
  | { readonly kind: "echo" }
  | { readonly kind: "on"; readonly line: string; readonly step: Step };

/** What an app does in some of its boots, counted from 1. */
export interface ScriptedBoots {
  readonly from: number;
  readonly to: number;
  readonly steps: readonly Step[];
}

/** Which app is meant. Project and version may have `*` for any text. */
export type AppSelector =
  | { readonly project: string; readonly version: string }
  | { /** How the digest begins, in hex. */ readonly elf: string };

/** What one app does. */
export interface AppScript {
  readonly selector: AppSelector;
  /** The app prints no start lines. */
  readonly quiet: boolean;
  readonly boots: readonly ScriptedBoots[];
}

function matches(pattern: string, text: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(text);
}

/** The script of the app that is in the flash: the first one that fits. */
export function scriptFor(scripts: readonly AppScript[], identity: AppIdentity | undefined): AppScript | undefined {
  const { project = "", version = "", elfSha256 = "" } = identity ?? {};
  return scripts.find(({ selector }) =>
    "elf" in selector
      ? elfSha256.startsWith(selector.elf)
      : matches(selector.project, project) && matches(selector.version, version),
  );
}

/** What the app does in its boot of this number; nothing where the script leaves that open. */
export function stepsOf(script: AppScript | undefined, boot: number): readonly Step[] {
  return script?.boots.find(({ from, to }) => boot >= from && boot <= to)?.steps ?? [];
}
