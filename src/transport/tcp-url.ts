import { FlashError } from "../base/errors.js";

/** Where a TCP port is. */
export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

/** A URL of nothing but scheme, host, port and perhaps a query; `undefined` for any other. */
export function splitAddress(url: string): { readonly address: TcpAddress; readonly query: string } | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const port = Number(parsed?.port);
  const isPlain = parsed && !parsed.username && !parsed.password && !parsed.hash;
  if (!isPlain || !parsed.hostname || port < 1 || !["", "/"].includes(parsed.pathname)) return undefined;
  return { address: { host: parsed.hostname.replace(/^\[(.*)\]$/, "$1"), port }, query: parsed.search.slice(1) };
}

/** Host and port of `tcp://host:port` or `tcp://[::1]:port`. Throws `input/invalid`. */
export function parseTcpUrl(url: string): TcpAddress {
  const parts = splitAddress(url);
  if (parts?.query === "") return parts.address;
  throw new FlashError(
    "input/invalid",
    "`port` begins with tcp:// but is no address: use tcp://host:port with a port from 1 to 65535, such as tcp://10.0.0.7:5000 or tcp://[::1]:5000",
    { input: "port" },
  );
}
