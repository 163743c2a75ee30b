import { SerialPort } from "serialport";

/** The ports of this machine as the system lists them; for systems whose devices are not read from `/sys`. */
export function listSerialPorts(): ReturnType<typeof SerialPort.list> {
  return SerialPort.list();
}
