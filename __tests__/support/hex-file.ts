/** One record of an Intel HEX file, with its checksum. */
export function hexRecord(type: number, address: number, data: readonly number[]): string {
  const bytes = [data.length, address >> 8, address & 0xff, type, ...data];
  const checksum = -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
  return `:${Buffer.from([...bytes, checksum])
    .toString("hex")
    .toUpperCase()}`;
}
