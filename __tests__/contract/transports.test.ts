import { systemClock } from "../../src/base/clock.js";
import { openTransport } from "../../src/open-transport.js";
import type { Transport } from "../../src/transport/transport.js";
import { startPtyPeer, whyNoPty } from "../support/pty-peer.js";
import { startTcpPeer } from "../support/tcp-peer.js";
import { describeTransport } from "./transport-contract.js";

const open = (port: string): Promise<Transport> =>
  openTransport(port, { clock: systemClock, signal: new AbortController().signal });

describeTransport("raw TCP", { startPeer: () => startTcpPeer(), open });

const noPty = whyNoPty();
if (noPty) test.skip(`serial port (${noPty})`, () => undefined);
else describeTransport("serial port", { startPeer: () => startPtyPeer(), open });
