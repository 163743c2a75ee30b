import { t as require_dist } from "./dist.js";
// src/transport/serial-list.ts
var import_dist = require_dist();
/** The ports of this machine as the system lists them; for systems whose devices are not read from `/sys`. */
function listSerialPorts() {
	return import_dist.SerialPort.list();
}
export { listSerialPorts };
