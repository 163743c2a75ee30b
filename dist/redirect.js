import { N as formatBytes, Y as FlashError, q as redactUrl } from "./first-line.js";
import { t as crc32 } from "./crc32.js";
import { createHash } from "node:crypto";
// src/firmware/limits.ts
/** The largest flash size that Espressif's tools know: 128 MiB (esptool 5 `--flash-size 128MB`). */
const maxFirmwareBytes = 134217728;
/** How patient a download is. */
const httpLimits = {
	tries: 3,
	/** Before the second and the third try. */
	backoffMs: [1e3, 4e3],
	/** A server that asks for more patience than this gets no more of it. */
	maxRetryAfterMs: 2e4,
	/** Without a single byte, from the request on. */
	idleTimeoutMs: 3e4,
	/** All tries and the waits between them. */
	totalTimeoutMs: 6e5,
	redirects: 5
};
// src/firmware/layout.ts
/** `offset` counts the characters of the layout up to what is wrong. */
function layoutError(name, what, offset) {
	return new FlashError("firmware/layout", `${name} ${what} (at character ${offset})`, {
		name,
		offset
	});
}
/** What only a layout has; other JSON documents are no firmware. */
function isLayoutJson(json) {
	return "flash_files" in json || "builds" in json;
}
/** A flash address in hex or decimal; undefined for any other text. */
function parseAddress(text) {
	if (!/^(0x[0-9a-f]+|\d+)$/i.test(text)) return void 0;
	const address = Number(text);
	return address <= 4294967295 ? address : void 0;
}
// src/firmware/sniff.ts
/** Error pages, API answers and pointers are small; a large JSON file is data. */
const maxTextBytes = 262144;
/** Byte order mark, blanks, comments, XML declaration. */
const preamble = /^(?:\uFEFF|\s|<!--[^]*?-->|<\?xml[^]*?\?>)*/;
const htmlStart = /^<(?:!doctype\s+html|html|head|body|title|script|h1)[\s>]/i;
/** What S3, Azure and their kin say instead of an object. */
const storageErrorStart = /^<(?:Error|ListBucketResult|EnumerationResults)[\s>]/;
/** The current and the two earlier names of the format (git-lfs docs/spec.md; lfs/pointer.go `v1Aliases`). */
const lfsStart = /^version https?:\/\/(?:git-lfs\.github\.com|hawser\.github\.com|git-media\.io)\//;
/** Keys by which JSON shows itself as an answer of an API and not as data: errors, and GitHub's asset metadata. */
const apiKeys = /* @__PURE__ */ new Set([
	"message",
	"error",
	"errors",
	"detail",
	"statusCode",
	"documentation_url",
	"browser_download_url",
	"download_url"
]);
/**
* What the bytes are instead of firmware; undefined if they may be what was meant. A local HTML or JSON file may be
* meant for a file system at an explicit offset. From a server the same page is a login page, and a Git LFS pointer
* is never meant.
*/
function findImpostor(bytes, origin, purpose) {
	const text = leadingText(bytes);
	if (text === void 0) return void 0;
	if (lfsStart.test(text)) return {
		code: "firmware/lfs-pointer",
		what: describePointer(text)
	};
	if (purpose === "data" && origin.source === "file") return void 0;
	const start = text.replace(preamble, "");
	if (htmlStart.test(start)) return {
		code: "firmware/html",
		what: "an HTML page"
	};
	if (storageErrorStart.test(start)) return {
		code: "firmware/html",
		what: "an XML answer of a storage service"
	};
	const json = parseJson(start, bytes.length);
	if (json !== void 0 && !isLayoutJson(json) && (purpose === "image" || isApiAnswer(json, origin))) return {
		code: "firmware/json",
		what: "a JSON document"
	};
	const isUtf8 = !text.slice(0, 128).includes("�");
	if (json === void 0 && isUtf8 && /^text\/html\b/i.test(origin.contentType)) return {
		code: "firmware/html",
		what: "text that the server calls an HTML page"
	};
}
/** The first characters; undefined for binary data, which has control characters early on. */
function leadingText(bytes) {
	const head = bytes.subarray(0, maxTextBytes);
	if (!head.subarray(0, 512).every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13)) return void 0;
	return new TextDecoder("utf-8", { ignoreBOM: true }).decode(head);
}
function describePointer(text) {
	const sizeBytes = /^size (\d+)$/m.exec(text)?.[1];
	return `a Git LFS pointer${sizeBytes === void 0 ? "" : ` to a file of ${sizeBytes} bytes`}`;
}
function parseJson(text, lengthBytes) {
	if (lengthBytes > maxTextBytes || !/^[[{]/.test(text)) return void 0;
	try {
		return JSON.parse(text);
	} catch {
		return;
	}
}
function isApiAnswer(json, origin) {
	return /^application\/problem\+json\b/i.test(origin.contentType) || Object.keys(json).some((key) => apiKeys.has(key));
}
// src/firmware/check.ts
/**
* Refuses bytes that are not what the request means. A matching `sha256` settles it, whatever the bytes look like.
* Throws `firmware/html`, `firmware/json`, `firmware/lfs-pointer` or `firmware/sha256`.
*/
function checkContent(content, origin, request) {
	const expected = request.sha256?.toLowerCase();
	if (content.sha256 === expected) return;
	const facts = {
		name: content.name,
		sizeBytes: content.bytes.length,
		sha256: content.sha256
	};
	const impostor = findImpostor(content.bytes, origin, request.purpose);
	if (impostor !== void 0) {
		const wayOut = expected === void 0 ? "; if it is meant, name its `sha256`" : "";
		throw new FlashError(impostor.code, `${content.name} (${formatBytes(content.bytes.length)}) is ${impostor.what}${wayOut}`, facts);
	}
	if (expected !== void 0) throw new FlashError("firmware/sha256", `${content.name} (${formatBytes(content.bytes.length)}) has the SHA-256 ${content.sha256}, but sha256 says ${expected}`, {
		...facts,
		expectedSha256: expected
	});
}
/** `sizeBytes` is what was found, announced, or read so far. */
function checkSize(name, sizeBytes) {
	if (sizeBytes > 134217728) throw tooLarge(name, sizeBytes);
}
/** `sizeBytes` is a size that it has at least. */
function tooLarge(name, sizeBytes, details = {}) {
	return new FlashError("firmware/too-large", `${name} has at least ${formatBytes(sizeBytes)}; the largest flash has ${formatBytes(maxFirmwareBytes)}`, {
		name,
		sizeBytes,
		maxBytes: maxFirmwareBytes,
		...details
	});
}
/** Throws `firmware/empty`. */
function checkNotEmpty(name, bytes) {
	if (bytes.length === 0) throw new FlashError("firmware/empty", `${name} is empty`, { name });
}
// src/firmware/digest.ts
/** A core without SHA instructions does about 120 MB/s, so that a slice stays under 10 ms there too. */
const sliceBytes = 1048576;
/** SHA-256 as 64 lower-case hex digits; other events run between its slices. */
async function sha256Of(bytes, clock) {
	const hash = createHash("sha256");
	for (let at = 0; at < bytes.length; at += sliceBytes) {
		if (at > 0) await clock.breathe();
		hash.update(bytes.subarray(at, at + sliceBytes));
	}
	return hash.digest("hex");
}
/** CRC-32 as zip has it; other events run between its slices. */
async function crc32Of(bytes, clock) {
	let crc = 0;
	for (let at = 0; at < bytes.length; at += sliceBytes) {
		if (at > 0) await clock.breathe();
		crc = crc32(bytes.subarray(at, at + sliceBytes), crc);
	}
	return crc;
}
/** One array from many small ones; other events run between slices of the copying. */
async function joinChunks(chunks, clock) {
	const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
	let at = 0;
	let sliceEnd = sliceBytes;
	for (const chunk of chunks) {
		joined.set(chunk, at);
		at += chunk.length;
		if (at < sliceEnd) continue;
		await clock.breathe();
		sliceEnd = at + sliceBytes;
	}
	return joined;
}
// src/firmware/redirect.ts
const redirectStatus = /* @__PURE__ */ new Set([
	301,
	302,
	303,
	307,
	308
]);
function isRedirect(status) {
	return redirectStatus.has(status);
}
/**
* Where a redirect from `from` leads, without credentials of the server's choice.
* Throws `firmware/redirect` for a place that no server may send us to.
*/
function redirectTarget(from, locationHeader) {
	if (locationHeader === void 0) throw refused(from, "redirects without saying where to");
	if (!URL.canParse(locationHeader, from.href)) throw refused(from, "redirects to something that is not a URL");
	const target = new URL(locationHeader, from.href);
	const objection = objectionTo(from, target);
	if (objection !== void 0) throw refused(from, `redirects ${objection}`);
	return withoutCredentials(target);
}
/** Why a server at `from` may not send us to `target`; completes "redirects". Undefined if it may. */
function objectionTo(from, target) {
	const shown = redactUrl(target.href);
	if (target.protocol !== "http:" && target.protocol !== "https:") return `to ${shown}, which is neither http nor https`;
	return from.protocol === "https:" && target.protocol === "http:" ? `from https to ${shown}, which is not encrypted` : void 0;
}
/** The same place without credentials of somebody else's choice, and without a fragment. */
function withoutCredentials(target) {
	const bare = new URL(target);
	bare.username = "";
	bare.password = "";
	bare.hash = "";
	return bare;
}
/** Also for a chain that is too long. */
function refused(from, what) {
	const url = redactUrl(from.href);
	return new FlashError("firmware/redirect", `${url} ${what}`, { url });
}
export { withoutCredentials as a, sha256Of as c, checkSize as d, tooLarge as f, maxFirmwareBytes as g, httpLimits as h, refused as i, checkContent as l, parseAddress as m, objectionTo as n, crc32Of as o, layoutError as p, redirectTarget as r, joinChunks as s, isRedirect as t, checkNotEmpty as u };
