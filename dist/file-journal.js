import { Y as FlashError } from "./first-line.js";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { uptime } from "node:os";
// src/flash/baud-memory.ts
/** By then somebody may have changed the cable. */
const FORGET_MS = 2592e6;
/** One small file a board in `directory`, which may not be there yet. What cannot be read counts as unknown. */
function fileBaudMemory(directory) {
	const pathOf = (mac) => join(directory, `${mac.replaceAll(":", "")}.baud`);
	return {
		recall(mac) {
			try {
				const note = JSON.parse(readFileSync(pathOf(mac), "utf8"));
				if (typeof note?.baud !== "number" || typeof note.atMs !== "number") return void 0;
				return Date.now() - note.atMs < FORGET_MS ? note.baud : void 0;
			} catch {
				return;
			}
		},
		note(mac, baud) {
			mkdirSync(directory, { recursive: true });
			const staged = `${pathOf(mac)}.${process.pid}`;
			writeFileSync(staged, JSON.stringify({
				baud,
				atMs: Date.now()
			}));
			renameSync(staged, pathOf(mac));
		}
	};
}
// src/flash/file-journal.ts
/** Names this start of the host: the kernel's own id, or elsewhere the time of the start to the minute. */
function bootId() {
	try {
		return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
	} catch {
		return `start-${Math.round((Date.now() / 1e3 - uptime()) / 60)}`;
	}
}
function isRange(value) {
	const range = value;
	return typeof range?.offset === "number" && typeof range.lengthBytes === "number";
}
function isNote(value) {
	const note = value;
	return Array.isArray(note?.planned) && note.planned.every(isRange) && Array.isArray(note.underWay) && note.underWay.every(isRange);
}
/**
* Notes as one JSON file a board in `directory`, replaced by rename so that a killed process leaves the old or the new
* one. Only `open` waits for the disk: marks survive the process, and if the host itself went down since, the whole
* plan counts as suspect. `job/state` where the directory cannot be written.
*/
function fileJournal(directory) {
	const boot = bootId();
	const planned = /* @__PURE__ */ new Map();
	const pathOf = (mac) => join(directory, `${mac.replaceAll(":", "")}.json`);
	const save = (note, durable) => {
		const path = pathOf(note.mac);
		const staged = `${path}.${process.pid}`;
		try {
			mkdirSync(directory, { recursive: true });
			const file = openSync(staged, "w");
			try {
				writeSync(file, JSON.stringify(note));
				if (durable === "flushed") fsyncSync(file);
			} finally {
				closeSync(file);
			}
			renameSync(staged, path);
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			throw new FlashError("job/state", `The note about board ${note.mac} cannot be written: ${reason}`, {}, error);
		}
	};
	return {
		bauds: fileBaudMemory(directory),
		suspects(mac) {
			let text;
			try {
				text = readFileSync(pathOf(mac), "utf8");
			} catch (error) {
				if (error.code === "ENOENT") return [];
				throw new FlashError("job/state", `The note about board ${mac} cannot be read.`, {}, error);
			}
			let note;
			try {
				note = JSON.parse(text);
			} catch {
				note = void 0;
			}
			if (!isNote(note)) throw new FlashError("job/state", `The note about board ${mac} is damaged: ${pathOf(mac)}. Delete it and use \`erase: all\`.`);
			return note.boot === boot ? note.underWay : note.planned;
		},
		open(mac, ranges, underWay) {
			planned.set(mac, ranges);
			save({
				mac,
				boot,
				planned: ranges,
				underWay
			}, "flushed");
		},
		mark(mac, underWay) {
			save({
				mac,
				boot,
				planned: planned.get(mac) ?? underWay,
				underWay
			}, "buffered");
		},
		clear(mac) {
			planned.delete(mac);
			rmSync(pathOf(mac), { force: true });
		}
	};
}
export { fileJournal };
