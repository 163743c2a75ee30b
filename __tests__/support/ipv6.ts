import { networkInterfaces } from "node:os";

/** Many containers have no IPv6. */
export const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === "::1"),
);

/** The loopback's address, that of IPv6 where there is one, and how a URL has it. */
export const loopback = hasIpv6 ? { host: "::1", inUrl: "[::1]" } : { host: "127.0.0.1", inUrl: "127.0.0.1" };
