import { systemClock } from "../../src/base/clock.js";
import { openTransport } from "../../src/open-transport.js";
import type { Transport } from "../../src/transport/transport.js";
import { startPtyPeer, whyNoPty } from "../support/pty-peer.js";
import { startRfc2217Peer } from "../support/rfc2217-peer.js";
import { startSer2netPeer, whyNoSer2net } from "../support/ser2net-peer.js";
import { startTcpPeer } from "../support/tcp-peer.js";
import { describeTransport } from "./transport-contract.js";

const open = (port: string): Promise<Transport> =>
  openTransport(port, { clock: systemClock, signal: new AbortController().signal });

describeTransport("raw TCP", { startPeer: () => startTcpPeer(), open });
describeTransport("RFC 2217, the project's own server", { startPeer: () => startRfc2217Peer(), open });

const noSer2net = whyNoSer2net();
if (noSer2net) test.skip(`RFC 2217, ser2net (${noSer2net})`, () => undefined);
else describeTransport("RFC 2217, ser2net", { startPeer: () => startSer2netPeer(), open });

const noPty = whyNoPty();
if (noPty) test.skip(`serial port (${noPty})`, () => undefined);
else describeTransport("serial port", { startPeer: () => startPtyPeer(), open });
