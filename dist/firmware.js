import { E as string, G as parseFileUrl, I as readUint16, J as schemeOf, L as readUint32, P as hex32, S as record, T as safeParse, Y as FlashError, _ as optional, b as pipe, c as literal, d as maxValue, f as minValue, g as object, h as number, i as array, l as looseObject, o as integer, q as redactUrl, r as systemCodeOf, s as is } from "./first-line.js";
import { a as withoutCredentials, c as sha256Of, d as checkSize, f as tooLarge, g as maxFirmwareBytes, l as checkContent, m as parseAddress, n as objectionTo, o as crc32Of, p as layoutError, u as checkNotEmpty } from "./redirect.js";
import { d as chips } from "./step.js";
import { gunzip, inflateRaw } from "node:zlib";
import { basename, dirname, isAbsolute, posix, relative, resolve, sep } from "node:path";
import { readFile, readdir, realpath, stat } from "node:fs/promises";
// src/firmware/flash-args.ts
/** Options of esptool's write-flash that have a value: what they set. Both spellings, and the old short ones. */
const settingOptions = {
	"--flash-mode": "mode",
	"--flash-freq": "frequency",
	"--flash-size": "size",
	"-fm": "mode",
	"-ff": "frequency",
	"-fs": "size"
};
/** Options that only say how esptool goes about it. */
const idleOptions = /* @__PURE__ */ new Set([
	"--compress",
	"-z",
	"--no-compress",
	"-u",
	"--no-progress",
	"-p",
	"--verify"
]);
/**
* ESP-IDF's `flash_args`, the arguments of esptool's write-flash: options, then pairs of offset and file, in lines.
* Throws `firmware/layout` with the line.
*/
function parseFlashArgs(source) {
	const parts = [];
	const settings = {};
	let isAllEncrypted = false;
	let isEncrypted = false;
	const tokens = tokensOf(source);
	for (let index = 0; index < tokens.length; index++) {
		const { text, line, at } = tokens[index] ?? {
			text: "",
			line: 0,
			at: 0
		};
		const next = (what) => {
			index++;
			const value = tokens[index]?.text;
			if (value === void 0) throw layoutError(source.name, `ends in line ${line} where ${what} is missing`, at);
			return value;
		};
		const option = text.startsWith("--") ? text.replaceAll("_", "-") : text;
		const setting = Object.hasOwn(settingOptions, option) ? settingOptions[option] : void 0;
		const offset = parseAddress(text);
		if (setting !== void 0) settings[setting] = next("a value");
		else if (option === "--encrypt") isAllEncrypted = true;
		else if (option === "--encrypt-files") isEncrypted = true;
		else if (offset !== void 0) parts.push({
			path: next("a file"),
			offset,
			encrypted: isEncrypted
		});
		else if (!idleOptions.has(option)) throw layoutError(source.name, `has an unknown word in line ${line}: ${JSON.stringify(text)}`, at);
	}
	return {
		parts: parts.map((part) => isAllEncrypted ? {
			...part,
			encrypted: true
		} : part),
		settings
	};
}
/** Words between blanks; quotes keep blanks together. */
function tokensOf({ name, text }) {
	let line = 1;
	return Array.from(text.matchAll(/\n|"[^"\n]*"|'[^'\n]*'|[^\s"']+|["']/g)).flatMap(({ 0: word, index: at }) => {
		if (word === "\"" || word === "'") throw layoutError(name, `has an open quote in line ${line}`, at);
		if (word === "\n") {
			line++;
			return [];
		}
		return [{
			text: /^["']/.test(word) ? word.slice(1, -1) : word,
			line,
			at
		}];
	});
}
// src/firmware/json-positions.ts
/** Deep enough for any layout, and far from the end of the stack. */
const maxDepth = 64;
/** A path of keys and indexes as one key of a map. */
function pathKey(path) {
	return JSON.stringify(path.map(String));
}
/** Reads a JSON text (RFC 8259) for its places only: `JSON.parse` tells them for some errors, and for no value. */
function findPositions(text) {
	const valuesAt = /* @__PURE__ */ new Map();
	let at = 0;
	const skip = (pattern) => {
		pattern.lastIndex = at;
		const found = pattern.exec(text)?.[0];
		at += found?.length ?? 0;
		return found;
	};
	const take = (sign) => {
		skip(/[ \t\r\n]*/y);
		if (text[at] !== sign) return false;
		at++;
		return true;
	};
	/** Members up to the closing sign; each of these functions says whether all was well up to `at`. */
	const members = (close, member) => {
		if (take(close)) return true;
		for (let index = 0;; index++) {
			if (!member(index)) return false;
			if (take(close)) return true;
			if (!take(",")) return false;
		}
	};
	const property = (path) => {
		skip(/[ \t\r\n]*/y);
		const start = at;
		const key = skip(stringPattern);
		return key === void 0 ? fail(start) : take(":") && value([...path, JSON.parse(key)]);
	};
	const fail = (place) => {
		at = place;
		return false;
	};
	const value = (path) => {
		skip(/[ \t\r\n]*/y);
		valuesAt.set(pathKey(path), at);
		if (path.length > maxDepth) return false;
		if (take("{")) return members("}", () => property(path));
		if (take("[")) return members("]", (index) => value([...path, index]));
		return skip(stringPattern) !== void 0 || skip(literalPattern) !== void 0;
	};
	return {
		errorAt: value([]) && (skip(/[ \t\r\n]*/y), at === text.length) ? void 0 : at,
		valuesAt
	};
}
/** Control characters beyond those that JSON forbids have no place in a layout either. */
const stringPattern = /"(?:[^"\\\p{Cc}]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"/uy;
const literalPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/y;
// src/firmware/layout-json.ts
/** A layout's JSON in the form that `schema` gives. Throws `firmware/layout`, with the place where it is wrong. */
function readJson(source, schema) {
	const { name, text } = source;
	const { errorAt, valuesAt } = findPositions(text);
	if (errorAt !== void 0) throw layoutError(name, "is not JSON, or nested too deep", errorAt);
	const offsetOf = (...path) => valuesAt.get(pathKey(path)) ?? (path.length === 0 ? 0 : offsetOf(...path.slice(0, -1)));
	const result = safeParse(schema, JSON.parse(text));
	if (result.success) return {
		document: result.output,
		offsetOf
	};
	const [issue] = result.issues;
	const path = issue.path?.map(({ key }) => String(key)) ?? [];
	const where = path.length === 0 ? "" : ` at ${path.join(".")}`;
	throw layoutError(name, `is not as it should be${where}: ${issue.message}`, offsetOf(...path));
}
// src/firmware/flasher-args.ts
const documentSchema = looseObject({
	flash_files: record(string(), string()),
	flash_settings: optional(object({
		flash_mode: optional(string()),
		flash_freq: optional(string()),
		flash_size: optional(string())
	})),
	write_flash_args: optional(array(string())),
	extra_esptool_args: optional(looseObject({ chip: optional(string()) }))
});
const encryptedPart = looseObject({
	offset: string(),
	encrypted: literal("true")
});
/** ESP-IDF's `flasher_args.json`. Throws `firmware/layout`. */
function parseFlasherArgs(source) {
	const { document, offsetOf } = readJson(source, documentSchema);
	const encrypted = encryptedOffsets(document);
	const isAllEncrypted = document.write_flash_args?.includes("--encrypt") === true;
	return {
		parts: Object.entries(document.flash_files).map(([offsetText, path]) => {
			const offset = parseAddress(offsetText);
			if (offset === void 0) {
				const at = offsetOf("flash_files", offsetText);
				throw layoutError(source.name, `has "${offsetText}" where an offset belongs`, at);
			}
			return {
				path,
				offset,
				encrypted: isAllEncrypted || encrypted.has(offset)
			};
		}),
		settings: settingsOf(document),
		chip: document.extra_esptool_args?.chip
	};
}
function encryptedOffsets(document) {
	const sections = Object.values(document).filter((section) => is(encryptedPart, section));
	return new Set(sections.map((section) => parseAddress(section.offset)));
}
function settingsOf({ flash_settings: found = {} }) {
	return {
		...found.flash_mode === void 0 ? {} : { mode: found.flash_mode },
		...found.flash_freq === void 0 ? {} : { frequency: found.flash_freq },
		...found.flash_size === void 0 ? {} : { size: found.flash_size }
	};
}
// src/firmware/web-manifest.ts
const buildSchema = object({
	chipFamily: string(),
	serialType: optional(string()),
	parts: array(object({
		path: string(),
		offset: pipe(number(), integer(), minValue(0), maxValue(4294967295))
	}))
});
const manifestSchema = object({ builds: array(buildSchema) });
/**
* The build of an ESP Web Tools manifest that is for `chip`, or its only one. Throws `firmware/layout`, and
* `firmware/chip` where there is none for the chip, or several to choose from.
*/
function parseManifest(source) {
	const { document } = readJson(source, manifestSchema);
	const { chipFamily, parts } = chooseBuild(source, document.builds);
	return {
		parts: parts.map(({ path, offset }) => ({
			path,
			offset,
			encrypted: false
		})),
		settings: {},
		chip: chipOf(chipFamily)
	};
}
function chooseBuild({ name, chip }, builds) {
	const families = [...new Set(builds.map((build) => build.chipFamily))];
	const refuse = (what) => new FlashError("firmware/chip", `${name} ${what}; it has builds for ${families.join(", ") || "no chip"}`, {
		name,
		families
	});
	if (chip === void 0 && families.length > 1) throw refuse("is for several chips, and `chip` does not say which");
	const ours = builds.filter((build) => chip === void 0 || chipOf(build.chipFamily) === chip);
	const [build, second] = ours.length > 1 ? ours.filter((candidate) => candidate.serialType === void 0) : ours;
	if (build !== void 0 && second === void 0) return build;
	throw refuse(ours.length === 0 ? `has no build for ${chip ?? "any chip"}` : `has several builds for one chip`);
}
/** `ESP32-S3` is `esp32s3`. */
function chipOf(family) {
	return family.toLowerCase().replaceAll("-", "");
}
// src/firmware/layout-kinds.ts
const controlSign = /[^\P{Cc}\t\r\n]/u;
/** Far more than a layout needs. */
const maxTextBytes = 262144;
/** A partition table has room for 95 partitions; a layout adds bootloader and table. */
const maxParts = 128;
/** In the order in which an archive is searched for them: the one that says most comes first. */
const layoutKinds = [
	{
		fileName: "flasher_args.json",
		isMeant: (text) => hasKey(text, "flash_files"),
		parse: parseFlasherArgs
	},
	{
		fileName: "flash_args",
		isMeant: (text) => /^\s*(--flash[-_]|0x[0-9a-f]+[ \t]+\S)/i.test(text),
		parse: parseFlashArgs
	},
	{
		fileName: "manifest.json",
		isMeant: (text) => hasKey(text, "builds"),
		parse: parseManifest
	}
];
/** The kind of layout that bears this name; undefined for all other files. */
function layoutKindByName(path) {
	const fileName = path.slice(path.lastIndexOf("/") + 1);
	return layoutKinds.find((kind) => kind.fileName === fileName);
}
/** The kind of layout that these bytes are; undefined for all others. */
function layoutKindByContent(bytes) {
	const text = textOf(bytes);
	return text === void 0 ? void 0 : layoutKinds.find((kind) => kind.isMeant(text));
}
/**
* The layout in a file, with at least one part. Throws `firmware/layout`, or `firmware/chip` where it is not for
* `chip`.
*/
function readLayout(kind, file, chip) {
	const { name } = file;
	if (file.bytes.length > maxTextBytes) throw layoutError(name, `is longer than ${maxTextBytes} bytes`, maxTextBytes);
	const text = new TextDecoder().decode(file.bytes);
	const strangeAt = text.search(controlSign);
	if (strangeAt >= 0) throw layoutError(name, "is not a text", strangeAt);
	const layout = kind.parse({
		name,
		text,
		chip
	});
	if (layout.parts.length === 0) throw layoutError(name, "names no file to flash", 0);
	if (layout.parts.length > maxParts) throw layoutError(name, `names ${layout.parts.length} files; at most ${maxParts} are taken`, 0);
	if (chip !== void 0 && layout.chip !== void 0 && layout.chip !== chip) throw new FlashError("firmware/chip", `${name} is for ${layout.chip}, but \`chip\` says ${chip}`, {
		name,
		layoutChip: layout.chip,
		chip
	});
	return layout;
}
function textOf(bytes) {
	if (bytes.length > maxTextBytes) return void 0;
	const text = new TextDecoder().decode(bytes);
	return controlSign.test(text) ? void 0 : text;
}
function hasKey(text, key) {
	if (!/^\s*\{/.test(text)) return false;
	try {
		return Object.hasOwn(JSON.parse(text), key);
	} catch {
		return false;
	}
}
// src/firmware/sparse.ts
/** What flash is erased in; two images never share one. */
const sectorBytes = 4096;
const endOf = ({ offset, bytes }) => offset + bytes.length;
/**
* Pieces, by offset and without overlaps, joined where two lie in one sector; what is between them becomes FF, which is
* what erasing the sector leaves there. Throws `firmware/too-large` where that makes more than any flash holds.
*/
function joinWithinSectors(name, pieces) {
	const groups = [];
	for (const piece of [...pieces].sort((a, b) => a.offset - b.offset)) {
		const group = groups.at(-1);
		const last = group?.at(-1);
		if (last !== void 0 && piece.offset < Math.ceil(endOf(last) / sectorBytes) * sectorBytes) group?.push(piece);
		else groups.push([piece]);
	}
	let totalBytes = 0;
	return groups.flatMap((group) => {
		const [first, last] = [group[0], group.at(-1)];
		if (first === void 0 || last === void 0) return [];
		const lengthBytes = endOf(last) - first.offset;
		totalBytes += lengthBytes;
		checkSize(name, totalBytes);
		if (group.length === 1) return [first];
		const bytes = new Uint8Array(lengthBytes).fill(255);
		for (const piece of group) bytes.set(piece.bytes, piece.offset - first.offset);
		return [{
			offset: first.offset,
			bytes
		}];
	});
}
// src/firmware/content.ts
/**
* What unpacked bytes mean: a layout, Intel HEX, an ELF file, or one image. With a place of the user's choice other
* data may look alike, so there a layout, a HEX or an ELF file has to be named as such. Throws `firmware/…`,
* `image/…`, or `input/conflict` where both the user and the file say what goes where.
*/
async function readContent(file, request, readPart, deps) {
	const { name, bytes } = file;
	const isPlaced = request.place !== void 0;
	const kind = layoutKindByName(name) ?? (isPlaced ? void 0 : layoutKindByContent(bytes));
	if (kind !== void 0) {
		refusePlace(file, request);
		const layout = readLayout(kind, file, request.chip);
		const parts = [];
		for (const { path, offset, encrypted } of layout.parts) {
			const part = await readPart(path);
			parts.push({
				...part,
				place: {
					kind: "offset",
					offset
				},
				encrypted
			});
		}
		return {
			parts,
			settings: layout.settings,
			chip: layout.chip
		};
	}
	if (bytes[0] === 58 && (!isPlaced || /\.(hex|ihex|ihx)$/i.test(name))) {
		refusePlace(file, request);
		const { parseIntelHex } = await import("./hex.js");
		return {
			parts: await placedParts(name, joinWithinSectors(name, await parseIntelHex(bytes, deps.clock)), deps),
			settings: {}
		};
	}
	const { looksLikeElf } = await import("./elf.js");
	if (looksLikeElf(bytes) && (!isPlaced || /\.elf$/i.test(name))) return {
		parts: await elfParts(file, request, deps),
		settings: {}
	};
	const sha256 = await sha256Of(bytes, deps.clock);
	const { place } = request;
	return {
		parts: [{
			name,
			bytes,
			sha256,
			...place === void 0 ? {} : { place }
		}],
		settings: {}
	};
}
/** A member of an archive as a part: what plainly is not meant is refused there too. */
async function checkedMember(file, purpose, deps) {
	checkNotEmpty(file.name, file.bytes);
	const checked = {
		name: file.name,
		bytes: file.bytes,
		sha256: await sha256Of(file.bytes, deps.clock)
	};
	checkContent(checked, {
		source: "file",
		contentType: ""
	}, { purpose });
	return checked;
}
function refusePlace({ name }, { place, input }) {
	if (place === void 0) return;
	throw new FlashError("input/conflict", `${name} says itself what goes where, and so does ${input === "files" ? "the line in `files`" : "`offset`"}.`, { inputs: input === "files" ? ["files"] : ["offset", "firmware-url"] });
}
async function elfParts(file, request, deps) {
	const { name, bytes } = file;
	const chip = Object.values(chips).find((candidate) => candidate.name === request.chip);
	if (chip === void 0) throw new FlashError("firmware/chip", `${name} is an ELF file, which does not say for which chip: set \`chip\``, { name });
	if (chip.imageChipId === void 0) {
		refusePlace(file, request);
		const { elfToEsp8266V1 } = await import("./elf-to-esp8266.js");
		return placedParts(name, elfToEsp8266V1(bytes), deps);
	}
	const { elfToImage } = await import("./elf-to-image.js");
	const image = elfToImage(bytes, chip.imageChipId);
	const sha256 = await sha256Of(image, deps.clock);
	const { place } = request;
	return [{
		name,
		bytes: image,
		sha256,
		...place === void 0 ? {} : { place }
	}];
}
async function placedParts(name, pieces, deps) {
	const parts = [];
	for (const { offset, bytes } of pieces) {
		const sha256 = await sha256Of(bytes, deps.clock);
		const partName = pieces.length === 1 ? name : `${name} @ 0x${offset.toString(16)}`;
		parts.push({
			name: partName,
			bytes,
			sha256,
			place: {
				kind: "offset",
				offset
			}
		});
	}
	return parts;
}
// src/firmware/part-location.ts
/**
* The location of a part that a layout names: below the layout's folder, at an http or https URL, or an asset of the
* same release. `request` is what led to the layout; its credentials go along within one origin. Throws
* `firmware/layout-path` for every other place.
*/
async function partLocation(layout, path, request) {
	const { name, base } = layout;
	if (base.kind === "url" || /^https?:\/\//i.test(path)) return urlOf(name, base.kind === "url" ? base.url : path, path, request);
	if (base.kind === "folder") return await pathInFolder(name, base.path, path);
	const asset = relativePath(name, "", path);
	if (asset.includes("/") || asset.includes("#")) throw pathError(name, path, "which is not the name of an asset of the same release");
	return base.prefix + asset;
}
/**
* `path` seen from `folder`, where both are of the kind that archives and build systems write: with `/`, not absolute.
* Throws `firmware/layout-path` if it leaves the place that `folder` starts from.
*/
function relativePath(layoutName, folder, path) {
	if (path === "") throw pathError(layoutName, path, "which is empty");
	if (path.startsWith("/") || /^[a-z][a-z0-9+.-]*:/i.test(path) || /[\\\p{Cc}]/u.test(path)) throw pathError(layoutName, path, "which is not a plain relative path");
	const joined = posix.join(folder, path);
	if (joined === ".." || joined.startsWith("../")) throw pathError(layoutName, path, "which leads out of its place");
	return joined;
}
function pathError(layoutName, path, why) {
	return new FlashError("firmware/layout-path", `${layoutName} names ${JSON.stringify(path)}, ${why}`, {
		name: layoutName,
		path
	});
}
async function pathInFolder(layoutName, folder, path) {
	const wanted = resolve(folder, relativePath(layoutName, "", path));
	const [realFolder, realWanted] = await Promise.all([realOf(folder), realOf(wanted)]);
	const way = realFolder === void 0 || realWanted === void 0 ? "" : relative(realFolder, realWanted);
	if (way === ".." || way.startsWith(`..${sep}`) || isAbsolute(way)) throw pathError(layoutName, path, "a link that leads out of its folder");
	return wanted;
}
/** Undefined for what is not there: reading it will tell better. */
function realOf(path) {
	return realpath(path).catch(() => void 0);
}
function urlOf(layoutName, baseUrl, path, request) {
	if (!URL.canParse(path, baseUrl)) throw pathError(layoutName, path, "which is not a URL");
	const base = new URL(baseUrl);
	const target = withoutCredentials(new URL(path, base));
	const objection = objectionTo(base, target);
	if (objection !== void 0) throw pathError(layoutName, path, `which leads ${objection}`);
	const asked = URL.canParse(request.location) ? new URL(request.location) : void 0;
	if (asked?.origin === target.origin) {
		target.username = asked.username;
		target.password = asked.password;
	}
	return target.href;
}
// src/firmware/local.ts
/** Firmware at a path, relative to the workspace. */
function loadPath(request, deps) {
	return load(resolve(request.workspace, request.location), request, deps);
}
/** Firmware at a `file:` URL. */
function loadFileUrl(request, deps) {
	return load(parseFileUrl(request.location, request.input), request, deps);
}
async function load(path, request, deps) {
	const name = basename(path);
	const bytes = await read(path, request.input, deps.signal);
	checkNotEmpty(name, bytes);
	const sha256 = await sha256Of(bytes, deps.clock);
	checkContent({
		name,
		bytes,
		sha256
	}, {
		source: "file",
		contentType: ""
	}, request);
	return {
		name,
		bytes,
		sha256,
		source: "file",
		fromCache: false,
		downloadedBytes: 0,
		base: {
			kind: "folder",
			path: dirname(path)
		}
	};
}
async function read(path, input, signal) {
	try {
		const found = await stat(path);
		if (!found.isFile()) throw await notAFile(path, found.isDirectory());
		checkSize(basename(path), found.size);
		const bytes = await readFile(path, { signal });
		checkSize(basename(path), bytes.length);
		return bytes;
	} catch (error) {
		signal.throwIfAborted();
		if (error instanceof FlashError) throw error;
		throw await readFailure(path, input, error);
	}
}
async function notAFile(path, isDirectory) {
	if (!isDirectory) return new FlashError("firmware/not-a-file", `${path} is a device, a pipe or a socket`, { path });
	const images = (await namesIn(path)).filter((name) => name.toLowerCase().endsWith(".bin")).slice(0, 5);
	const inside = images.length === 0 ? "" : `; in it: ${images.join(", ")}`;
	return new FlashError("firmware/not-a-file", `${path} is a directory${inside}`, {
		path,
		inside: images
	});
}
async function readFailure(path, input, error) {
	const systemCode = systemCodeOf(error);
	if (systemCode === "ERR_INVALID_ARG_VALUE") return new FlashError("input/invalid", `${input} has a path with a zero byte`, { input });
	if (systemCode !== "ENOENT" && systemCode !== "ENOTDIR") return new FlashError("firmware/unreadable", `${path} cannot be read: ${systemCode}`, {
		path,
		systemCode
	}, error);
	const near = nearNames(basename(path), await namesIn(dirname(path)));
	const help = near.length > 0 ? `; near it: ${near.join(", ")}` : await missingParent(path);
	return new FlashError("firmware/not-found", `${path} does not exist${help}`, {
		path,
		near
	});
}
async function missingParent(path) {
	const parent = dirname(path);
	return await stat(parent).then((found) => found.isDirectory(), () => false) ? "" : `; there is no directory ${parent} either`;
}
/** Empty where it cannot be listed: the names are only a help. */
function namesIn(directory) {
	return readdir(directory).then((names) => names.sort(), () => []);
}
/** Up to three names that a slip of the pen away from `wanted` could be, best first. */
function nearNames(wanted, names) {
	return names.map((name) => ({
		name,
		distance: editDistance(wanted.toLowerCase(), name.toLowerCase())
	})).filter(({ name, distance }) => distance <= Math.min(wanted.length, name.length) / 2).sort((a, b) => a.distance - b.distance).slice(0, 3).map(({ name }) => name);
}
/** Levenshtein's distance, one row of the table at a time. */
function editDistance(from, to) {
	let above = Array.from({ length: to.length + 1 }, (_, column) => column);
	for (const [row, letter] of Array.from(from).entries()) {
		const current = [row + 1];
		for (let column = 1; column <= to.length; column++) {
			const replaced = (above[column - 1] ?? 0) + (to[column - 1] === letter ? 0 : 1);
			current.push(Math.min(replaced, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
		}
		above = current;
	}
	return above[to.length] ?? 0;
}
// src/firmware/sources.ts
/** A local file needs neither an HTTP client nor a cache, and they take 50 ms to load. */
const loadUrl = async (request, deps) => (await import("./remote2.js")).loadUrl(request, deps);
const loadAsset = async (request, deps) => (await import("./github-release.js")).loadAsset(request, deps);
/** Where firmware may come from, by the scheme that the user wrote. */
const firmwareSources = {
	http: loadUrl,
	https: loadUrl,
	file: loadFileUrl,
	path: loadPath,
	"github-release": loadAsset
};
/**
* Gets one file. Only what the user wrote leads to a local one; no server does. Throws `firmware/…`, `input/invalid`,
* or the signal's reason as soon as it aborts.
*/
async function loadFile(request, deps) {
	deps.signal.throwIfAborted();
	const { input, location } = request;
	const scheme = schemeOf(location);
	const source = Object.hasOwn(firmwareSources, scheme) ? firmwareSources[scheme] : void 0;
	if (source === void 0 || location.trim() === "") throw new FlashError("input/invalid", `${input} does not take "${redactUrl(location)}"; it takes an http:// or https:// URL, a file:/// URL, github-release:owner/repo@tag/asset, or a path (with ./ in front if its name has a colon)`, { input });
	return source(request, deps);
}
// src/firmware/archive.ts
/** A firmware release has dozens of files; what has more is something else, or made to hurt. */
const maxMembers = 1e4;
/** `offset` is the place in the archive where it is wrong. */
function archiveError(archive, what, offset, details = {}) {
	return new FlashError("firmware/archive", `${archive} ${what} (at byte ${hex32(offset)})`, {
		archive,
		offset: hex32(offset),
		...details
	});
}
/**
* The path of a member without `./`. Throws `firmware/archive` for one that could lead outside of the archive on some
* system: absolute, with a drive, with `..`, with a backslash, or with control characters.
*/
function memberPath(archive, { path, claimedAt }) {
	const parts = path.split("/").filter((part) => part !== "." && part !== "");
	if (path.startsWith("/") || /^[a-z]:/i.test(path) || /[\\\p{Cc}]/u.test(path) || parts.includes("..")) throw archiveError(archive, `holds a member with the unsafe path ${JSON.stringify(path)}`, claimedAt, { path });
	return parts.join("/");
}
/**
* Members by their paths. Throws `firmware/archive` where two have one path, and `firmware/too-large` where all
* together have more bytes than any flash.
*/
function indexMembers(archive, members) {
	const index = /* @__PURE__ */ new Map();
	let totalBytes = 0;
	for (const member of members) {
		const { claimedAt } = member;
		const path = memberPath(archive, member);
		if (index.has(path)) throw archiveError(archive, `holds two members with the path ${JSON.stringify(path)}`, claimedAt, { path });
		totalBytes += member.lengthBytes;
		if (totalBytes > 134217728) {
			const what = `the content of ${archive} up to the member at byte ${hex32(claimedAt)}`;
			throw tooLarge(what, totalBytes, { offset: hex32(claimedAt) });
		}
		index.set(path, member);
	}
	return index;
}
// src/firmware/inflate.ts
/** Runs beside the event loop, and ends as soon as more than `maxBytes` have come out. */
function inflateWith(inflater, bytes, maxBytes) {
	return new Promise((resolve) => {
		inflater(bytes, { maxOutputLength: Math.max(1, maxBytes) }, (error, result) => {
			if (error === null) resolve({
				kind: "done",
				bytes: new Uint8Array(result.buffer, result.byteOffset, result.length)
			});
			else if (systemCodeOf(error) === "ERR_BUFFER_TOO_LARGE") resolve({ kind: "too-long" });
			else resolve({
				kind: "damaged",
				systemCode: systemCodeOf(error)
			});
		});
	});
}
/** Undoes the deflate of a zip member. */
const inflateMember = (bytes, maxBytes) => inflateWith(inflateRaw, bytes, maxBytes);
/** Undoes gzip, of one member or several in a row, with their checksums. */
const inflateGzip = (bytes, maxBytes) => inflateWith(gunzip, bytes, maxBytes);
// src/firmware/pax.ts
/** Far more than a path and a length need. */
const maxHeaderBytes = 65536;
/**
* What a pax header says about the next member: records of `<length> <key>=<value>\n`, where the length counts the
* whole record (POSIX.1-2001, pax). `headerAt` is its place in the archive. Throws `firmware/archive`.
*/
function paxFields(archive, header, headerAt) {
	if (header.length > maxHeaderBytes) throw archiveError(archive, `has a pax header of ${header.length} bytes`, headerAt);
	const fields = {};
	let at = 0;
	while (at < header.length) {
		const lengthText = /^\d+(?= )/.exec(latin1(header.subarray(at, at + 8)))?.[0] ?? "0";
		const record = header.subarray(at + lengthText.length + 1, at + Number(lengthText));
		const [, key, value] = /^([^=]+)=([^]*)\n$/.exec(Buffer.from(record).toString("utf8")) ?? [];
		if (key === void 0 || value === void 0 || at + Number(lengthText) > header.length) throw archiveError(archive, "has a broken pax header", headerAt + at);
		if (key === "path") fields.path = value;
		if (key === "size") {
			if (!/^\d{1,15}$/.test(value)) throw archiveError(archive, "has a broken length in a pax header", headerAt + at);
			fields.lengthBytes = Number(value);
		}
		if (key.startsWith("GNU.sparse.")) throw archiveError(archive, "holds a sparse file", headerAt + at);
		at += Number(lengthText);
	}
	return fields;
}
function latin1(bytes) {
	return Buffer.from(bytes).toString("latin1");
}
// src/firmware/tar.ts
const BLOCK_BYTES = 512;
const MAGIC_AT = 257;
const CHECKSUM = {
	at: 148,
	lengthBytes: 8
};
function isTar(bytes) {
	return bytes.length >= BLOCK_BYTES && textAt(bytes, MAGIC_AT, 5) === "ustar";
}
/**
* Reads a whole tar file: ustar, GNU's long names and pax headers. Files and folders only; a link of any kind would
* let a member stand for another place. Throws `firmware/archive` or `firmware/too-large`.
*/
function openTar(name, bytes) {
	const files = indexMembers(name, readMembers(name, bytes));
	return {
		name,
		members: [...files.keys()],
		read(path) {
			const member = files.get(path);
			if (member === void 0) return Promise.reject(archiveError(name, `does not hold ${path}`, 0, { path }));
			return Promise.resolve(bytes.subarray(member.start, member.start + member.lengthBytes));
		}
	};
}
function readMembers(name, bytes) {
	const members = [];
	let announced = {};
	let headers = 0;
	let at = 0;
	while (at + BLOCK_BYTES <= bytes.length && bytes.subarray(at, at + BLOCK_BYTES).some((byte) => byte !== 0)) {
		headers++;
		if (headers > 1e4) throw archiveError(name, `has more than ${maxMembers} members`, at);
		checkHeader(name, bytes, at);
		const lengthBytes = announced.lengthBytes ?? numberAt(name, bytes, {
			at: at + 124,
			lengthBytes: 12
		});
		const start = at + BLOCK_BYTES;
		const end = start + lengthBytes;
		if (end > bytes.length) throw archiveError(name, "is cut short in a member", at);
		const type = String.fromCharCode(bytes[at + 156] ?? 0);
		const content = bytes.subarray(start, end);
		if (type === "x") announced = {
			...announced,
			...paxFields(name, content, start)
		};
		else if (type === "L") announced = {
			...announced,
			path: textAt(content, 0, content.length)
		};
		else if (type !== "g") {
			const path = announced.path ?? headerPath(bytes, at);
			announced = {};
			if (type === "5" || isFileType(type) && path.endsWith("/")) memberPath(name, {
				path,
				claimedAt: at
			});
			else if (isFileType(type)) members.push({
				path,
				lengthBytes,
				start,
				claimedAt: at
			});
			else throw archiveError(name, `holds ${JSON.stringify(path)}, a link or a device of type ${JSON.stringify(type)}`, at, { path });
		}
		at = start + Math.ceil(lengthBytes / BLOCK_BYTES) * BLOCK_BYTES;
	}
	return members;
}
/** `0` and, in old archives, a zero byte; `7` asks for a contiguous file, which is a file. */
function isFileType(type) {
	return type === "0" || type === "\0" || type === "7";
}
function checkHeader(name, bytes, at) {
	if (bytes.subarray(at, at + BLOCK_BYTES).reduce((total, byte, index) => {
		return total + (index >= CHECKSUM.at && index < CHECKSUM.at + CHECKSUM.lengthBytes ? 32 : byte);
	}, 0) !== numberAt(name, bytes, {
		at: at + CHECKSUM.at,
		lengthBytes: CHECKSUM.lengthBytes
	})) throw archiveError(name, "has a damaged header", at);
}
/** Octal digits between blanks and zero bytes. Lengths beyond 8 GiB, which are binary, are not for firmware. */
function numberAt(name, bytes, field) {
	const text = textAt(bytes, field.at, field.lengthBytes).trim();
	if (!/^[0-7]*$/.test(text)) throw archiveError(name, "has a damaged number", field.at);
	return text === "" ? 0 : Number.parseInt(text, 8);
}
/** ustar keeps the front part of a long path in a field of its own; GNU's format has times in its place. */
function headerPath(bytes, at) {
	const path = textAt(bytes, at, 100);
	const prefix = bytes[at + MAGIC_AT + 5] === 0 ? textAt(bytes, at + 345, 155) : "";
	return prefix === "" ? path : `${prefix}/${path}`;
}
/** Up to the first zero byte. */
function textAt(bytes, at, lengthBytes) {
	const field = bytes.subarray(at, at + lengthBytes);
	const end = field.indexOf(0);
	return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString("utf8");
}
// src/firmware/zip.ts
const LOCAL_HEADER = {
	signature: 67324752,
	lengthBytes: 30
};
const CENTRAL_HEADER = {
	signature: 33639248,
	lengthBytes: 46
};
const END_RECORD = {
	signature: 101010256,
	lengthBytes: 22
};
const MAX_COMMENT_BYTES = 65535;
const FLAG_ENCRYPTED = 1;
const FLAG_UTF8 = 2048;
const METHOD_STORED = 0;
const METHOD_DEFLATED = 8;
const HOST_UNIX = 3;
const S_IFMT = 61440;
const PLAIN_TYPES = [
	0,
	32768,
	16384
];
function isZip(bytes) {
	if (bytes.length < END_RECORD.lengthBytes) return false;
	const signature = readUint32(bytes, 0);
	return signature === LOCAL_HEADER.signature || signature === END_RECORD.signature;
}
/**
* Reads the directory of a zip file; members are inflated only when they are read, and never beyond the length that
* the directory gives. Throws `firmware/archive` or `firmware/too-large`.
*/
function openZip(name, bytes, clock) {
	const files = indexMembers(name, readDirectory(name, bytes));
	return {
		name,
		members: [...files.keys()],
		async read(path) {
			const member = files.get(path);
			if (member === void 0) throw archiveError(name, `does not hold ${path}`, 0, { path });
			return await readMember(name, bytes, member, clock);
		}
	};
}
function findEndRecord(name, bytes) {
	const last = bytes.length - END_RECORD.lengthBytes;
	for (let at = last; at >= Math.max(0, last - MAX_COMMENT_BYTES); at--) if (readUint32(bytes, at) === END_RECORD.signature && at + readUint16(bytes, at + 20) === last) return at;
	throw archiveError(name, "has no zip directory at its end: it is cut short", bytes.length);
}
function readDirectory(name, bytes) {
	const end = findEndRecord(name, bytes);
	const disks = readUint32(bytes, end + 4);
	const count = readUint16(bytes, end + 10);
	const lengthBytes = readUint32(bytes, end + 12);
	const start = readUint32(bytes, end + 16);
	if (count === 65535 || lengthBytes === 4294967295 || start === 4294967295) throw archiveError(name, "is a zip64 file, which is for archives above 4 GiB", end);
	if (disks !== 0 || readUint16(bytes, end + 8) !== count) throw archiveError(name, "is one disk of a split zip file", end);
	if (count > 1e4) throw archiveError(name, `has ${count} members; at most ${maxMembers} are read`, end);
	if (start + lengthBytes !== end) throw archiveError(name, "has a zip directory that is not where its end says", end);
	const members = [];
	let at = start;
	for (let index = 0; index < count; index++) {
		if (at + CENTRAL_HEADER.lengthBytes > end || readUint32(bytes, at) !== CENTRAL_HEADER.signature) throw archiveError(name, "has a broken zip directory", at);
		const nameEnd = at + CENTRAL_HEADER.lengthBytes + readUint16(bytes, at + 28);
		const next = nameEnd + readUint16(bytes, at + 30) + readUint16(bytes, at + 32);
		if (next > end) throw archiveError(name, "has a broken zip directory", at);
		const member = readDirectoryEntry(bytes, at, bytes.subarray(at + CENTRAL_HEADER.lengthBytes, nameEnd));
		const type = typeOf(bytes, at);
		if (!PLAIN_TYPES.includes(type)) throw archiveError(name, `holds ${JSON.stringify(member.path)}, a link or a device`, at, { path: member.path });
		if (member.path.endsWith("/")) memberPath(name, member);
		else members.push(member);
		at = next;
	}
	if (at !== end) throw archiveError(name, "has other bytes in its zip directory", at);
	return members;
}
function readDirectoryEntry(bytes, at, rawName) {
	const flags = readUint16(bytes, at + 8);
	return {
		path: decodeName(rawName, flags),
		flags,
		method: readUint16(bytes, at + 10),
		crc32: readUint32(bytes, at + 16),
		packedBytes: readUint32(bytes, at + 20),
		lengthBytes: readUint32(bytes, at + 24),
		headerAt: readUint32(bytes, at + 42),
		claimedAt: at
	};
}
/** Without the flag the name is in some code page; its ASCII part, which build files have, is the same in all. */
function decodeName(raw, flags) {
	return Buffer.from(raw).toString((flags & FLAG_UTF8) === 0 ? "latin1" : "utf8");
}
function typeOf(bytes, at) {
	return readUint16(bytes, at + 4) >>> 8 === HOST_UNIX ? readUint16(bytes, at + 40) & S_IFMT : 0;
}
async function readMember(name, bytes, member, clock) {
	const { path, lengthBytes } = member;
	const content = await unpack(name, packedBytesOf(name, bytes, member), member);
	if (content.length !== lengthBytes || await crc32Of(content, clock) !== member.crc32) throw archiveError(name, `holds ${path} damaged: length or CRC-32 do not fit`, member.headerAt, { path });
	return content;
}
function packedBytesOf(name, bytes, member) {
	const { path, headerAt } = member;
	const nameAt = headerAt + LOCAL_HEADER.lengthBytes;
	if (nameAt > bytes.length || readUint32(bytes, headerAt) !== LOCAL_HEADER.signature) throw archiveError(name, `has no header for ${path}`, headerAt, { path });
	const nameEnd = nameAt + readUint16(bytes, headerAt + 26);
	const localName = decodeName(bytes.subarray(nameAt, nameEnd), member.flags);
	const start = nameEnd + readUint16(bytes, headerAt + 28);
	if (localName !== member.path || start + member.packedBytes > bytes.length) throw archiveError(name, `has a header for ${path} that contradicts its directory`, headerAt, { path });
	return bytes.subarray(start, start + member.packedBytes);
}
async function unpack(name, packed, member) {
	const { path, method, lengthBytes, headerAt } = member;
	if ((member.flags & FLAG_ENCRYPTED) !== 0) throw archiveError(name, `holds ${path} encrypted`, headerAt, { path });
	if (method === METHOD_STORED) return packed;
	if (method !== METHOD_DEFLATED) throw archiveError(name, `holds ${path} packed by method ${method}; stored and deflated are read`, headerAt, { path });
	const inflated = await inflateMember(packed, lengthBytes);
	if (inflated.kind === "done") return inflated.bytes;
	throw archiveError(name, `holds ${path}, which ${inflated.kind === "too-long" ? "is longer than its directory says" : "cannot be inflated"}`, headerAt, { path });
}
// src/firmware/unpack.ts
const archiveEnding = /\.(zip|tgz|tar|tar\.gz)$/i;
/**
* Whether a file with this name may be meant to be unpacked, and not flashed as it is. A name without an ending, as
* many servers have for their downloads, says nothing against it.
*/
function hasPackedName(name) {
	return archiveEnding.test(name) || /\.gz$/i.test(name) || !/\.[^/]*$/.test(name.slice(name.lastIndexOf("/") + 1));
}
/** The parts of `archive.zip#app.bin`; without a member where the name before the `#` is no archive's. */
function splitMember(location) {
	const isUrl = /^[a-z][a-z0-9+.-]+:/i.test(location);
	const at = location.indexOf("#");
	const front = at < 0 ? location : location.slice(0, at);
	const member = at < 0 ? "" : location.slice(at + 1);
	if (member === "" || !isUrl && !archiveEnding.test(front)) return { location };
	return {
		location: front,
		member: isUrl ? decoded(member) : member
	};
}
/** A stray `%` is taken as it stands. */
function decoded(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
/** What gzip has packed; other bytes as they are. Throws `firmware/archive`, `-/empty` or `-/too-large`. */
async function gunzipped(file) {
	if (file.bytes[0] !== 31 || file.bytes[1] !== 139) return file;
	const inflated = await inflateGzip(file.bytes, maxFirmwareBytes);
	if (inflated.kind === "damaged") throw archiveError(file.name, `cannot be unpacked: ${inflated.systemCode}`, 0);
	if (inflated.kind === "too-long") throw tooLarge(`the content of ${file.name}`, maxFirmwareBytes + 1);
	checkNotEmpty(`the content of ${file.name}`, inflated.bytes);
	return {
		name: file.name.replace(/\.gz$/i, ""),
		bytes: inflated.bytes
	};
}
/**
* Undefined for bytes that are no archive, and are not called one. Throws `firmware/archive` or `firmware/too-large`.
*/
function openArchive({ name, bytes }, clock) {
	if (isZip(bytes)) return openZip(name, bytes, clock);
	if (isTar(bytes)) return openTar(name, bytes);
	if (archiveEnding.test(name)) throw archiveError(name, "is neither a zip nor a POSIX or GNU tar file", 0);
}
// src/firmware/expand.ts
/**
* Gets a file, unpacks it and reads what it holds, with all the parts that a layout names. Throws `firmware/…`,
* `image/…`, `input/invalid`, `input/conflict`, or the signal's reason.
*/
async function expandFile(request, deps) {
	const file = await loadFile(request, deps);
	const { member } = request;
	const isPacked = request.purpose === "image" || member !== void 0 || hasPackedName(file.name);
	const plain = isPacked ? await gunzipped(file) : file;
	const archive = isPacked ? openArchive({
		name: file.name,
		bytes: plain.bytes
	}, deps.clock) : void 0;
	if (archive !== void 0) return {
		...await expandArchive(archive, request, deps),
		files: [file]
	};
	if (member !== void 0) throw new FlashError("input/invalid", `${request.input} asks for ${member} in ${file.name}, which is no archive`, { input: request.input });
	const files = [file];
	const readPart = async (path) => {
		refuseLoosePin(file, request);
		const location = await partLocation(file, path, request);
		const part = await loadFile({
			...request,
			location,
			sha256: void 0,
			purpose: "data"
		}, deps);
		files.push(part);
		checkSize(`the firmware of ${file.name}`, sizeOf$1(files));
		return {
			name: path,
			bytes: part.bytes,
			sha256: part.sha256
		};
	};
	return {
		...await readContent(plain, request, readPart, deps),
		files
	};
}
function sizeOf$1(files) {
	return files.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
/** A digest of the layout says nothing about the parts, though it looks as if it did. */
function refuseLoosePin({ name }, { sha256, input }) {
	if (sha256 === void 0) return;
	throw new FlashError("input/conflict", `\`sha256\` pins ${name} alone, and not the files that it names: use an archive with all of them, or \`files\` with a digest in each line.`, { inputs: ["sha256", input] });
}
async function expandArchive(archive, request, deps) {
	const path = request.member === void 0 ? chooseMember(archive) : findMember(archive, request.member);
	const plain = await checkedMember(await gunzipped({
		name: path,
		bytes: await archive.read(path)
	}), request.purpose, deps);
	if (openArchive(plain, deps.clock) !== void 0) throw new FlashError("firmware/archive", `${archive.name} holds ${path}, which is an archive itself`, {
		archive: archive.name,
		path
	});
	const folder = path.slice(0, path.lastIndexOf("/") + 1);
	const readPart = async (partPath) => {
		const found = findMember(archive, relativePath(path, folder, partPath));
		return checkedMember({
			name: found,
			bytes: await archive.read(found)
		}, "data", deps);
	};
	return readContent(plain, request, readPart, deps);
}
function noMember(archive, what) {
	const members = archive.members.slice(0, 10);
	const more = archive.members.length > members.length ? ", …" : "";
	return new FlashError("firmware/no-member", `${archive.name} ${what}; in it: ${members.join(", ") || "nothing"}${more}`, {
		archive: archive.name,
		members: archive.members.slice(0, 100)
	});
}
function findMember(archive, path) {
	const wanted = path.replace(/^(\.\/)+/, "");
	if (!archive.members.includes(wanted)) throw noMember(archive, `does not hold ${wanted}`);
	return wanted;
}
/** Without a member of the user's choice: the layout nearest to the top, or the only file. */
function chooseMember(archive) {
	const members = archive.members.filter((path) => !/^__MACOSX\/|(^|\/)\.(_|DS_Store$)/.test(path));
	for (const { fileName } of layoutKinds) {
		const [first, second] = members.filter((path) => path === fileName || path.endsWith(`/${fileName}`)).sort((a, b) => depthOf(a) - depthOf(b));
		if (first === void 0) continue;
		if (second !== void 0 && depthOf(second) === depthOf(first)) throw noMember(archive, `holds ${first} and ${second}, and nothing says which is meant`);
		return first;
	}
	const [only, another] = members;
	if (only !== void 0 && another === void 0) return only;
	throw noMember(archive, `holds no ${layoutKinds.map(({ fileName }) => fileName).join(", no ")} and not one file alone`);
}
function depthOf(path) {
	return path.split("/").length;
}
// src/firmware/firmware.ts
/**
* Gets all that a job flashes. Only what the user wrote leads to a file; no server, redirect or manifest does. Throws
* `firmware/…`, `image/…`, `input/invalid`, `input/conflict`, or the signal's reason as soon as it aborts.
*/
async function resolveFirmware(request, deps) {
	const { items, ...context } = request;
	const found = [];
	for (const { location: written, sha256, place } of items) {
		const { location, member } = splitMember(written);
		const purpose = place === void 0 ? "image" : "data";
		found.push(await expandFile({
			...context,
			location,
			member,
			sha256,
			place,
			purpose
		}, deps));
		checkSize("the firmware as a whole", sizeOf(found));
	}
	return joined(found, request);
}
function sizeOf(found) {
	return found.flatMap(({ parts }) => parts).reduce((sum, part) => sum + part.bytes.length, 0);
}
function joined(found, request) {
	const files = found.flatMap((each) => each.files);
	const [first] = files;
	if (first === void 0) throw new FlashError("input/required", "No firmware is named.", { inputs: [request.input] });
	const sources = new Set(files.map(({ source }) => source));
	return {
		name: request.items.length === 1 ? first.name : request.items.map(({ location }) => shownName(location)).join(", "),
		sha256: files.length === 1 ? first.sha256 : void 0,
		parts: found.flatMap(({ parts }) => parts),
		settings: Object.assign({}, ...found.map(({ settings }) => settings)),
		chip: found.map(({ chip }) => chip).find((chip) => chip !== void 0),
		source: sources.size > 1 ? "mixed" : first.source,
		fromCache: files.every(({ fromCache }) => fromCache),
		downloadedBytes: files.reduce((sum, { downloadedBytes }) => sum + downloadedBytes, 0)
	};
}
/** The last part of a location, for people. */
function shownName(location) {
	return redactUrl(location).split(/[\\/]/).at(-1) ?? "";
}
export { resolveFirmware };
