import { _ as redactUrl, h as parseFileUrl, v as schemeOf, y as FlashError } from "./step.js";
import { a as checkNotEmpty, i as checkContent, o as checkSize, r as sha256Of, t as systemCodeOf } from "./system-code.js";
import { basename, dirname, resolve } from "node:path";
import { readFile, readdir, stat } from "node:fs/promises";
// src/firmware/local.ts
/** Firmware at a path, relative to the workspace. */
function loadPath(request, deps) {
	return load(resolve(request.workspace, request.location), request, deps);
}
/** Firmware at a `file:` URL. */
function loadFileUrl(request, deps) {
	return load(parseFileUrl(request.location), request, deps);
}
async function load(path, request, deps) {
	const name = basename(path);
	const bytes = await read(path, deps.signal);
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
		downloadedBytes: 0
	};
}
async function read(path, signal) {
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
		throw await readFailure(path, error);
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
async function readFailure(path, error) {
	const systemCode = systemCodeOf(error);
	if (systemCode === "ERR_INVALID_ARG_VALUE") return new FlashError("input/invalid", "firmware-url has a path with a zero byte", { input: "firmware-url" });
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
const loadUrl = async (request, deps) => (await import("./remote.js")).loadUrl(request, deps);
/** Where firmware may come from, by the scheme that the user wrote. */
const firmwareSources = {
	http: loadUrl,
	https: loadUrl,
	file: loadFileUrl,
	path: loadPath
};
// src/firmware/firmware.ts
/**
* Gets the firmware that a job flashes. Only what the user wrote leads to a file; no server does.
* Throws `firmware/…`, `input/invalid`, or the signal's reason as soon as it aborts.
*/
async function resolveFirmware(request, deps) {
	deps.signal.throwIfAborted();
	const { location } = request;
	const scheme = schemeOf(location);
	const source = Object.hasOwn(firmwareSources, scheme) ? firmwareSources[scheme] : void 0;
	if (source === void 0 || location.trim() === "") throw new FlashError("input/invalid", `firmware-url does not take "${redactUrl(location)}"; it takes an http:// or https:// URL, a file:/// URL, or a path (with ./ in front if its name has a colon)`, { input: "firmware-url" });
	return source(request, deps);
}
export { resolveFirmware };
