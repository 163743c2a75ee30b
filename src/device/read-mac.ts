import type { Clock } from "../base/clock.js";
import type { Transport } from "../transport/transport.js";
import type { ConnectOptions } from "./connect.js";
import { Connection } from "./connection.js";
import { createFlightRecorder } from "./flight-recorder.js";
import { leaveLoader } from "./leave-loader.js";
import { CONNECT_BAUD, openDevice } from "./open-device.js";
import { hardReset } from "./reset.js";

/** Asks the chip for its MAC and lets its firmware start again, also where it did not answer. What `openDevice` throws. */
export async function readMac(
  transport: Transport,
  options: Pick<ConnectOptions, "before" | "attempts" | "resetSequence">,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<string> {
  const recorder = createFlightRecorder(clock, () => undefined);
  const connection = new Connection(transport, clock, signal, recorder);
  try {
    const device = await openDevice(connection, "auto", { ...options, baud: CONNECT_BAUD }, () => undefined);
    await leaveLoader(device, "lines");
    return device.identity.mac;
  } catch (thrown) {
    // The lines may be gone as well; what went wrong first is what to tell.
    if (transport.capabilities.controlLines) await hardReset(transport, clock).catch(() => undefined);
    throw thrown;
  } finally {
    connection.release();
  }
}
