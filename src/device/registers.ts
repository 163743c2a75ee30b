import { readRegister, writeRegister } from "../protocol/system-commands.js";
import type { Reply, ReplyContent } from "../protocol/packet.js";
import type { Connection } from "./connection.js";

export function readRegisterRaw(
  connection: Connection,
  address: number,
): Promise<{ reply: Reply; content: ReplyContent }> {
  return connection.requestRaw(readRegister(address));
}

/** The 32-bit word at `address`. */
export async function readWord(connection: Connection, address: number): Promise<number> {
  return (await connection.request(readRegister(address))).value;
}

export async function writeWord(connection: Connection, address: number, value: number): Promise<void> {
  await connection.request(writeRegister(address, value));
}
