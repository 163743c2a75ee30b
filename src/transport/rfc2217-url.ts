import { FlashError } from "../base/errors.js";
import { splitAddress } from "./tcp-url.js";
import type { TcpAddress } from "./tcp-url.js";

/** Where an RFC 2217 server is, and how long it may take to connect and agree. */
export interface Rfc2217Address extends TcpAddress {
  readonly timeoutMs: number;
}

const DEFAULT_TIMEOUT_S = 10;

/**
 * Reads `rfc2217://host:port`, with the options that pyserial's URLs have and that mean something here: `timeout` in
 * seconds, and `ign_set_control`, which changes nothing, because no answer to a line is ever waited for.
 * Throws `input/invalid`.
 */
export function parseRfc2217Url(url: string): Rfc2217Address {
  const parts = splitAddress(url);
  if (parts === undefined) {
    throw invalid(
      "is no address: use rfc2217://host:port with a port from 1 to 65535, such as rfc2217://10.0.0.7:4000 or rfc2217://[::1]:4000",
    );
  }
  const options = parts.query === "" ? [] : parts.query.split("&");
  let timeoutS: number | undefined;
  let ignoresControl = false;
  for (const option of options) {
    const seconds = /^timeout=([1-9]\d?)$/.exec(option)?.[1];
    if (seconds !== undefined && timeoutS === undefined) timeoutS = Number(seconds);
    else if (option === "ign_set_control" && !ignoresControl) ignoresControl = true;
    else
      throw invalid(
        "has an option that it does not take: use timeout=<1 to 99 seconds> and ign_set_control, each once",
      );
  }
  return { ...parts.address, timeoutMs: (timeoutS ?? DEFAULT_TIMEOUT_S) * 1000 };
}

function invalid(problem: string): FlashError {
  return new FlashError("input/invalid", `\`port\` begins with rfc2217:// but ${problem}`, { input: "port" });
}
