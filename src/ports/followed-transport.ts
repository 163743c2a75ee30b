import type { ControlLines, Transport, TransportListener } from "../transport/transport.js";

/** Opens the port at which the board is now. */
type OpenWhereItIs = () => Promise<Transport>;

/**
 * A transport whose `reopen` finds the board again, whatever its port is called by then: it closes the old port and takes
 * what `open` gives, at the rate set last and with the same listeners. What `open` throws.
 */
export async function followedTransport(open: OpenWhereItIs): Promise<Transport> {
  const listeners = new Set<TransportListener>();
  let baud: number | undefined;
  let inner = await openInner();

  async function openInner(): Promise<Transport> {
    const opened = await open();
    opened.subscribe({
      data: (bytes) => [...listeners].forEach((listener) => listener.data(bytes)),
      closed: (reason) => [...listeners].forEach((listener) => listener.closed(reason)),
    });
    return opened;
  }

  return {
    get name() {
      return inner.name;
    },
    get capabilities() {
      return inner.capabilities;
    },
    write: (bytes: Uint8Array) => inner.write(bytes),
    setSignals: (lines: ControlLines) => inner.setSignals(lines),
    confirm: () => inner.confirm(),
    async setBaudRate(rate: number) {
      baud = rate;
      await inner.setBaudRate(rate);
    },
    subscribe(listener: TransportListener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async reopen() {
      await inner.close();
      inner = await openInner();
      if (baud !== undefined) await inner.setBaudRate(baud);
    },
    close: () => inner.close(),
  };
}
