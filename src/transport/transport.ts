import type { FlashError } from "../base/errors.js";

/** What a transport can do beyond bytes. */
export interface TransportCapabilities {
  /** It drives DTR and RTS, so that the board can be reset through EN and IO0. */
  readonly controlLines: boolean;
  /** Both lines change in one step (one TIOCMSET); otherwise one after the other. */
  readonly atomicLines: boolean;
  /** The bytes run at a baud rate that `setBaudRate` changes. */
  readonly baudRate: boolean;
  /** USB ids of the bridge or chip behind the port, where they are known. */
  readonly usb?: { readonly vendorId: number; readonly productId: number };
}

/** What a subscriber is told. `closed` comes at most once, and nothing after it until `reopen`. */
export interface TransportListener {
  data(bytes: Uint8Array): void;
  /** The link is gone without having been asked to close: unplugged, peer closed, read error. */
  closed(reason: FlashError): void;
}

/** `true` is asserted, as the field writes D1 and R1: asserted RTS pulls EN low, asserted DTR pulls IO0 low. */
export interface ControlLines {
  readonly dtr: boolean;
  readonly rts: boolean;
}

/**
 * Bytes, a baud rate and two control lines. Opened by the function that made it; every method rejects with a
 * `FlashError` (`port/lost` once the link is gone).
 */
export interface Transport {
  /** How a person names it: the path or URL, without credentials. */
  readonly name: string;
  readonly capabilities: TransportCapabilities;
  /** Resolves when the bytes have been handed to the system. */
  write(bytes: Uint8Array): Promise<void>;
  /** Sets both lines, always. Rejects with `port/no-lines` where there are none. */
  setSignals(lines: ControlLines): Promise<void>;
  /**
   * Resolves when the other side has shown that all that was set and sent before has reached it; at once where it cannot
   * be asked, or where the calls themselves have told. Rejects with `port/lost` where it has stopped answering.
   */
  confirm(): Promise<void>;
  /** Changes the host's own rate, in bits a second. A transport without a rate ignores it. */
  setBaudRate(baud: number): Promise<void>;
  /** Returns the function that ends the subscription. */
  subscribe(listener: TransportListener): () => void;
  /** Opens the same port again after `closed`, at the rate set last. */
  reopen(): Promise<void>;
  /** Sets the lines idle where there are any, and closes. Never rejects, may be called twice. */
  close(): Promise<void>;
}
