import { BlockList, isIPv6 } from "node:net";

/** A host that others do not reach, but this machine does: why nobody else may send us there. Undefined for any other. */
export function nearbyPlace(url: URL): "this machine" | "a link-local address" | undefined {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
  const family = isIPv6(host) ? "ipv6" : "ipv4";
  if (/^(.+\.)?localhost$/.test(host) || loopback.check(host, family)) return "this machine";
  return host === "metadata.google.internal" || linkLocal.check(host, family) ? "a link-local address" : undefined;
}

// RFC 6890: 0.0.0.0 and :: are this machine, too. An IPv4 address in an IPv6 one is found by its IPv4 range.
const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addSubnet("0.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");
loopback.addAddress("::", "ipv6");

// Where clouds hand out the credentials of their machines; fd00:ec2::254 is Amazon's place for it in IPv6.
const linkLocal = new BlockList();
linkLocal.addSubnet("169.254.0.0", 16, "ipv4");
linkLocal.addSubnet("fe80::", 10, "ipv6");
linkLocal.addAddress("fd00:ec2::254", "ipv6");
