import { FlashError } from "../base/errors.js";
import type { Clock } from "../base/clock.js";
import { openTransport } from "../open-transport.js";
import { discovery } from "../ports/discovery.js";
import { selectPort } from "../ports/select.js";
import { parsePortSelector } from "../ports/selector.js";
import type { Transport } from "../transport/transport.js";

/**
 * Opens the port that only the console of a board is at. It has no lock of its own: it belongs to the board that the step
 * has locked, and may be the second port of its USB device. Throws `port/…` and `input/invalid`.
 */
export async function openConsole(
  name: string,
  deps: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Transport> {
  const selector = parsePortSelector(name);
  if (selector === undefined) return openTransport(name, deps);
  const discover = discovery(async () => (await import("../transport/serial-list.js")).listSerialPorts());
  const found = await selectPort(selector, await discover());
  if (found.kind === "port") return openTransport(found.port.path, deps);
  throw new FlashError("input/invalid", "`console-port` cannot be found by its MAC; name its place.", {
    input: "console-port",
  });
}
