import { C as regex, D as toLowerCase, E as string, H as plainLine, N as formatBytes, O as transform, P as hex32, T as safeParse, U as plainLines, V as markdownText, Y as FlashError, Z as toFlashError, a as check, b as pipe, c as literal, ct as saveState, d as maxValue, dt as warning, f as minValue, ft as summary, i as array, it as getInput, k as union, lt as setOutput, nt as endGroup, ot as info, p as nonEmpty, q as redactUrl, rt as error, st as isDebug, tt as debug, u as maxLength, ut as startGroup, x as rawTransform, y as picklist } from "./first-line.js";
import { isAbsolute, join } from "node:path";
import { homedir } from "node:os";
// src/action/kept-state.ts
/** Name of the state that the step leaves for its `post` step: a JSON list of `KeptBoard`. */
const KEPT_STATE = "kept-boards";
// src/chips/efuse.ts
function bitField(address, shift, bits) {
	return {
		address,
		shift,
		bits
	};
}
/** The number that the fields make together, the lowest part first. */
async function readField(read, ...fields) {
	let value = 0;
	let width = 0;
	for (const { address, shift, bits } of fields) {
		value += (await read(address) >>> shift & 2 ** bits - 1) * 2 ** width;
		width += bits;
	}
	return value;
}
/** `60:55:f9:f7:2c:a2` */
function addressText(...bytes) {
	return bytes.map((byte) => (byte & 255).toString(16).padStart(2, "0")).join(":");
}
const bytesOf = (word) => [
	word >>> 24,
	word >>> 16,
	word >>> 8,
	word
];
async function readAddresses(read, map) {
	const low = bytesOf(await read(map.mac));
	const [extensionHigh = 0, extensionLow = 0, ...high] = bytesOf(await read(map.mac + 4));
	const mac = [...high, ...low];
	if (!map.hasEui64) return { mac: addressText(...mac) };
	const eui64 = addressText(...mac.slice(0, 3), extensionHigh, extensionLow, ...mac.slice(3));
	return {
		mac: addressText(...mac),
		eui64
	};
}
async function memoryFeature(read, memory, name) {
	const code = await readField(read, ...memory.capacity);
	if (code === 0) return [];
	const megabytes = memory.megabytes[code];
	const size = megabytes === void 0 ? `of unknown size (${code})` : `${megabytes}MB`;
	const vendor = memory.vendor === void 0 ? void 0 : memory.vendors?.[await readField(read, memory.vendor)];
	return [`Embedded ${name} ${size}${vendor === void 0 ? "" : ` (${vendor})`}`];
}
/** The choice next to what the divider gives (as esptool `loader.py` `get_crystal_freq` at bb72741). */
async function readCrystalMhz(read, crystal, baud) {
	const measuredMhz = baud * (await read(crystal.uartDivider) & 1048575) / 1e6 / crystal.factor;
	const distance = (choiceMhz) => Math.abs(choiceMhz - measuredMhz);
	return crystal.choicesMhz.reduce((best, choice) => distance(choice) < distance(best) ? choice : best, 1e400);
}
/** The reader of a chip's identity. `connectBaud`: the rate that the ROM has measured. */
function identityFrom(map) {
	return async (read, connectBaud) => {
		const major = await readField(read, ...map.major);
		const minor = await readField(read, ...map.minor);
		const packageNumber = await readField(read, ...map.package);
		const memory = [...map.flash === void 0 ? [] : await memoryFeature(read, map.flash, "Flash"), ...map.psram === void 0 ? [] : await memoryFeature(read, map.psram, "PSRAM")];
		return {
			...await readAddresses(read, map),
			revision: major * 100 + minor,
			packageName: map.packages[packageNumber] ?? `${map.label} (package ${packageNumber})`,
			features: [...map.features, ...memory],
			crystalMhz: typeof map.crystal === "number" ? map.crystal : await readCrystalMhz(read, map.crystal, connectBaud),
			spiPins: 0
		};
	};
}
// src/chips/shapes.ts
/** Addresses of more than 24 bits no ROM sends (esptool `__init__.py` `check_flash_size` at bb72741). */
const ROM_MAX_FLASH_BYTES = 16777216;
/** Largest flash that an image header can name. */
const HEADER_MAX_FLASH_BYTES = 134217728;
/** ROM loaders since ESP32-S2: as the ESP32's, with a fifth BEGIN word. */
const laterRomDialect = {
	statusBytes: 4,
	spiAttachBytes: 8,
	setsFlashSize: true,
	md5Reply: "ascii",
	inflates: true,
	beginWords: 5,
	blockBytes: 1024,
	namesOldBaud: false
};
/** SPI controller since ESP32-S2 (esptool `targets/esp32s2.py` at bb72741; esp-serial-flasher `esp_targets.c` at 82897f4). */
function laterSpi(base) {
	return {
		base,
		usr: 24,
		usr1: 28,
		usr2: 32,
		dataLengths: {
			mosi: 36,
			miso: 40
		},
		w0: 88,
		addressBits: "lower"
	};
}
/** Size codes of image headers, ESP32 and later (esptool `targets/esp32.py` FLASH_SIZES at bb72741). */
const flashSizeCodes = {
	"1MB": 0,
	"2MB": 16,
	"4MB": 32,
	"8MB": 48,
	"16MB": 64,
	"32MB": 80,
	"64MB": 96,
	"128MB": 112
};
const frequencies80 = {
	"80m": 15,
	"40m": 0,
	"26m": 1,
	"20m": 2
};
/** Chips whose flash clock has no third step. */
const frequencies80Without26 = {
	"80m": 15,
	"40m": 0,
	"20m": 2
};
const frequencies48 = {
	"48m": 15,
	"24m": 0,
	"16m": 1,
	"12m": 2
};
/** Makers of flash in the package (esptool `targets/esp32c3.py` at bb72741). */
const flashVendors = {
	1: "XMC",
	2: "GD",
	3: "FM",
	4: "TT",
	5: "ZBIT"
};
/** Key of every RTC watchdog (esptool `targets/*.py` RTC_CNTL_WDT_WKEY at bb72741; espflash `target/mod.rs` WDT_WKEY). */
const RTC_WATCHDOG_KEY = 1356348065;
/** Super watchdog of chips with LP_WDT: bit 18 feeds it, and its key is that of the RTC watchdog. */
function lpSuperWatchdog(config, protect) {
	return {
		config,
		protect,
		autoFeedBit: 18,
		key: RTC_WATCHDOG_KEY
	};
}
/** Super watchdog of chips with RTC_CNTL: bit 31 feeds it. */
function rtcSuperWatchdog(config, protect) {
	return {
		config,
		protect,
		autoFeedBit: 31,
		key: 2401055018
	};
}
// src/chips/stub-json.ts
/** Text first, then data, as they are uploaded. */
function stubFromJson(json) {
	const bytes = (base64) => new Uint8Array(Buffer.from(base64, "base64"));
	return {
		entry: json.entry,
		segments: [{
			address: json.text_start,
			bytes: bytes(json.text)
		}, {
			address: json.data_start,
			bytes: bytes(json.data)
		}]
	};
}
// src/chips/esp32.ts
const EFUSE_BASE = 1073061888;
const efuseWord = (index) => EFUSE_BASE + index * 4;
/** APB_CTRL_DATE: bit 31 is the third bit of the revision. */
const APB_CTRL_DATE = 1073111164;
/** UART0 clock divider, set by the ROM's auto-baud: APB clock (= crystal while in the loader) over the rate. */
const UART_CLKDIV = 1072955412;
const bit$1 = (word, index) => word >>> index & 1;
/** The three revision bits, in the order in which they were burnt over the years, as the major revision. */
const MAJOR_REVISION = {
	0: 0,
	1: 1,
	3: 2,
	7: 3
};
const PACKAGES = {
	0: "ESP32-D0WDQ6",
	1: "ESP32-D0WD",
	2: "ESP32-D2WD",
	4: "ESP32-U4WDH",
	5: "ESP32-PICO-D4",
	6: "ESP32-PICO-V3-02",
	7: "ESP32-D0WDR2-V3"
};
const SINGLE_CORE_PACKAGES = {
	0: "ESP32-S0WDQ6",
	1: "ESP32-S0WD"
};
const REVISION_3_PACKAGES = {
	0: "ESP32-D0WDQ6-V3",
	1: "ESP32-D0WD-V3",
	5: "ESP32-PICO-V3"
};
const WITH_EMBEDDED_FLASH = [
	2,
	4,
	5,
	6
];
const CODING_SCHEMES = [
	"None",
	"3/4",
	"Repeat",
	"None"
];
function packageNumber(word3) {
	return (word3 >>> 9 & 7) + (bit$1(word3, 2) << 3);
}
function packageName$1(word3, majorRevision) {
	const number = packageNumber(word3);
	const singleCore = bit$1(word3, 0) === 1 ? SINGLE_CORE_PACKAGES[number] : void 0;
	const revision3 = majorRevision === 3 ? REVISION_3_PACKAGES[number] : void 0;
	return singleCore ?? revision3 ?? PACKAGES[number] ?? `ESP32 (package ${number})`;
}
function features(word3, word4, word6) {
	const list = ["Wi-Fi"];
	if (bit$1(word3, 1) === 0) list.push("BT");
	list.push(bit$1(word3, 0) === 1 ? "Single Core" : "Dual Core");
	if (bit$1(word3, 13) === 1) list.push(bit$1(word3, 12) === 1 ? "160 MHz" : "240 MHz");
	if (WITH_EMBEDDED_FLASH.includes(packageNumber(word3))) list.push("Embedded Flash");
	if (packageNumber(word3) === 6) list.push("Embedded PSRAM");
	if ((word4 >>> 8 & 31) !== 0) list.push("VRef calibration in eFuse");
	if (bit$1(word3, 14) === 1) list.push("BLK3 partially reserved");
	list.push(`Coding Scheme ${CODING_SCHEMES[word6 & 3] ?? "None"}`);
	return list;
}
/** Two words; the upper half of the second is a CRC. Both are printed from the most significant byte on. */
function macFrom(word1, word2) {
	return addressText(word2 >>> 8, word2, word1 >>> 24, word1 >>> 16, word1 >>> 8, word1);
}
/** In-package flash hangs on other pins; eFuse words 3 and 5 name them. All zero means the usual pins. */
function spiPins(word3, word5) {
	const pad = (word, shift) => word >>> shift & 31;
	const [clk, q, d, cs, hd] = [
		pad(word5, 0),
		pad(word5, 5),
		pad(word5, 10),
		pad(word5, 15),
		pad(word3, 4)
	];
	return hd << 24 | cs << 18 | d << 12 | q << 6 | clk;
}
async function readIdentity$4(read, connectBaud) {
	const word1 = await read(efuseWord(1));
	const word2 = await read(efuseWord(2));
	const word3 = await read(efuseWord(3));
	const word4 = await read(efuseWord(4));
	const word5 = await read(efuseWord(5));
	const word6 = await read(efuseWord(6));
	const date = await read(APB_CTRL_DATE);
	const divider = await read(UART_CLKDIV) & 1048575;
	const major = MAJOR_REVISION[bit$1(date, 31) << 2 | bit$1(word5, 20) << 1 | bit$1(word3, 15)] ?? 0;
	const measuredMhz = connectBaud * divider / 1e6;
	return {
		mac: macFrom(word1, word2),
		revision: major * 100 + (word5 >>> 24 & 3),
		packageName: packageName$1(word3, major),
		features: features(word3, word4, word6),
		crystalMhz: measuredMhz > 33 ? 40 : 26,
		spiPins: spiPins(word3, word5)
	};
}
async function readSecurity$1(read, revision) {
	const word0 = await read(efuseWord(0));
	const word6 = await read(efuseWord(6));
	const ones = (word0 >>> 20 & 127).toString(2).replaceAll("0", "").length;
	return {
		secureBootV1: bit$1(word6, 4) === 1,
		secureBootV2: revision >= 300 && bit$1(word6, 5) === 1,
		flashEncryption: ones % 2 === 1,
		secureDownload: false,
		keyManager: false,
		manualEncryptOff: bit$1(word6, 7) === 1
	};
}
const esp32 = {
	name: "esp32",
	label: "ESP32",
	imageChipId: 0,
	magic: 15736195,
	bootloaderOffset: 4096,
	romDialect: {
		statusBytes: 4,
		spiAttachBytes: 8,
		setsFlashSize: true,
		md5Reply: "ascii",
		inflates: true,
		beginWords: 4,
		blockBytes: 1024,
		namesOldBaud: false
	},
	spi: {
		base: 1072963584,
		usr: 28,
		usr1: 32,
		usr2: 36,
		dataLengths: {
			mosi: 40,
			miso: 44
		},
		w0: 128,
		addressBits: "upper"
	},
	efuses: {
		start: EFUSE_BASE,
		end: 1073062400
	},
	flashFrequencyCodes: frequencies80,
	flashSizeCodes,
	maxFlashBytes: ROM_MAX_FLASH_BYTES,
	encryptedWriteBytes: 32,
	usb: {
		serialJtag: false,
		otg: false
	},
	reset: { byWatchdog: false },
	loadStub: async () => stubFromJson((await import("./stub-esp32.js")).default),
	readIdentity: readIdentity$4,
	readSecurity: readSecurity$1
};
// src/chips/esp32c2.ts
const EFUSES$12 = 1610647552;
const word2 = (index) => 1610647616 + index * 4;
const esp32c2 = {
	name: "esp32c2",
	label: "ESP32-C2",
	imageChipId: 12,
	bootloaderOffset: 0,
	romDialect: laterRomDialect,
	spi: laterSpi(1610620928),
	efuses: {
		start: EFUSES$12,
		end: 1610648064
	},
	flashFrequencyCodes: {
		"60m": 15,
		"30m": 0,
		"20m": 1,
		"15m": 2
	},
	flashSizeCodes,
	maxFlashBytes: ROM_MAX_FLASH_BYTES,
	encryptedWriteBytes: 16,
	resetsFlash: true,
	usb: {
		serialJtag: false,
		otg: false
	},
	reset: { byWatchdog: true },
	rtcWatchdog: {
		config0: 1610645636,
		config1: 1610645640,
		protect: 1610645660
	},
	loadStub: async () => stubFromJson((await import("./stub-esp32c2.js")).default),
	stubRefusal: (revision) => revision < 100 ? "there is no stub for its revision 0" : void 0,
	readIdentity: identityFrom({
		label: "ESP32-C2",
		mac: word2(0),
		hasEui64: false,
		major: [bitField(word2(1), 20, 2)],
		minor: [bitField(word2(1), 16, 4)],
		package: [bitField(word2(1), 22, 3)],
		packages: {
			0: "ESP32-C2",
			1: "ESP8684H"
		},
		features: [
			"Wi-Fi",
			"BT 5 (LE)",
			"Single Core",
			"120 MHz"
		],
		flash: {
			capacity: [bitField(word2(7), 29, 3)],
			megabytes: {
				1: 4,
				2: 2,
				3: 1
			},
			vendor: bitField(word2(7), 24, 3),
			vendors: flashVendors
		},
		crystal: {
			uartDivider: 1610612756,
			factor: 1,
			choicesMhz: [26, 40]
		}
	}),
	securityFields: { manualEncryptOff: bitField(1610647600, 6, 1) }
};
// src/chips/esp32c3.ts
const EFUSES$11 = 1610647552;
const word1$11 = (index) => 1610647620 + index * 4;
const esp32c3 = {
	name: "esp32c3",
	label: "ESP32-C3",
	imageChipId: 5,
	bootloaderOffset: 0,
	romDialect: laterRomDialect,
	romChangesBaud: true,
	spi: laterSpi(1610620928),
	efuses: {
		start: EFUSES$11,
		end: 1610648064
	},
	flashFrequencyCodes: frequencies80,
	flashSizeCodes,
	maxFlashBytes: ROM_MAX_FLASH_BYTES,
	encryptedWriteBytes: 16,
	resetsFlash: true,
	usb: {
		serialJtag: true,
		otg: false
	},
	reset: { byWatchdog: true },
	rtcWatchdog: {
		config0: 1610645648,
		config1: 1610645652,
		protect: 1610645672
	},
	superWatchdog: rtcSuperWatchdog(1610645676, 1610645680),
	loadStub: async () => stubFromJson((await import("./stub-esp32c3.js")).default),
	stubRefusal: (_revision, security) => security.secureBootV2 ? "with Secure Boot its ROM runs no stub from RAM" : void 0,
	readIdentity: identityFrom({
		label: "ESP32-C3",
		mac: word1$11(0),
		hasEui64: false,
		major: [bitField(word1$11(5), 24, 2)],
		minor: [bitField(word1$11(3), 18, 3), bitField(word1$11(5), 23, 1)],
		package: [bitField(word1$11(3), 21, 3)],
		packages: {
			0: "ESP32-C3 (QFN32)",
			1: "ESP8685 (QFN28)",
			2: "ESP32-C3 AZ (QFN32)",
			3: "ESP8686 (QFN24)"
		},
		features: [
			"Wi-Fi",
			"BT 5 (LE)",
			"Single Core",
			"160 MHz"
		],
		flash: {
			capacity: [bitField(word1$11(3), 27, 3)],
			megabytes: {
				1: 4,
				2: 2,
				3: 1,
				4: 8
			},
			vendor: bitField(word1$11(4), 0, 3),
			vendors: flashVendors
		},
		crystal: 40
	}),
	securityFields: { manualEncryptOff: bitField(1610647600, 20, 1) }
};
// src/chips/esp32c5.ts
const EFUSES$10 = 1611352064;
const word1$10 = (index) => 1611352132 + index * 4;
const esp32c5 = {
	name: "esp32c5",
	label: "ESP32-C5",
	imageChipId: 23,
	bootloaderOffset: 8192,
	romDialect: laterRomDialect,
	spi: laterSpi(1610625024),
	efuses: {
		start: EFUSES$10,
		end: 1611352576
	},
	flashFrequencyCodes: frequencies80Without26,
	flashSizeCodes,
	maxFlashBytes: HEADER_MAX_FLASH_BYTES,
	encryptedWriteBytes: 16,
	resetsFlash: true,
	usb: {
		serialJtag: true,
		otg: false
	},
	reset: { byWatchdog: true },
	rtcWatchdog: {
		config0: 1611340800,
		config1: 1611340804,
		protect: 1611340824
	},
	superWatchdog: lpSuperWatchdog(1611340828, 1611340832),
	loadStub: async () => stubFromJson((await import("./stub-esp32c5.js")).default),
	readIdentity: identityFrom({
		label: "ESP32-C5",
		mac: word1$10(0),
		hasEui64: true,
		major: [bitField(word1$10(2), 4, 2)],
		minor: [bitField(word1$10(2), 0, 4)],
		package: [bitField(word1$10(2), 26, 3)],
		packages: { 0: "ESP32-C5" },
		features: [
			"Wi-Fi 6 (dual-band)",
			"BT 5 (LE)",
			"IEEE802.15.4",
			"Single Core + LP Core",
			"240 MHz"
		],
		crystal: {
			uartDivider: 1610612756,
			factor: 1,
			choicesMhz: [40, 48]
		}
	}),
	securityFields: {
		manualEncryptOff: bitField(1611352112, 20, 1),
		keyManager: bitField(1611352116, 11, 1)
	}
};
// src/chips/esp32c6.ts
const EFUSES$9 = 1611335680;
const word1$9 = (index) => 1611335748 + index * 4;
const FLASH$1 = bitField(word1$9(4), 0, 3);
const PACKAGE = bitField(word1$9(3), 24, 3);
const identity$2 = identityFrom({
	label: "ESP32-C6",
	mac: word1$9(0),
	hasEui64: true,
	major: [bitField(word1$9(3), 22, 2)],
	minor: [bitField(word1$9(3), 18, 4)],
	package: [PACKAGE],
	packages: {
		0: "ESP32-C6 (QFN40)",
		1: "ESP32-C6 (QFN32)"
	},
	features: [
		"Wi-Fi 6",
		"BT 5 (LE)",
		"IEEE802.15.4",
		"Single Core + LP Core",
		"160 MHz"
	],
	flash: {
		capacity: [FLASH$1],
		megabytes: {
			1: 4,
			2: 8
		}
	},
	crystal: 40
});
/** The names of package 1 differ by the flash in it. */
const QFN32_NAMES = {
	1: "ESP32-C6FH4 (QFN32)",
	2: "ESP32-C6FH8 (QFN32)"
};
async function readIdentity$3(read, connectBaud) {
	const known = await identity$2(read, connectBaud);
	if (await readField(read, PACKAGE) !== 1) return known;
	return {
		...known,
		packageName: QFN32_NAMES[await readField(read, FLASH$1)] ?? known.packageName
	};
}
const esp32c6 = {
	name: "esp32c6",
	label: "ESP32-C6",
	imageChipId: 13,
	bootloaderOffset: 0,
	romDialect: laterRomDialect,
	romChangesBaud: true,
	spi: laterSpi(1610625024),
	efuses: {
		start: EFUSES$9,
		end: 1611336192
	},
	flashFrequencyCodes: {
		"80m": 0,
		"40m": 0,
		"20m": 2
	},
	flashSizeCodes,
	maxFlashBytes: ROM_MAX_FLASH_BYTES,
	encryptedWriteBytes: 16,
	resetsFlash: true,
	usb: {
		serialJtag: true,
		otg: false
	},
	reset: { byWatchdog: false },
	rtcWatchdog: {
		config0: 1611340800,
		config1: 1611340804,
		protect: 1611340824
	},
	superWatchdog: lpSuperWatchdog(1611340828, 1611340832),
	loadStub: async () => stubFromJson((await import("./stub-esp32c6.js")).default),
	readIdentity: readIdentity$3,
	securityFields: { manualEncryptOff: bitField(1611335728, 20, 1) }
};
// src/chips/esp32c61.ts
const EFUSES$8 = 1611352064;
const word1$8 = (index) => 1611352132 + index * 4;
const esp32c61 = {
	name: "esp32c61",
	label: "ESP32-C61",
	imageChipId: 20,
	bootloaderOffset: 0,
	romDialect: laterRomDialect,
	spi: laterSpi(1610625024),
	efuses: {
		start: EFUSES$8,
		end: 1611352576
	},
	flashFrequencyCodes: frequencies80Without26,
	flashSizeCodes,
	maxFlashBytes: HEADER_MAX_FLASH_BYTES,
	encryptedWriteBytes: 16,
	resetsFlash: true,
	usb: {
		serialJtag: true,
		otg: false
	},
	reset: { byWatchdog: true },
	rtcWatchdog: {
		config0: 1611340800,
		config1: 1611340804,
		protect: 1611340824
	},
	superWatchdog: lpSuperWatchdog(1611340828, 1611340832),
	loadStub: async () => stubFromJson((await import("./stub-esp32c61.js")).default),
	readIdentity: identityFrom({
		label: "ESP32-C61",
		mac: word1$8(0),
		hasEui64: false,
		major: [bitField(word1$8(2), 4, 2)],
		minor: [bitField(word1$8(2), 0, 4)],
		package: [bitField(word1$8(2), 26, 3)],
		packages: { 0: "ESP32-C61" },
		features: [
			"Wi-Fi 6",
			"BT 5 (LE)",
			"Single Core",
			"160 MHz"
		],
		crystal: 40
	}),
	securityFields: { manualEncryptOff: bitField(1611352112, 14, 1) }
};
// src/chips/esp32e22.ts
const EFUSES$7 = 3288367104;
const word1$7 = (index) => 3288367172 + index * 4;
const esp32e22 = {
	name: "esp32e22",
	label: "ESP32-E22",
	imageChipId: 31,
	bootloaderOffset: 0,
	romDialect: laterRomDialect,
	spi: laterSpi(3271569408),
	efuses: {
		start: EFUSES$7,
		end: 3288367616
	},
	flashFrequencyCodes: frequencies80,
	flashSizeCodes,
	maxFlashBytes: ROM_MAX_FLASH_BYTES,
	encryptedWriteBytes: 16,
	resetsFlash: true,
	usb: {
		serialJtag: false,
		otg: true
	},
	reset: { byWatchdog: false },
	readIdentity: identityFrom({
		label: "ESP32-E22",
		mac: word1$7(0),
		hasEui64: false,
		major: [],
		minor: [],
		package: [],
		packages: { 0: "ESP32-E22" },
		features: [
			"Wi-Fi 6E (tri-band, 2x2 MU-MIMO)",
			"BT 5.4 (LE) + Classic",
			"Dual Core",
			"500 MHz"
		],
		crystal: {
			uartDivider: 3272613908,
			factor: 1,
			choicesMhz: [26, 40]
		}
	})
};
// src/chips/esp32h2.ts
const EFUSES$6 = 1611335680;
const word1$6 = (index) => 1611335748 + index * 4;
const esp32h2 = {
	name: "esp32h2",
	label: "ESP32-H2",
	imageChipId: 16,
	bootloaderOffset: 0,
	romDialect: laterRomDialect,
	romChangesBaud: true,
	spi: laterSpi(1610625024),
	efuses: {
		start: EFUSES$6,
		end: 1611336192
	},
	flashFrequencyCodes: frequencies48,
	flashSizeCodes,
	maxFlashBytes: ROM_MAX_FLASH_BYTES,
	encryptedWriteBytes: 16,
	resetsFlash: true,
	usb: {
		serialJtag: true,
		otg: false
	},
	reset: { byWatchdog: false },
	rtcWatchdog: {
		config0: 1611340800,
		config1: 1611340804,
		protect: 1611340828
	},
	superWatchdog: lpSuperWatchdog(1611340832, 1611340836),
	loadStub: async () => stubFromJson((await import("./stub-esp32h2.js")).default),
	readIdentity: identityFrom({
		label: "ESP32-H2",
		mac: word1$6(0),
		hasEui64: true,
		major: [bitField(word1$6(3), 21, 2)],
		minor: [bitField(word1$6(3), 18, 3)],
		package: [bitField(word1$6(4), 0, 3)],
		packages: { 0: "ESP32-H2" },
		features: [
			"BT 5 (LE)",
			"IEEE802.15.4",
			"Single Core",
			"96 MHz"
		],
		crystal: 32
	}),
	securityFields: { manualEncryptOff: bitField(1611335728, 20, 1) }
};
// src/chips/esp32h21.ts
const EFUSES$5 = 1611350016;
const word1$5 = (index) => 1611350084 + index * 4;
const esp32h21 = {
	name: "esp32h21",
	label: "ESP32-H21",
	imageChipId: 25,
	bootloaderOffset: 0,
	romDialect: laterRomDialect,
	spi: laterSpi(1610625024),
	efuses: {
		start: EFUSES$5,
		end: 1611350528
	},
	flashFrequencyCodes: frequencies48,
	flashSizeCodes,
	maxFlashBytes: ROM_MAX_FLASH_BYTES,
	encryptedWriteBytes: 16,
	resetsFlash: true,
	usb: {
		serialJtag: true,
		otg: false
	},
	reset: { byWatchdog: false },
	rtcWatchdog: {
		config0: 1611340800,
		config1: 1611340804,
		protect: 1611340828
	},
	superWatchdog: lpSuperWatchdog(1611340832, 1611340836),
	readIdentity: identityFrom({
		label: "ESP32-H21",
		mac: word1$5(0),
		hasEui64: true,
		major: [bitField(word1$5(5), 8, 2)],
		minor: [bitField(word1$5(5), 4, 4)],
		package: [bitField(word1$5(5), 11, 3)],
		packages: { 0: "ESP32-H21" },
		features: [
			"BT 5 (LE)",
			"IEEE802.15.4",
			"Single Core",
			"96 MHz"
		],
		crystal: 32
	}),
	securityFields: { manualEncryptOff: bitField(1611350064, 20, 1) }
};
// src/chips/esp32h4.ts
const EFUSES$4 = 1611339776;
const word1$4 = (index) => 1611339844 + index * 4;
const esp32h4 = {
	name: "esp32h4",
	label: "ESP32-H4",
	imageChipId: 28,
	bootloaderOffset: 8192,
	romDialect: laterRomDialect,
	spi: laterSpi(1611239424),
	efuses: {
		start: EFUSES$4,
		end: 1611340288
	},
	flashFrequencyCodes: frequencies48,
	flashSizeCodes,
	maxFlashBytes: ROM_MAX_FLASH_BYTES,
	encryptedWriteBytes: 16,
	resetsFlash: true,
	usb: {
		serialJtag: true,
		otg: false
	},
	reset: { byWatchdog: false },
	rtcWatchdog: {
		config0: 1611355136,
		config1: 1611355140,
		protect: 1611355164
	},
	superWatchdog: lpSuperWatchdog(1611355168, 1611355172),
	loadStub: async () => stubFromJson((await import("./stub-esp32h4.js")).default),
	readIdentity: identityFrom({
		label: "ESP32-H4",
		mac: word1$4(0),
		hasEui64: true,
		major: [bitField(word1$4(3), 22, 2)],
		minor: [bitField(word1$4(3), 18, 4)],
		package: [bitField(word1$4(4), 12, 3)],
		packages: { 0: "ESP32-H4 (QFN40)" },
		features: [
			"BT 5 (LE)",
			"IEEE802.15.4",
			"Dual Core",
			"96 MHz"
		],
		crystal: 32
	}),
	securityFields: {
		manualEncryptOff: bitField(1611339824, 14, 1),
		keyManager: bitField(1611339832, 20, 1)
	}
};
// src/chips/esp32p4.ts
const EFUSES$3 = 1343410176;
const word1$3 = (index) => 1343410244 + index * 4;
const PAD_GROUP_POWER = 1343291660;
const FLASH_LDO = 1343312312;
const LDO_FROM_EFUSE = 128;
const LDO_TARGET = 255 << 23;
const FLASH_LDO_ANALOG = 1343312316;
const LDO_CURRENT_LIMIT = 1 << 27;
const PMU_DATE = 1343312892;
const FLASH_FORCE_ON = 3;
const DOWNLOAD_POWERS_FLASH = bitField(1343410228, 16, 1);
/** Revisions whose flash has no power in the loader until the host turns it on: 3.1 and 3.2. */
const UNPOWERED_REVISIONS = [301, 302];
/**
* Gives the flash its 3.3 V where the ROM does not. With DOWNLOAD_MODE_XPD_ON burnt, revision 3.2 does it itself, but
* not twice: then what an earlier download left on is turned off.
*/
async function powerFlash(registers, revision) {
	if (!UNPOWERED_REVISIONS.includes(revision)) return;
	const { read, write, sleepMs } = registers;
	const change = async (address, clear, set) => write(address, (await read(address) & ~clear | set) >>> 0);
	const { address, shift } = DOWNLOAD_POWERS_FLASH;
	if (revision === 302 && (await read(address) >>> shift & 1) === 1) {
		if ((await read(PMU_DATE) & FLASH_FORCE_ON) === FLASH_FORCE_ON) await change(PMU_DATE, FLASH_FORCE_ON, 0);
		return;
	}
	await write(PAD_GROUP_POWER, 1);
	await sleepMs(10);
	await change(FLASH_LDO_ANALOG, 0, LDO_CURRENT_LIMIT);
	await change(FLASH_LDO, 0, LDO_FROM_EFUSE);
	await change(PMU_DATE, 0, FLASH_FORCE_ON);
	await sleepMs(1);
	await change(FLASH_LDO_ANALOG, LDO_CURRENT_LIMIT, 0);
	await change(FLASH_LDO, LDO_TARGET, 0);
	await change(FLASH_LDO, 0, LDO_FROM_EFUSE);
	await change(FLASH_LDO, LDO_FROM_EFUSE, 0);
	await sleepMs(2);
}
const esp32p4 = {
	name: "esp32p4",
	label: "ESP32-P4",
	imageChipId: 18,
	bootloaderOffset: 8192,
	romDialect: laterRomDialect,
	spi: laterSpi(1342754816),
	efuses: {
		start: EFUSES$3,
		end: 1343410688
	},
	flashFrequencyCodes: frequencies80,
	flashSizeCodes,
	maxFlashBytes: HEADER_MAX_FLASH_BYTES,
	encryptedWriteBytes: 16,
	resetsFlash: true,
	usb: {
		serialJtag: true,
		otg: true
	},
	reset: {
		byWatchdog: true,
		otg: "watchdog"
	},
	rtcWatchdog: {
		config0: 1343315968,
		config1: 1343315972,
		protect: 1343315992
	},
	superWatchdog: lpSuperWatchdog(1343315996, 1343316e3),
	loadStub: async (revision) => stubFromJson(revision < 300 ? (await import("./stub-esp32p4-rev1.js")).default : (await import("./stub-esp32p4.js")).default),
	prepareFlash: powerFlash,
	readIdentity: identityFrom({
		label: "ESP32-P4",
		mac: word1$3(0),
		hasEui64: false,
		major: [bitField(word1$3(2), 4, 2), bitField(word1$3(2), 23, 1)],
		minor: [bitField(word1$3(2), 0, 4)],
		package: [bitField(word1$3(2), 20, 3)],
		packages: { 0: "ESP32-P4" },
		features: ["Dual Core + LP Core", "400 MHz"],
		crystal: 40
	}),
	securityFields: {
		manualEncryptOff: bitField(1343410224, 20, 1),
		keyManager: bitField(1343410228, 10, 1)
	}
};
// src/chips/esp32s2.ts
const EFUSES$2 = 1061265408;
const word1$2 = (index) => 1061265476 + index * 4;
const FLASH = bitField(word1$2(3), 21, 4);
const PSRAM = bitField(word1$2(3), 28, 4);
const CALIBRATION = bitField(1061265516, 4, 3);
const identity$1 = identityFrom({
	label: "ESP32-S2",
	mac: word1$2(0),
	hasEui64: false,
	major: [bitField(word1$2(3), 18, 2)],
	minor: [bitField(word1$2(4), 4, 3), bitField(word1$2(3), 20, 1)],
	package: [FLASH, PSRAM],
	packages: {
		0: "ESP32-S2",
		1: "ESP32-S2FH2",
		2: "ESP32-S2FH4",
		18: "ESP32-S2FNR2",
		16: "ESP32-S2R2"
	},
	features: [
		"Wi-Fi",
		"Single Core",
		"240 MHz"
	],
	flash: {
		capacity: [FLASH],
		megabytes: {
			1: 2,
			2: 4
		}
	},
	psram: {
		capacity: [PSRAM],
		megabytes: {
			1: 2,
			2: 4
		}
	},
	crystal: 40
});
async function readIdentity$2(read, connectBaud) {
	const known = await identity$1(read, connectBaud);
	const calibration = await readField(read, CALIBRATION);
	if (calibration === 0) return known;
	return {
		...known,
		features: [...known.features, `ADC calibration V${calibration} in eFuse`]
	};
}
const esp32s2 = {
	name: "esp32s2",
	label: "ESP32-S2",
	imageChipId: 2,
	magic: 1990,
	bootloaderOffset: 4096,
	romDialect: laterRomDialect,
	spi: laterSpi(1061167104),
	efuses: {
		start: EFUSES$2,
		end: 1061265920
	},
	flashFrequencyCodes: frequencies80,
	flashSizeCodes,
	maxFlashBytes: ROM_MAX_FLASH_BYTES,
	encryptedWriteBytes: 16,
	resetsFlash: true,
	usb: {
		serialJtag: false,
		otg: true
	},
	reset: {
		byWatchdog: true,
		otg: "watchdog-while-strapped",
		strap: bitField(1061175352, 3, 1),
		forceDownload: {
			...bitField(1061191976, 0, 1),
			clearBeforeReset: false
		}
	},
	rtcWatchdog: {
		config0: 1061191828,
		config1: 1061191832,
		protect: 1061191852
	},
	loadStub: async () => stubFromJson((await import("./stub-esp32s2.js")).default),
	readIdentity: readIdentity$2,
	securityFields: { manualEncryptOff: bitField(1061265456, 19, 1) }
};
// src/chips/esp32s3.ts
const EFUSES$1 = 1610641408;
const word1$1 = (index) => 1610641476 + index * 4;
const BLOCK_MAJOR = bitField(1610641516, 0, 2);
const BLOCK_MINOR = bitField(word1$1(3), 24, 3);
const identity = identityFrom({
	label: "ESP32-S3",
	mac: word1$1(0),
	hasEui64: false,
	major: [bitField(word1$1(5), 24, 2)],
	minor: [bitField(word1$1(3), 18, 3), bitField(word1$1(5), 23, 1)],
	package: [bitField(word1$1(3), 21, 3)],
	packages: {
		0: "ESP32-S3 (QFN56)",
		1: "ESP32-S3-PICO-1 (LGA56)"
	},
	features: [
		"Wi-Fi",
		"BT 5 (LE)",
		"Dual Core + LP Core",
		"240 MHz"
	],
	flash: {
		capacity: [bitField(word1$1(3), 27, 3)],
		megabytes: {
			1: 8,
			2: 4
		},
		vendor: bitField(word1$1(4), 0, 3),
		vendors: {
			...flashVendors,
			5: "BY"
		}
	},
	psram: {
		capacity: [bitField(word1$1(4), 3, 2), bitField(word1$1(5), 19, 1)],
		megabytes: {
			1: 8,
			2: 2,
			3: 16,
			4: 4
		},
		vendor: bitField(word1$1(4), 7, 2),
		vendors: {
			1: "AP_3v3",
			2: "AP_1v8"
		}
	},
	crystal: 40
});
/** Chips of revision 0.0 (block version 1.1) use the bits of the major revision for something else. */
async function readIdentity$1(read, connectBaud) {
	const known = await identity(read, connectBaud);
	const isBlock11 = await readField(read, BLOCK_MAJOR) === 1 && await readField(read, BLOCK_MINOR) === 1;
	const minorLow = known.revision % 100 & 7;
	return isBlock11 && minorLow === 0 ? {
		...known,
		revision: 0
	} : known;
}
const esp32s3 = {
	name: "esp32s3",
	label: "ESP32-S3",
	imageChipId: 9,
	bootloaderOffset: 0,
	romDialect: laterRomDialect,
	romChangesBaud: true,
	spi: laterSpi(1610620928),
	efuses: {
		start: EFUSES$1,
		end: 1610641920
	},
	flashFrequencyCodes: frequencies80,
	flashSizeCodes,
	maxFlashBytes: HEADER_MAX_FLASH_BYTES,
	encryptedWriteBytes: 16,
	resetsFlash: true,
	usb: {
		serialJtag: true,
		otg: true
	},
	reset: {
		byWatchdog: true,
		otg: "watchdog-while-strapped",
		strap: bitField(1610629176, 3, 1),
		forceDownload: {
			...bitField(1610645804, 0, 1),
			clearBeforeReset: true
		}
	},
	rtcWatchdog: {
		config0: 1610645656,
		config1: 1610645660,
		protect: 1610645680
	},
	superWatchdog: rtcSuperWatchdog(1610645684, 1610645688),
	loadStub: async () => stubFromJson((await import("./stub-esp32s3.js")).default),
	secureBootStubPointer: 1070528136,
	readIdentity: readIdentity$1,
	securityFields: { manualEncryptOff: bitField(1610641456, 20, 1) }
};
// src/chips/esp32s31.ts
const EFUSES = 544296960;
const word1 = (index) => 544297040 + index * 4;
const esp32s31 = {
	name: "esp32s31",
	label: "ESP32-S31",
	imageChipId: 32,
	bootloaderOffset: 8192,
	romDialect: laterRomDialect,
	spi: laterSpi(542117888),
	efuses: {
		start: EFUSES,
		end: 544297472
	},
	flashFrequencyCodes: frequencies80Without26,
	flashSizeCodes,
	maxFlashBytes: HEADER_MAX_FLASH_BYTES,
	encryptedWriteBytes: 16,
	resetsFlash: true,
	usb: {
		serialJtag: true,
		otg: true
	},
	reset: {
		byWatchdog: true,
		otg: "watchdog"
	},
	rtcWatchdog: {
		config0: 545263616,
		config1: 545263620,
		protect: 545263640
	},
	superWatchdog: lpSuperWatchdog(545263644, 545263648),
	loadStub: async () => stubFromJson((await import("./stub-esp32s31.js")).default),
	readIdentity: identityFrom({
		label: "ESP32-S31",
		mac: word1(0),
		hasEui64: false,
		major: [bitField(word1(3), 22, 2)],
		minor: [bitField(word1(3), 18, 4)],
		package: [bitField(word1(4), 6, 2)],
		packages: { 0: "ESP32-S31" },
		features: [
			"Wi-Fi 6",
			"BT 5.4 (LE)",
			"IEEE802.15.4",
			"Dual Core + LP Core",
			"300 MHz"
		],
		crystal: 40
	}),
	securityFields: {
		manualEncryptOff: bitField(544297008, 20, 1),
		keyManager: bitField(544297012, 13, 1)
	}
};
// src/chips/esp8266.ts
const OTP = 1072693328;
const otpWord = (index) => OTP + index * 4;
const bit = (word, index) => (word >>> index & 1) === 1;
/** Vendor part of the MAC: burnt in word 3, or one of two by a number in word 1. */
function vendorBytes(word1, word3) {
	if (word3 !== 0) return [
		word3 >>> 16,
		word3 >>> 8,
		word3
	];
	const vendor = word1 >>> 16 & 255;
	if (vendor === 0) return [
		24,
		254,
		52
	];
	if (vendor === 1) return [
		172,
		208,
		116
	];
	throw new FlashError("device/bad-reply", `The chip's MAC begins with the unknown vendor number ${vendor}.`, { vendor });
}
/** Bytes of flash in the package by four eFuse bits: bit 4 of word 0, and bits 25 to 27 of word 3. */
function packagedMegabytes(word0, word3) {
	const isLarge = bit(word3, 26);
	if (bit(word3, 27) || bit(word0, 4) === bit(word3, 25)) return void 0;
	if (bit(word0, 4)) return isLarge ? 2 : 1;
	return isLarge ? 4 : 2;
}
function packageName(word0, megabytes) {
	const size = megabytes === 1 ? "08" : "16";
	const grade = bit(word0, 5) ? "H" : "N";
	return megabytes === 1 || megabytes === 2 ? `ESP8285${grade}${size}` : "ESP8285";
}
async function readIdentity(read, connectBaud) {
	const word0 = await read(otpWord(0));
	const word1 = await read(otpWord(1));
	const word2 = await read(otpWord(2));
	const word3 = await read(otpWord(3));
	const hasFlash = bit(word0, 4) || bit(word2, 16);
	const megabytes = packagedMegabytes(word0, word3);
	const flash = megabytes === void 0 ? "Embedded Flash" : `Embedded Flash ${megabytes}MB`;
	return {
		mac: addressText(...vendorBytes(word1, word3), word1 >>> 8, word1, word0 >>> 24),
		revision: 0,
		packageName: hasFlash ? packageName(word0, megabytes) : "ESP8266EX",
		features: [
			"Wi-Fi",
			"160 MHz",
			...hasFlash ? [flash] : []
		],
		crystalMhz: await readCrystalMhz(read, {
			uartDivider: 1610612756,
			factor: 2,
			choicesMhz: [26, 40]
		}, connectBaud),
		spiPins: 0
	};
}
function readSecurity() {
	return Promise.resolve({
		secureBootV1: false,
		secureBootV2: false,
		flashEncryption: false,
		secureDownload: false,
		keyManager: false,
		manualEncryptOff: false
	});
}
const SECTOR_BYTES = 4096;
const SECTORS_PER_BLOCK = 16;
/**
* The ROM erases the sectors up to the next 64 KiB boundary without counting them, and then as many as it was told
* (esptool `targets/esp8266.py` `get_erase_size` at bb72741). So it is told fewer. An odd number of sectors of which
* less than half lies beyond the boundary still costs the sector behind them.
*/
function romErase(offset, lengthBytes) {
	const sectors = Math.ceil(lengthBytes / SECTOR_BYTES);
	const toBoundary = SECTORS_PER_BLOCK - Math.floor(offset / SECTOR_BYTES) % SECTORS_PER_BLOCK;
	const told = sectors < 2 * toBoundary ? Math.ceil(sectors / 2) : sectors - toBoundary;
	const erased = told + Math.min(told, toBoundary);
	return {
		argumentBytes: told * SECTOR_BYTES,
		erasedBytes: erased * SECTOR_BYTES
	};
}
const chips = {
	esp8266: {
		name: "esp8266",
		label: "ESP8266",
		magic: 4293968129,
		bootloaderOffset: 0,
		romDialect: {
			statusBytes: 2,
			spiAttachBytes: 0,
			setsFlashSize: false,
			md5Reply: "none",
			inflates: false,
			beginWords: 4,
			blockBytes: 1024,
			namesOldBaud: false
		},
		spi: {
			base: 1610613248,
			usr: 28,
			usr1: 32,
			usr2: 36,
			w0: 64,
			addressBits: "upper"
		},
		efuses: {
			start: 1072693328,
			end: 1072693356
		},
		flashFrequencyCodes: frequencies80,
		flashSizeCodes: {
			"512KB": 0,
			"256KB": 16,
			"1MB": 32,
			"2MB": 48,
			"4MB": 64,
			"2MB-c1": 80,
			"4MB-c1": 96,
			"8MB": 128,
			"16MB": 144
		},
		maxFlashBytes: ROM_MAX_FLASH_BYTES,
		usb: {
			serialJtag: false,
			otg: false
		},
		reset: { byWatchdog: false },
		loadStub: async () => stubFromJson((await import("./stub-esp8266.js")).default),
		romErase,
		readIdentity,
		readSecurity
	},
	esp32,
	esp32s2,
	esp32s3,
	esp32c2,
	esp32c3,
	esp32c5,
	esp32c6,
	esp32c61,
	esp32h2,
	esp32h21,
	esp32h4,
	esp32p4,
	esp32s31,
	esp32e22
};
const chipNames = Object.keys(chips);
function chipByMagic(magic) {
	return Object.values(chips).find((chip) => chip.magic === magic);
}
function chipByImageId(imageChipId) {
	return Object.values(chips).find((chip) => chip.imageChipId === imageChipId);
}
// src/transport/tcp-url.ts
/** A URL of nothing but scheme, host, port and perhaps a query; `undefined` for any other. */
function splitAddress(url) {
	const parsed = URL.canParse(url) ? new URL(url) : void 0;
	const port = Number(parsed?.port);
	if (!(parsed && !parsed.username && !parsed.password && !parsed.hash) || !parsed.hostname || port < 1 || !["", "/"].includes(parsed.pathname)) return void 0;
	return {
		address: {
			host: parsed.hostname.replace(/^\[(.*)\]$/, "$1"),
			port
		},
		query: parsed.search.slice(1)
	};
}
/** Host and port of `tcp://host:port` or `tcp://[::1]:port`. Throws `input/invalid`. */
function parseTcpUrl(url) {
	const parts = splitAddress(url);
	if (parts?.query === "") return parts.address;
	throw new FlashError("input/invalid", "`port` begins with tcp:// but is no address: use tcp://host:port with a port from 1 to 65535, such as tcp://10.0.0.7:5000 or tcp://[::1]:5000", { input: "port" });
}
// src/transport/rfc2217-url.ts
const DEFAULT_TIMEOUT_S = 10;
/**
* Reads `rfc2217://host:port`, with the options that pyserial's URLs have and that mean something here: `timeout` in
* seconds, and `ign_set_control`, which changes nothing, because no answer to a line is ever waited for.
* Throws `input/invalid`.
*/
function parseRfc2217Url(url) {
	const parts = splitAddress(url);
	if (parts === void 0) throw invalid$2("is no address: use rfc2217://host:port with a port from 1 to 65535, such as rfc2217://10.0.0.7:4000 or rfc2217://[::1]:4000");
	const options = parts.query === "" ? [] : parts.query.split("&");
	let timeoutS;
	let ignoresControl = false;
	for (const option of options) {
		const seconds = /^timeout=([1-9]\d?)$/.exec(option)?.[1];
		if (seconds !== void 0 && timeoutS === void 0) timeoutS = Number(seconds);
		else if (option === "ign_set_control" && !ignoresControl) ignoresControl = true;
		else throw invalid$2("has an option that it does not take: use timeout=<1 to 99 seconds> and ign_set_control, each once");
	}
	return {
		...parts.address,
		timeoutMs: (timeoutS ?? DEFAULT_TIMEOUT_S) * 1e3
	};
}
function invalid$2(problem) {
	return new FlashError("input/invalid", `\`port\` begins with rfc2217:// but ${problem}`, { input: "port" });
}
// src/open-transport.ts
/** The rate at which every loader can be spoken to first. */
const FIRST_BAUD = 115200;
/** A new kind of port is a row here. Each loads only what it needs. */
const openers = {
	"rfc2217:": {
		check: parseRfc2217Url,
		open: async (port, options) => (await import("./rfc2217.js")).openRfc2217(port, FIRST_BAUD, options)
	},
	"tcp:": {
		check: parseTcpUrl,
		open: async (port, options) => (await import("./tcp.js")).openTcp(port, options)
	},
	"virtual:": {
		check: checkVirtual,
		open: async (port, { clock }) => (await import("./virtual-transport.js")).openVirtualTransport(port, clock)
	}
};
const serialOpener = {
	check: checkSerialName,
	open: async (port, options) => (await import("./serial.js")).openSerial(port, FIRST_BAUD, options)
};
/** Two letters at least, as one is a drive of Windows. */
const SCHEME = /^[a-z][a-z0-9+.-]+:/i;
/** Checks how the input `port` is written, without opening anything. Throws `input/invalid`. */
function checkPort(port) {
	findOpener(port).check(port);
}
/**
* Opens what the input `port` names: a device path, `rfc2217://host:port`, `tcp://host:port` or `virtual:<chip>`. Throws `input/invalid` and the
* `port/…` errors of its kind; rejects with the signal's reason when that aborts first.
*/
async function openTransport(port, options) {
	const opener = findOpener(port);
	opener.check(port);
	options.signal.throwIfAborted();
	return opener.open(port, options);
}
function findOpener(port) {
	const scheme = SCHEME.exec(port)?.[0].toLowerCase();
	if (scheme === void 0) return serialOpener;
	const opener = openers[scheme];
	if (opener) return opener;
	throw invalidPort(`begins with ${scheme}, which is no kind of port`);
}
function checkVirtual(port) {
	if (!/^virtual:[a-z0-9-]+(\?[!-~]*)?$/.test(port)) throw invalidPort("names no virtual board");
}
function checkSerialName(port) {
	const [pattern, example] = process.platform === "win32" ? [/^(\\\\\.\\)?COM[1-9]\d*$/i, "COM3"] : [/^\/[^\p{Cc}]+$/u, "/dev/ttyUSB0"];
	if (!pattern.test(port)) throw invalidPort(`is no device of this system, such as ${example}`);
}
function invalidPort(problem) {
	return new FlashError("input/invalid", `\`port\` ${problem}: use the path of a serial device, rfc2217://host:port, tcp://host:port, or virtual:esp32`, { input: "port" });
}
// src/ports/selector.ts
/** Selectors by the word before the colon. A new one is a row here and one in `select.ts`. */
const selectorKinds = {
	"usb:": {
		form: "usb:10c4:ea60 (vendor and product in hex)",
		parse(value) {
			const [, vendor, product] = /^([0-9a-f]{4}):([0-9a-f]{4})$/i.exec(value) ?? [];
			if (vendor === void 0 || product === void 0) return void 0;
			return {
				kind: "usb",
				vendorId: Number.parseInt(vendor, 16),
				productId: Number.parseInt(product, 16)
			};
		}
	},
	"serial:": {
		form: "serial:0001 (the USB serial number)",
		parse: (value) => /^[^\p{Cc}]+$/u.test(value) ? {
			kind: "serial",
			serial: value
		} : void 0
	},
	"location:": {
		form: "location:1-1.2 (bus and hub ports; with two ports on one device location:1-1.2:1.0)",
		parse(value) {
			const [, location, usbInterface] = LOCATION.exec(value) ?? [];
			if (location === void 0) return void 0;
			return {
				kind: "location",
				location,
				...usbInterface && { interface: usbInterface }
			};
		}
	},
	"mac:": {
		form: "mac:4c:11:ae:b9:90:54",
		parse: (value) => /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(value) ? {
			kind: "mac",
			mac: value.toLowerCase()
		} : void 0
	}
};
/** As Linux names USB places, with an interface or without; or as Windows (`Port_#0002.Hub_#0003`) and macOS (hex) do. */
const LOCATION = /^(\d+-\d+(?:\.\d+)*|Port_#\d+\.Hub_#\d+|(?:0x)?[0-9a-f]{6,8})(?::(\d+\.\d+))?$/i;
/**
* Reads a line of the input `port`. `undefined` for what is no port of this machine, such as `tcp://…` or `virtual:…`.
* Throws `input/invalid`.
*/
function parsePortSelector(text) {
	if (text === "auto") return { kind: "auto" };
	const scheme = /^[a-z][a-z0-9+.-]+:/i.exec(text)?.[0].toLowerCase();
	if (scheme === void 0) return parsePath(text);
	const kind = selectorKinds[scheme];
	if (kind === void 0) return void 0;
	const selector = kind.parse(text.slice(scheme.length));
	if (selector) return selector;
	throw invalid$1(`${JSON.stringify(text)} is not of the form ${kind.form}`);
}
function parsePath(text) {
	const windowsName = /^(?:\\\\\.\\)?(COM[\d*?]+)$/i.exec(text)?.[1];
	if (windowsName !== void 0 && process.platform === "win32") return pathOrGlob("", windowsName.toUpperCase(), text);
	const at = text.lastIndexOf("/");
	const [folder, name] = [text.slice(0, at + 1), text.slice(at + 1)];
	if (!folder.startsWith("/") || /\p{Cc}/u.test(text)) {
		const forms = Object.values(selectorKinds).map(({ form }) => form);
		const example = process.platform === "win32" ? "COM3" : "/dev/ttyUSB0";
		throw invalid$1(`${JSON.stringify(text)} is none of ${example}, ${forms.join(", ")}, auto, tcp://…, rfc2217://…`);
	}
	if (/[*?]/.test(folder)) throw invalid$1(`${text} has * or ? before its last /, where they are not taken`);
	if (/[[\]{}]/.test(text)) throw invalid$1(`${text} has brackets: only * and ? are wildcards`);
	return pathOrGlob(folder, name, text);
}
function pathOrGlob(folder, name, text) {
	if (!/[*?]/.test(name)) return {
		kind: "path",
		path: folder + name
	};
	const parts = Array.from(name, (character) => {
		if (character === "*") return ".*";
		return character === "?" ? "." : character.replace(/[\\^$.|+()]/, "\\$&");
	});
	return {
		kind: "glob",
		folder,
		pattern: new RegExp(`^(?!\\.)${parts.join("")}$`, "u"),
		text
	};
}
function invalid$1(problem) {
	return new FlashError("input/invalid", `\`port\`: ${problem}`, { input: "port" });
}
// src/action/format.ts
/** `850 ms` or `12.3 s`. */
function formatDuration(durationMs) {
	return durationMs < 1e3 ? `${durationMs.toFixed(0)} ms` : `${formatSeconds(durationMs)} s`;
}
/** Seconds with one digit behind the point, without a unit: `12.3`. */
function formatSeconds(durationMs) {
	return (durationMs / 1e3).toFixed(1);
}
/** From major · 100 + minor: `v3.1`. */
function formatRevision(revision) {
	return `v${Math.floor(revision / 100)}.${revision % 100}`;
}
/** As flash sizes are written: `4MB`, `512KB`. */
function formatFlashSize(sizeBytes) {
	const megabyte = 1048576;
	return sizeBytes >= megabyte ? `${sizeBytes / megabyte}MB` : `${sizeBytes / 1024}KB`;
}
// src/action/cancel.ts
/**
* The runner sends SIGINT, 7.5 s later SIGTERM, 2.5 s later SIGKILL (actions/runner, ProcessInvoker.cs at 258d6c8).
* This leaves time to write the outputs, and ends within 5 s in any case.
*/
const CLEANUP_MS = 4e3;
/** Watches for SIGINT, SIGTERM and the end of the step's time. A second signal does not wait for the cleaning up. */
function watchCancellation(source, clock, timeoutMs) {
	const controller = new AbortController();
	let giveUp = () => void 0;
	let leftBehind = false;
	let cancelCleanup = () => void 0;
	const abort = (reason) => {
		if (controller.signal.aborted) {
			giveUp();
			return;
		}
		cancelCleanup = clock.schedule(CLEANUP_MS, () => giveUp());
		controller.abort(reason);
	};
	let leftMs = timeoutMs;
	let startedMs = clock.nowMs();
	let cancelTimeout;
	const startTimeout = () => {
		startedMs = clock.nowMs();
		cancelTimeout = clock.schedule(leftMs, () => abort(new FlashError("job/timeout", `The step took longer than ${formatDuration(timeoutMs)}.`)));
	};
	startTimeout();
	const listeners = ["SIGINT", "SIGTERM"].map((name) => {
		const listener = () => abort(new FlashError("job/cancelled", `The step was cancelled (${name}).`));
		source.on(name, listener);
		return {
			name,
			listener
		};
	});
	return {
		signal: controller.signal,
		waitFor(work) {
			const patience = new Promise((_resolve, reject) => {
				giveUp = () => {
					leftBehind = true;
					reject(controller.signal.reason);
				};
			});
			return Promise.race([work, patience]).finally(() => {
				giveUp = () => void 0;
			});
		},
		leftBehind: () => leftBehind,
		pause() {
			if (cancelTimeout === void 0) return;
			cancelTimeout();
			cancelTimeout = void 0;
			leftMs = Math.max(0, leftMs - (clock.nowMs() - startedMs));
		},
		resume() {
			if (cancelTimeout === void 0) startTimeout();
		},
		end() {
			cancelTimeout?.();
			cancelCleanup();
			for (const { name, listener } of listeners) source.off(name, listener);
		}
	};
}
// src/action/failure.ts
/** The runner cuts an annotation at 4096 characters (actions/runner, ExecutionContext.cs); the hint has to fit. */
const LONGEST_MESSAGE = 3e3;
const MOST_CAUSES = 5;
function shortened(text) {
	return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text;
}
/** Messages of the chain of causes, without those that only say the same again. */
function causesOf(error) {
	const messages = [];
	let cause = error.cause;
	while (cause instanceof Error && messages.length < MOST_CAUSES) {
		if (cause.message !== "" && !error.message.includes(cause.message)) messages.push(cause.message);
		cause = cause.cause;
	}
	return messages;
}
/** One line for each fact that an error carries; a list has a line for each of its items. */
function detailLines(details) {
	return Object.entries(details).flatMap(([name, value]) => typeof value === "object" ? [`${name}:`, ...value.map((item) => `  ${item}`)] : [`${name}: ${value.toString()}`]);
}
function stackLines(error) {
	if (error.code !== "internal/unexpected") return [];
	const { stack } = error.cause instanceof Error ? error.cause : error;
	return stack?.split("\n") ?? [];
}
/** The text of the annotation: what happened, why, and the way out. */
function failureText(error) {
	const causes = causesOf(error).map((message) => `Cause: ${message}`);
	return `${shortened([error.message, ...causes].flatMap(plainLines).join("\n"))}\nWay out: ${error.hint}`;
}
/** Tells an error: a group with its details, then the step's one annotation. */
function reportFailure(log, error) {
	const lines = [...detailLines(error.details), ...stackLines(error)];
	if (lines.length > 0) {
		log.startGroup("Details of the error");
		lines.flatMap(plainLines).forEach((line) => log.info(line));
		log.endGroup();
	}
	log.error(failureText(error), { title: plainLine(`ESP32 flash: ${error.code}`) });
}
// src/device/reset-sequence.ts
/** A step that waits longer is a slip of the pen. */
const MAX_WAIT_S = 60;
function invalid(token, reason) {
	const message = `The reset sequence has the step ${JSON.stringify(token)}: ${reason}.`;
	return new FlashError("input/invalid", message, { token });
}
/**
* Reads a reset sequence as esptool's configuration writes it: steps divided by `|`, each `D0` or `D1` (DTR), `R0` or `R1`
* (RTS), `U1,0` (both at once, DTR first) or `W0.1` (wait, in seconds). 1 is asserted; both lines begin at 0. Strict: no
* empty step, no other sign. Throws input/invalid with the step that is wrong.
*/
function parseResetSequence(text) {
	let lines = {
		dtr: false,
		rts: false
	};
	return text.split("|").map((token) => {
		const [, kind = "", first = "", second = ""] = /^([DRU])([01])(?:,([01]))?$/.exec(token) ?? [];
		if (kind !== "" && kind === "U" === (second !== "")) {
			if (kind === "U") lines = {
				dtr: first === "1",
				rts: second === "1"
			};
			else lines = kind === "D" ? {
				...lines,
				dtr: first === "1"
			} : {
				...lines,
				rts: first === "1"
			};
			return lines;
		}
		const [, seconds] = /^W(\d{1,2}(?:\.\d{1,6})?)$/.exec(token) ?? [];
		if (seconds === void 0) throw invalid(token, "it is none of D0, D1, R0, R1, U0,1 and W0.1");
		if (Number(seconds) > MAX_WAIT_S) throw invalid(token, `it waits longer than ${MAX_WAIT_S} s`);
		return Number(seconds) * 1e3;
	});
}
// src/flash/job.ts
/**
* What shall hold outside the images. `all`: blank. `touched`: what was there, but for the rest of the sectors that an
* image ends or begins in. `none`: as `touched`, and no sector is erased at all.
*/
const eraseModes = [
	"all",
	"touched",
	"none"
];
const beforeModes = [
	"default-reset",
	"usb-reset",
	"no-reset",
	"no-reset-no-sync"
];
const afterModes = [
	"hard-reset",
	"soft-reset",
	"no-reset",
	"no-reset-stub",
	"watchdog-reset"
];
/** Guards that a job may switch off, each by its own name, and the error that each one stops a job with. */
const guards = {
	"data-loss": "plan/data-loss",
	"would-not-boot": "plan/would-not-boot",
	"image-mismatch": "chip/image-mismatch",
	"chip-revision": "chip/revision",
	"bootloader-offset": "plan/bootloader-offset",
	"app-offset": "plan/app-offset",
	"app-too-large": "plan/app-too-large",
	"table-overlap": "plan/table-overlap",
	"table-beyond-flash": "plan/table-beyond-flash",
	overlap: "plan/overlap",
	"out-of-range": "plan/out-of-range",
	"declared-size": "plan/declared-size",
	"flash-size": "plan/flash-size",
	"above-16mib": "plan/above-16mib",
	preserve: "plan/preserve",
	"secure-boot-v1": "security/secure-boot-v1",
	"secure-boot-v2": "security/secure-boot-v2",
	"flash-encryption": "security/flash-encryption",
	"key-manager": "security/key-manager",
	unverified: "plan/unverified"
};
const allowances = Object.keys(guards);
// src/image/flash-settings.ts
/** Byte 2 of an image header. */
const flashModeCodes = {
	qio: 0,
	qout: 1,
	dio: 2,
	dout: 3
};
const KIB = 1024;
function codeOf(word, codes, what) {
	if (word === void 0 || word === "keep") return void 0;
	const code = Object.hasOwn(codes, word) ? codes[word] : void 0;
	if (code !== void 0) return code;
	const known = Object.keys(codes).join(", ");
	throw new FlashError("chip/unsupported", `${what} is "${word}", but takes keep or one of ${known}.`, { value: word });
}
function sizeWord(sizeBytes) {
	return sizeBytes < KIB * KIB ? `${sizeBytes / KIB}KB` : `${sizeBytes / KIB / KIB}MB`;
}
function detectedSizeCode(chip, flashSizeBytes) {
	const code = flashSizeBytes === void 0 ? void 0 : chip.flashSizeCodes[sizeWord(flashSizeBytes)];
	if (code !== void 0) return code;
	const found = flashSizeBytes === void 0 ? "an unknown size" : formatBytes(flashSizeBytes);
	throw new FlashError("chip/unsupported", `flash-size is "detect", but the board's flash has ${found}, which an image header of ${chip.label} cannot say.`);
}
/**
* The header values for `words` on a chip. `flashSizeBytes` is what the board's flash has, for `detect`. Throws
* chip/unsupported for a word that the chip's headers have no code for.
*/
function flashSettingsFrom(words, chip, flashSizeBytes) {
	const flashModeByte = codeOf(words.mode, flashModeCodes, "flash-mode");
	const frequencyCode = codeOf(words.frequency, chip.flashFrequencyCodes, `flash-freq of ${chip.label}`);
	const sizeCode = words.size === "detect" ? detectedSizeCode(chip, flashSizeBytes) : codeOf(words.size, chip.flashSizeCodes, `flash-size of ${chip.label}`);
	return {
		...flashModeByte === void 0 ? {} : { flashModeByte },
		...frequencyCode === void 0 ? {} : { frequencyCode },
		...sizeCode === void 0 ? {} : { sizeCode }
	};
}
// src/action/command-line.ts
/** What only a shell would do something with. */
const SHELL_ONLY = /[|&;<>()$`\\*?[\]{}~#!]/;
/**
* The words of a command that is run without a shell: parted by blanks, single or double quotes keep blanks together.
* `undefined` for an open quote, several lines, and characters outside quotes that only a shell would understand.
*/
function commandWords(text) {
	const words = [];
	let rest = text.trim();
	if (/\p{Cc}/u.test(rest)) return void 0;
	while (rest !== "") {
		const [word = ""] = /^(?:"[^"]*"|'[^']*'|[^\s"'])+(?=\s|$)/.exec(rest) ?? [];
		const isPlain = !SHELL_ONLY.test(word.replaceAll(/"[^"]*"|'[^']*'/g, ""));
		if (word === "" || !isPlain) return void 0;
		words.push(word.replaceAll(/"([^"]*)"|'([^']*)'/g, "$1$2"));
		rest = rest.slice(word.length).trimStart();
	}
	const [program, ...args] = words;
	return program === void 0 || program === "" ? void 0 : [program, ...args];
}
// src/action/file-lines.ts
/** What a line of the input `files` takes, for people. */
const fileLineForm = "takes lines of `offset-or-partition source [sha256]`";
/** ESP-IDF `esp_partition.h` (v5.3): a label has at most 16 characters. */
const longestPartitionName = 16;
/** The lines of `files` that mean something, with their numbers; `#` begins a comment where a line would. */
function fileLines(text) {
	return text.split(/\r?\n/).map((line, index) => ({
		number: index + 1,
		text: line.trim()
	})).filter((line) => line.text !== "" && !line.text.startsWith("#"));
}
/**
* One line: where it goes, where it comes from, and its digest, between blanks; quotes keep blanks together. Undefined
* for a line of another form. What begins with a digit is an offset and never a partition.
*/
function parseFileLine(line) {
	const [placeText, location, sha256, ...more] = Array.from(line.matchAll(/"([^"]*)"|([^\s"]+)/g), ([, quoted, plain]) => quoted ?? plain ?? "");
	if (!(line.replace(/"[^"]*"|[^\s"]+/g, "").trim() === "") || placeText === void 0 || location === void 0 || location === "" || more.length > 0) return;
	if (sha256 !== void 0 && !/^[0-9a-f]{64}$/i.test(sha256)) return void 0;
	const pinned = sha256 === void 0 ? {} : { sha256: sha256.toLowerCase() };
	if (/^\d/.test(placeText)) {
		const offset = /^(0x[0-9a-f]+|\d+)$/i.test(placeText) ? Number(placeText) : 1e400;
		return offset > 4294967295 ? void 0 : {
			location,
			...pinned,
			place: {
				kind: "offset",
				offset
			}
		};
	}
	return placeText.length <= longestPartitionName && /^[^\p{Cc}:/\\]+$/u.test(placeText) ? {
		location,
		...pinned,
		place: {
			kind: "partition",
			name: placeText
		}
	} : void 0;
}
// src/action/input-schemas.ts
const MAX_ADDRESS = 4294967295;
/** A job on a self-hosted runner may last days, a flash never does. */
const MAX_TIMEOUT_S = 86400;
const oneLine = pipe(string(), nonEmpty(), check((text) => !/\p{Cc}/u.test(text)));
/** Empty is undefined. */
const optional = (schema) => union([pipe(literal(""), transform(() => void 0)), schema]);
const wholeNumber = (lowest, highest) => pipe(string(), regex(/^\d+$/), transform(Number), minValue(lowest), maxValue(highest));
const boolean = pipe(picklist([
	"true",
	"True",
	"TRUE",
	"false",
	"False",
	"FALSE"
]), transform((text) => text.toLowerCase() === "true"));
const address = pipe(string(), regex(/^(0x[0-9a-f]+|\d+)$/i), transform(Number), minValue(0), maxValue(MAX_ADDRESS));
const sha256 = pipe(string(), regex(/^[0-9a-f]{64}$/i), toLowerCase());
/** Seconds or minutes, as milliseconds. */
const duration = (lowestS) => pipe(string(), regex(/^\d+[sm]?$/), transform((text) => Number.parseInt(text, 10) * (text.endsWith("m") ? 60 : 1)), minValue(lowestS), maxValue(MAX_TIMEOUT_S), transform((seconds) => seconds * 1e3));
/** Words between commas, blanks and line ends, each of which `item` takes. */
const words = (item) => pipe(string(), transform((text) => text.split(/[\s,]+/).filter((word) => word !== "")), array(item));
/** One of `values` in any case, as it stands there. */
const oneOf = (values) => pipe(string(), transform((text) => values.find((value) => value.toLowerCase() === text.toLowerCase()) ?? ""), nonEmpty());
// src/action/inputs.ts
const lockModes = [
	"job",
	"step",
	"off"
];
const mac = pipe(string(), regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i), toLowerCase());
const folder = pipe(oneLine, check((text) => isAbsolute(text)));
const command = pipe(string(), transform(commandWords), check((words) => words !== void 0));
const allow = pipe(words(picklist(allowances)), transform((names) => new Set(names)));
const chip = pipe(string(), toLowerCase(), picklist(["auto", ...chipNames]));
const baud = union([literal("auto"), wholeNumber(1200, 5e6)]);
/** Read by its own parser, which throws, so the schema says no more than whether it did. */
const resetSequence = pipe(string(), rawTransform(({ dataset, addIssue, NEVER }) => {
	try {
		return parseResetSequence(dataset.value);
	} catch (thrown) {
		addIssue({ message: toFlashError(thrown).message });
		return NEVER;
	}
}));
/** Each line by itself, so that an error can name the line. */
const files = pipe(string(), transform((text) => fileLines(text).flatMap((line) => parseFileLine(line.text) ?? [])));
const partitionName = pipe(string(), maxLength(16), regex(/^[^\p{Cc}]+$/u));
const valuesOfAllChips = (codesOf) => [...new Set(Object.values(chips).flatMap((definition) => Object.keys(codesOf(definition))))];
const flashModes = ["keep", ...Object.keys(flashModeCodes)];
const flashFrequencies = ["keep", ...valuesOfAllChips((definition) => definition.flashFrequencyCodes)];
const flashSizes = [
	"keep",
	"detect",
	...valuesOfAllChips((definition) => definition.flashSizeCodes)
];
const listed = (values) => `takes one of ${values.join(", ")}`;
function row(name, schema, accepts, defaultText) {
	return {
		name,
		schema,
		accepts,
		defaultText: defaultText ?? "",
		required: defaultText === void 0
	};
}
/** Every input of the action; a row without a default is required. */
const inputTable = {
	port: row("port", oneLine, "takes a device path, auto, usb:, serial:, location: or mac:, rfc2217://host:port, tcp://host:port or virtual:<chip>"),
	expectMac: row("expect-mac", optional(mac), "takes a MAC such as 4c:11:ae:b9:90:54", ""),
	waitForPortMs: row("wait-for-port", duration(0), "takes seconds (60, 60s) or minutes (2m), at most 24 h", "0"),
	lock: row("lock", picklist(lockModes), listed(lockModes), "job"),
	lockTimeoutMs: row("lock-timeout", duration(0), "takes seconds (60, 60s) or minutes (30m), at most 24 h", "60m"),
	lockDir: row("lock-dir", optional(folder), "takes the whole path of a folder", ""),
	powerCycle: row("power-cycle", optional(command), "takes a program and its arguments; it is run without a shell, so nothing that only a shell knows may stand outside quotes", ""),
	chip: row("chip", chip, listed(["auto", ...chipNames]), "auto"),
	firmwareUrl: row("firmware-url", optional(oneLine), "takes an http, https or file URL, github-release:owner/repo@tag/asset, or a path", ""),
	offset: row("offset", optional(address), "takes a hex (0x10000) or decimal (65536) address", ""),
	sha256: row("sha256", optional(sha256), "takes 64 hex digits", ""),
	files: row("files", files, fileLineForm, ""),
	token: row("token", optional(oneLine), "takes a GitHub token", ""),
	flashMode: row("flash-mode", oneOf(flashModes), listed(flashModes), "keep"),
	flashFreq: row("flash-freq", oneOf(flashFrequencies), listed(flashFrequencies), "keep"),
	flashSize: row("flash-size", oneOf(flashSizes), listed(flashSizes), "keep"),
	baud: row("baud", baud, "takes auto or a number from 1200 to 5000000", "auto"),
	erase: row("erase", picklist(eraseModes), listed(eraseModes), "all"),
	preserve: row("preserve", words(partitionName), "takes a list of partition names", ""),
	keepGaps: row("keep-gaps", boolean, "takes true or false", "false"),
	before: row("before", picklist(beforeModes), listed(beforeModes), "default-reset"),
	after: row("after", picklist(afterModes), listed(afterModes), "hard-reset"),
	resetSequence: row("reset-sequence", optional(resetSequence), "takes steps such as D0|R1|W0.1|D1|R0|W0.05|D0", ""),
	stub: row("stub", boolean, "takes true or false", "true"),
	compress: row("compress", boolean, "takes true or false", "true"),
	connectAttempts: row("connect-attempts", wholeNumber(1, 100), "takes a number from 1 to 100", "7"),
	timeoutMs: row("timeout", duration(1), "takes seconds (600, 600s) or minutes (10m), at least 1 s, at most 24 h", "600"),
	allow: row("allow", allow, `takes a list of ${allowances.join(", ")}`, ""),
	dryRun: row("dry-run", boolean, "takes true or false", "false")
};
Object.values(inputTable);
const LONGEST_SHOWN = 120;
/** The value as the error shows it: quoted, one line, not endless, without credentials. */
function shown(value) {
	const text = /:\/\/.*[@?]/s.test(value) ? redactUrl(value) : value;
	return JSON.stringify(text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);
}
function readOne(input, text, problems) {
	const { name, accepts } = input;
	if (text === "" && input.required) {
		problems.push({
			code: "input/required",
			name,
			text: `\`${name}\` is not set: it ${accepts}`
		});
		return;
	}
	const parsed = safeParse(input.schema, text === "" ? input.defaultText : text);
	if (parsed.success) return parsed.output;
	problems.push({
		code: "input/invalid",
		name,
		text: `\`${name}\` is ${shown(text)}: it ${accepts}`
	});
}
/** The kinds of port are known below this floor only. */
function checkPortName(port, problems) {
	if (typeof port !== "string") return;
	try {
		if (parsePortSelector(port) === void 0) checkPort(port);
	} catch (thrown) {
		problems.push({
			code: "input/invalid",
			name: "port",
			text: `${toFlashError(thrown).message} (it is ${shown(port)})`
		});
	}
}
function checkFileLines(text, problems) {
	for (const line of fileLines(text)) {
		if (parseFileLine(line.text) !== void 0) continue;
		problems.push({
			code: "input/invalid",
			name: "files",
			text: `\`files\` is ${shown(line.text.replace(/[^\s"]+/g, redactUrl))} in line ${line.number}: it ${fileLineForm}`
		});
	}
}
function refuseProblems(problems) {
	if (problems.length === 0) return;
	const code = problems.every((problem) => problem.code === "input/required") ? "input/required" : "input/invalid";
	throw new FlashError(code, problems.map((problem) => problem.text).join("\n"), { inputs: problems.map((problem) => problem.name) });
}
/** Pairs of inputs of which one says what the other says already. */
const rivals = [
	{
		names: ["firmware-url", "files"],
		clash: (inputs) => inputs.firmwareUrl !== void 0 && inputs.files.length > 0
	},
	{
		names: ["offset", "files"],
		clash: (inputs) => inputs.offset !== void 0 && inputs.files.length > 0
	},
	{
		names: ["sha256", "files"],
		clash: (inputs) => inputs.sha256 !== void 0 && inputs.files.length > 0
	}
];
function refuseConflicts(inputs) {
	if (inputs.resetSequence !== void 0 && inputs.before.startsWith("no-reset")) throw new FlashError("input/conflict", `\`reset-sequence\` says how the board is reset, but \`before: ${inputs.before}\` that it is not.`, { inputs: ["reset-sequence", "before"] });
	for (const { names, clash } of rivals) {
		if (!clash(inputs)) continue;
		const [one, other] = names;
		throw new FlashError("input/conflict", `\`${one}\` and \`${other}\` are both set, but only one of them can count.`, { inputs: names });
	}
	if (inputs.after === "no-reset-stub" && !inputs.stub) throw new FlashError("input/conflict", "`after: no-reset-stub` leaves the stub running, but `stub: false` says that there is none.", { inputs: ["after", "stub"] });
}
/**
* Reads and checks every input; `read` gives an input's text by its name in the workflow, "" where it is not set.
* Throws `input/required` or `input/invalid` with a line for each bad input, or `input/conflict`.
*/
function readInputs(read) {
	const problems = [];
	const values = Object.entries(inputTable).map(([key, input]) => [key, readOne(input, read(input.name).trim(), problems)]);
	const inputs = Object.fromEntries(values);
	checkPortName(inputs.port, problems);
	checkFileLines(read("files"), problems);
	if (read("firmware-url").trim() === "" && fileLines(read("files")).length === 0) problems.push({
		code: "input/required",
		name: "firmware-url",
		text: "`firmware-url` is not set, and neither is `files`: one of them says what to flash"
	});
	refuseProblems(problems);
	refuseConflicts(inputs);
	return inputs;
}
// src/action/outputs.ts
/** A fact that an error carries: what was learnt about the board before the job failed. */
function errorDetail(outcome, name) {
	const value = outcome.error?.details[name];
	return typeof value === "string" ? value : "";
}
const ofResult = (text, unknown = "") => (outcome) => outcome.result === void 0 ? unknown : text(outcome.result);
/** Every output of the action. */
const outputTable = {
	mac: (outcome) => outcome.result?.identity.mac ?? errorDetail(outcome, "mac"),
	duration: (outcome) => formatSeconds(outcome.durationMs),
	chip: (outcome) => outcome.result?.chip ?? errorDetail(outcome, "chip"),
	"chip-revision": ofResult((result) => formatRevision(result.identity.revision)),
	"flash-size": ofResult((result) => formatFlashSize(result.flashSizeBytes)),
	port: (outcome) => outcome.port ?? "",
	"bytes-written": ofResult((result) => String(result.bytesWritten)),
	"bytes-sent": ofResult((result) => String(result.bytesSent)),
	skipped: ofResult((result) => String(result.skipped), "false"),
	verified: ofResult((result) => String(result.verified), "false"),
	"firmware-sha256": (outcome) => outcome.firmware?.sha256 ?? "",
	"app-version": ofResult((result) => result.app?.version ?? ""),
	"app-project": ofResult((result) => result.app?.project ?? ""),
	"app-elf-sha256": ofResult((result) => result.app?.elfSha256 ?? ""),
	result: (outcome) => JSON.stringify(resultDocument(outcome)),
	"error-code": (outcome) => outcome.error?.code ?? ""
};
/** Every output as text; what is not known is "". */
function stepOutputs(outcome) {
	const texts = Object.entries(outputTable).map(([name, text]) => [name, text(outcome)]);
	return Object.fromEntries(texts);
}
/** The output `result`: what is not known is left out. The README documents this shape. */
function resultDocument(outcome) {
	const { result, firmware, error, port } = outcome;
	return {
		ok: error === void 0,
		durationMs: Math.round(outcome.durationMs),
		port,
		error: error && {
			code: error.code,
			message: error.message,
			hint: error.hint,
			details: error.details
		},
		firmware: firmware && {
			name: firmware.name,
			lengthBytes: totalBytes(firmware),
			sha256: firmware.sha256,
			source: firmware.source,
			fromCache: firmware.fromCache,
			downloadedBytes: firmware.downloadedBytes
		},
		board: result && {
			chip: result.chip,
			package: result.identity.packageName,
			revision: formatRevision(result.identity.revision),
			mac: result.identity.mac,
			features: result.identity.features,
			crystalMhz: result.identity.crystalMhz,
			flashId: result.flashId,
			flashSizeBytes: result.flashSizeBytes
		},
		flash: result && {
			baud: result.baud,
			images: result.images,
			app: result.app,
			bytesWritten: result.bytesWritten,
			bytesErased: result.bytesErased,
			bytesSent: result.bytesSent,
			bytesInPlace: result.bytesInPlace,
			bytesToChange: result.bytesToChange,
			skipped: result.skipped,
			verified: result.verified,
			dryRun: result.dryRun,
			lostPartitions: result.lostPartitions,
			preservedPartitions: result.preservedPartitions,
			resumed: result.resumed,
			retries: result.retries,
			phases: result.phases
		}
	};
}
/** Of all parts that are flashed. */
function totalBytes(firmware) {
	return firmware.parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
/** Which board it was, for the log. */
function boardLine(result) {
	const { identity } = result;
	return `Board: ${`${identity.packageName} ${formatRevision(identity.revision)}`}, MAC ${identity.mac}, ${formatFlashSize(result.flashSizeBytes)} flash, ${result.baud} baud`;
}
/** The last line of a log without an error: what happened, in one sentence. */
function closingLine(result, durationMs) {
	const seconds = `${formatSeconds(durationMs)} s`;
	if (result.dryRun) return result.skipped ? `Dry run: the board already holds this firmware (${seconds})` : `Dry run: ${formatBytes(result.bytesToChange)} would have to change; nothing was changed (${seconds})`;
	const proof = result.verified ? "verified" : "not verified";
	return result.skipped ? `Nothing to do: the board already holds this firmware (${proof}, ${seconds})` : `Flashed ${formatBytes(result.bytesWritten)} in ${seconds}, ${proof}`;
}
// src/action/plan-request.ts
/** What the inputs say is to be fetched. */
function firmwareItems({ firmwareUrl, sha256, offset, files }) {
	if (firmwareUrl === void 0) return files;
	return [{
		location: firmwareUrl,
		sha256,
		place: offset === void 0 ? void 0 : {
			kind: "offset",
			offset
		}
	}];
}
/** `keep` leaves it to the firmware: to its layout, and where that says nothing to the header. */
function settingsOf(inputs, layout) {
	const wanted = {
		mode: inputs.flashMode,
		frequency: inputs.flashFreq,
		size: inputs.flashSize
	};
	return {
		...layout,
		...Object.fromEntries(Object.entries(wanted).filter(([, word]) => word !== "keep"))
	};
}
function chipOf(inputs, firmware) {
	const named = firmware.chip;
	if (inputs.chip !== "auto" || named === void 0) return inputs.chip;
	const known = chipNames.find((name) => name === named);
	if (known !== void 0) return known;
	throw new FlashError("chip/unknown", `${firmware.name} is for "${named}", a chip that is not known.`, { chip: named });
}
/**
* What the plan is made from. The chip that a layout names counts as named. Throws `chip/unknown` for one that the step
* does not know.
*/
function planRequest(inputs, firmware) {
	const { erase, preserve, keepGaps, before, after, baud, stub, compress, connectAttempts, allow, dryRun } = inputs;
	return {
		chip: chipOf(inputs, firmware),
		parts: firmware.parts,
		settings: settingsOf(inputs, firmware.settings),
		erase,
		preserve,
		keepGaps,
		before,
		after,
		baud,
		stub,
		compress,
		connectAttempts,
		allow,
		dryRun,
		...inputs.expectMac === void 0 ? {} : { expectMac: inputs.expectMac },
		...inputs.resetSequence === void 0 ? {} : { resetSequence: inputs.resetSequence }
	};
}
/** What the log says of parts that the layout wants encrypted; undefined if there are none. */
function encryptionRemark(firmware) {
	const names = firmware.parts.filter((part) => part.encrypted === true).map((part) => part.name);
	if (names.length === 0) return void 0;
	return `${firmware.name} marks parts for flash encryption: ${names.join(", ")}. They are written as they are, which is right for a board that has yet to encrypt itself; a board with encryption on is refused.`;
}
// src/action/reporter.ts
const PHASE_TITLES = {
	connect: "Connect to the board",
	identify: "Identify the chip",
	stub: "Start the flasher stub",
	baud: "Choose the baud rate",
	compare: "Compare with what the flash holds",
	erase: "Erase",
	write: "Write",
	verify: "Verify",
	reset: "Reset the board"
};
const PERCENT_STEP = 10;
const LINE_INTERVAL_MS = 1e3;
/** The text of each progress event that deserves a line: another tenth is done, or a second has passed. */
function progressLines(clock) {
	let lastPercent = 0;
	let lastLineMs = clock.nowMs();
	return (doneBytes, totalBytes) => {
		const percent = totalBytes === 0 ? 100 : Math.floor(doneBytes / totalBytes * 100);
		if (!(Math.floor(percent / PERCENT_STEP) > Math.floor(lastPercent / PERCENT_STEP)) && clock.nowMs() - lastLineMs < LINE_INTERVAL_MS) return void 0;
		lastPercent = percent;
		lastLineMs = clock.nowMs();
		return `${percent.toString().padStart(3)} %  ${doneBytes.toLocaleString("en-US")} of ${formatBytes(totalBytes)}`;
	};
}
/** One group a phase. Nothing that the job says can be taken for a workflow command. */
function createReporter(log, clock) {
	let groupIsOpen = false;
	const nextProgressLine = progressLines(clock);
	const closeGroup = () => {
		if (groupIsOpen) log.endGroup();
		groupIsOpen = false;
	};
	const openGroup = (title) => {
		closeGroup();
		log.startGroup(plainLine(title));
		groupIsOpen = true;
	};
	const info = (text) => plainLines(text).forEach((line) => log.info(line));
	const message = (level, text) => {
		if (level === "info") info(text);
		else if (level === "warning") log.warning(plainLines(text).join("\n"), { title: "ESP32 flash" });
		else if (log.isDebug()) plainLines(text).forEach((line) => log.debug(line));
	};
	const listener = (event) => {
		switch (event.kind) {
			case "started":
				openGroup(PHASE_TITLES[event.phase]);
				break;
			case "finished":
				info(`Done in ${formatDuration(event.durationMs)}`);
				closeGroup();
				break;
			case "progress": {
				const line = nextProgressLine(event.doneBytes, event.totalBytes);
				if (line !== void 0) info(line);
				break;
			}
			case "message": message(event.level, event.text);
		}
	};
	return {
		listener,
		openGroup,
		closeGroup
	};
}
// src/action/summary.ts
/** Cells are Markdown already; texts from outside have gone through `markdownText`. */
function table(head, rows) {
	const line = (cells) => `| ${cells.join(" | ")} |`;
	return [
		line(head),
		line(head.map(() => "---")),
		...rows.map(line)
	].join("\n");
}
function heading(outcome) {
	const { error, result } = outcome;
	if (error !== void 0) return `### ❌ ESP32 flash failed: ${error.code}`;
	if (result?.dryRun) return "### 🔍 ESP32 dry run: nothing was changed";
	const proof = result?.verified ? "verified" : "not verified";
	return result?.skipped ? `### ✅ ESP32 already up to date, ${proof}` : `### ✅ ESP32 flashed, ${proof}`;
}
function failureSection(error) {
	return `${plainLines(error.message).map(markdownText).join("<br>")}\n\n**Way out:** ${markdownText(error.hint)}`;
}
function boardFacts(outcome) {
	const { result, port, firmware } = outcome;
	const rows = [];
	if (port !== void 0) rows.push(["Port", markdownText(port)]);
	if (result !== void 0) {
		const { identity } = result;
		rows.push(["Chip", markdownText(`${identity.packageName} ${formatRevision(identity.revision)}`)]);
		rows.push(["MAC", identity.mac]);
		rows.push(["Flash", `${formatFlashSize(result.flashSizeBytes)} (id ${markdownText(result.flashId)})`]);
		rows.push(["Link", `${result.baud.toLocaleString("en-US")} baud, ${formatBytes(result.bytesSent)} sent`]);
		rows.push(["Erased on request", formatBytes(result.bytesErased)]);
		const { app } = result;
		if (app !== void 0) rows.push(["App", markdownText(`${app.project} ${app.version}`)]);
	}
	if (firmware !== void 0) {
		const origin = firmware.fromCache ? ", from the cache" : "";
		rows.push(["Firmware", `${markdownText(firmware.name)} (${formatBytes(totalBytes(firmware))}${origin})`]);
		if (firmware.sha256 !== void 0) rows.push(["Firmware SHA-256", firmware.sha256]);
	}
	rows.push(["Duration", `${formatSeconds(outcome.durationMs)} s`]);
	return table(["Fact", "Value"], rows);
}
function imageTable(result) {
	const rows = result.images.map((image) => [
		markdownText(image.name),
		hex32(image.offset),
		formatBytes(image.lengthBytes),
		image.writtenBytes === 0 ? "in place" : formatBytes(image.writtenBytes),
		image.md5 ?? "not read"
	]);
	return table([
		"Image",
		"Offset",
		"Size",
		result.dryRun ? "To write" : "Written",
		"MD5 in the flash"
	], rows);
}
function remarks(result) {
	const lost = result.lostPartitions.map(markdownText).join(", ");
	const kept = result.preservedPartitions.map(markdownText).join(", ");
	return [
		lost === "" ? "" : `⚠️ Partitions that lost data: ${lost}`,
		kept === "" ? "" : `Partitions that were kept: ${kept}`,
		result.resumed ? "An earlier run had not ended; its sectors were erased anew." : "",
		result.retries > 0 ? `Begun again after trouble: ${result.retries.toString()}×` : ""
	].filter((remark) => remark !== "");
}
function phaseTable(result) {
	return table(["Phase", "Time"], result.phases.map(({ phase, durationMs }) => [phase, formatDuration(durationMs)]));
}
/** The job summary of the step as Markdown, in which no text from outside is taken for markup. */
function summaryMarkdown(outcome) {
	const { error, result } = outcome;
	const sections = [heading(outcome)];
	if (error !== void 0) sections.push(failureSection(error));
	if (result !== void 0) sections.push(imageTable(result), ...remarks(result));
	sections.push(boardFacts(outcome));
	if (result !== void 0) sections.push(phaseTable(result));
	return `${sections.join("\n\n")}\n`;
}
// src/action/flash-step.ts
/** Named one by one: the package as a whole would bring its HTTP client along, which takes 50 ms to load. */
const log = {
	info,
	warning,
	debug,
	isDebug,
	startGroup,
	endGroup,
	error
};
/** Notes about boards and unfinished work outlive the job: the tool cache stays on a self-hosted runner. */
function notesDirectory(env, kind) {
	const cacheRoot = env.RUNNER_TOOL_CACHE ?? "";
	return join(cacheRoot === "" ? join(homedir(), ".cache") : cacheRoot, "esp32-flash-action", kind);
}
/** The runner names the API of its own GitHub, which may be an Enterprise Server. */
function githubApiUrl(env) {
	const apiUrl = env.GITHUB_API_URL ?? "";
	return apiUrl === "" ? "https://api.github.com" : apiUrl.replace(/\/+$/, "");
}
/** The way of the data. What can fail without hardware fails before the port is opened. */
async function flashBoard(inputs, learnt, surroundings) {
	const { host, clock, signal, reporter } = surroundings;
	const emit = reporter.listener;
	const { resolveFirmware } = await import("./firmware.js");
	reporter.openGroup("Get the firmware");
	const firmware = await resolveFirmware({
		input: inputs.firmwareUrl === void 0 ? "files" : "firmware-url",
		items: firmwareItems(inputs),
		chip: inputs.chip === "auto" ? void 0 : inputs.chip,
		workspace: host.env.GITHUB_WORKSPACE ?? host.cwd(),
		github: {
			apiUrl: githubApiUrl(host.env),
			token: inputs.token
		}
	}, {
		clock,
		signal,
		onMessage: (text) => emit({
			kind: "message",
			level: "info",
			text
		})
	});
	learnt.firmware = firmware;
	const remark = encryptionRemark(firmware);
	if (remark !== void 0) emit({
		kind: "message",
		level: "warning",
		text: remark
	});
	const { planFlash } = await import("./plan.js");
	const job = planFlash(planRequest(inputs, firmware));
	for (const image of job.images) {
		const size = formatBytes(image.bytes.length);
		info(plainLine(`${image.name}: ${size} for ${hex32(image.offset)}, SHA-256 ${image.sha256}`));
	}
	for (const image of job.unplaced) {
		const size = formatBytes(image.bytes.length);
		info(plainLine(`${image.name}: ${size} for the partition ${image.partition}, SHA-256 ${image.sha256}`));
	}
	reporter.closeGroup();
	const { claimBoard } = await import("./claim-board.js");
	reporter.openGroup("Find the board");
	const board = await claimBoard(inputs, {
		env: host.env,
		clock,
		signal,
		time: surroundings.watch,
		stateDir: notesDirectory(host.env, "ports"),
		say: (level, text) => emit({
			kind: "message",
			level,
			text
		}),
		onKept: (boards) => saveState(KEPT_STATE, boards)
	});
	learnt.port = board.port;
	reporter.closeGroup();
	let error;
	try {
		learnt.result = await flashClaimed(board, job, inputs, surroundings);
	} catch (thrown) {
		error = toFlashError(thrown);
		throw error;
	} finally {
		learnt.port = board.port;
		board.release(error?.code);
	}
}
/** Opens the board's port, brings the board to what the job says, and closes the port. */
async function flashClaimed(board, job, { powerCycle }, { host, clock, signal, reporter }) {
	const { flashDevice } = await import("./flash-device.js");
	const { fileJournal } = await import("./file-journal.js");
	const { runPowerCycle } = await import("./power-cycle.js");
	const transport = await board.open();
	try {
		return await flashDevice(transport, job, {
			clock,
			signal,
			emit: reporter.listener,
			journal: fileJournal(notesDirectory(host.env, "boards")),
			onIdentified: (mac) => board.identified(mac),
			...powerCycle && { powerCycle: () => runPowerCycle(powerCycle, {
				clock,
				signal
			}) }
		});
	} finally {
		await transport.close();
	}
}
function writeOutputs(outcome) {
	for (const [name, text] of Object.entries(stepOutputs(outcome))) setOutput(name, text);
}
async function writeSummary(outcome) {
	try {
		await summary.addRaw(summaryMarkdown(outcome)).write();
	} catch (thrown) {
		info(plainLine(`The job summary cannot be written: ${toFlashError(thrown).message}`));
	}
}
async function publish(outcome, host) {
	await writeSummary(outcome);
	writeOutputs(outcome);
	if (outcome.error !== void 0) {
		reportFailure(log, outcome.error);
		host.exitCode = 1;
	} else if (outcome.result !== void 0) {
		info(plainLine(boardLine(outcome.result)));
		info(closingLine(outcome.result, outcome.durationMs));
	}
}
/** Whatever broke while the step was being ended, the end itself is what happened. */
function whatHappened(thrown, signal) {
	const error = toFlashError(thrown);
	if (signal?.aborted !== true) return error;
	const reason = toFlashError(signal.reason);
	return error.code === reason.code ? error : reason;
}
/** The step up to its end, good or bad. Never rejects. */
async function runStep(host, clock, startedMs) {
	const learnt = {};
	const reporter = createReporter(log, clock);
	let watch;
	try {
		const inputs = readInputs((name) => getInput(name));
		learnt.port = inputs.port;
		watch = watchCancellation(host, clock, inputs.timeoutMs);
		await watch.waitFor(flashBoard(inputs, learnt, {
			host,
			clock,
			signal: watch.signal,
			watch,
			reporter
		}));
	} catch (thrown) {
		learnt.error = whatHappened(thrown, watch?.signal);
	}
	reporter.closeGroup();
	return {
		outcome: {
			durationMs: clock.nowMs() - startedMs,
			...learnt
		},
		watch
	};
}
/**
* The step behind its first line: reads inputs, flashes the board, writes outputs, log and summary, and sets the exit
* code. `startedMs`: when the step began, on `clock`.
*/
async function flashStep(host, clock, startedMs) {
	const { outcome, watch } = await runStep(host, clock, startedMs);
	try {
		await publish(outcome, host);
	} catch (thrown) {
		reportFailure(log, toFlashError(thrown));
		host.exitCode = 1;
	}
	watch?.end();
	if (watch?.leftBehind() === true) host.exit(1);
}
export { parsePortSelector as a, parseTcpUrl as c, chips as d, esp32 as f, KEPT_STATE as g, readField as h, formatDuration as i, chipByImageId as l, RTC_WATCHDOG_KEY as m, flashSettingsFrom as n, openTransport as o, ROM_MAX_FLASH_BYTES as p, guards as r, parseRfc2217Url as s, flashStep as t, chipByMagic as u };
