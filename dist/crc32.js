// src/image/crc32.ts
/** Reflected polynomial of IEEE 802.3. */
const POLYNOMIAL = 3988292384;
const table = Uint32Array.from({ length: 256 }, (_, index) => {
	let value = index;
	for (let bit = 0; bit < 8; bit++) value = value >>> 1 ^ (value & 1) * POLYNOMIAL;
	return value;
});
/**
* CRC-32 of `bytes` as Ethernet and zip have it; `previous` is that of the bytes before them. Of our own, since Node
* has one only from 20.15 on.
*/
function crc32(bytes, previous = 0) {
	let crc = ~previous;
	for (const byte of bytes) crc = crc >>> 8 ^ (table[(crc ^ byte) & 255] ?? 0);
	return ~crc >>> 0;
}
export { crc32 as t };
