import { Q as plainLine, Z as markdownText, _t as info } from "./first-line.js";
import { Bn as describeOwner, Et as describeWedged, Ft as lockNameOfMac, In as lockPaths, It as lockNameOfPort, Ln as ownerOfBoard, Lt as usbIds, Mt as knownBoards, Nt as rememberedPorts, Pt as discovery, Rn as defaultLockDir, St as notesDirectory, Tt as boardHealth, Vn as jobIdentity, zn as lockFile } from "./step.js";
import { t as runSubAction } from "./sub-action.js";
import { existsSync } from "node:fs";
// src/ports/board-holder.ts
/**
* Who has the board called `name` right now, in words; `undefined` where it is free, or this job's own. Each lock is taken
* for a moment to learn whether it is held. Throws `lock/unavailable`.
*/
async function holderOfBoard(name, { lockDir, job, clock, signal }) {
	const { job: jobLock, step } = lockPaths(lockDir, name);
	for (const path of [jobLock, step]) {
		if (!existsSync(path)) continue;
		const lock = await lockFile(path, "now", {
			clock,
			signal
		});
		lock?.release();
		if (lock !== void 0) continue;
		const owner = ownerOfBoard(lockDir, name);
		return owner?.jobId === job.id ? void 0 : describeOwner(owner);
	}
}
// src/ports/list-boards.ts
/** Ports of one USB device are told apart by their interface. */
function stableName(port, ports) {
	const { usb, macFromUsb, path } = port;
	if (macFromUsb !== void 0) return `mac:${macFromUsb}`;
	if (usb?.location === void 0) return path;
	const isShared = ports.some((other) => other !== port && other.usb?.location === usb.location);
	return `location:${usb.location}${isShared && usb.interface !== void 0 ? `:${usb.interface}` : ""}`;
}
/** Which board was met at each port by earlier jobs. */
function rememberedMacs(stateDir, ports) {
	const known = knownBoards(stateDir);
	return new Map(known.flatMap(({ mac }) => {
		const [port, ...more] = rememberedPorts(mac, known, ports);
		return port === void 0 || more.length > 0 ? [] : [[port, mac]];
	}));
}
/** The boards of this machine by path: ports with a known USB bridge or chip. Opens none. As `holderOfBoard`, `knownBoards`. */
async function listBoards(options) {
	const { discover, stateDir } = options;
	const ports = (await discover()).filter((port) => port.bridge !== void 0);
	const remembered = rememberedMacs(stateDir, ports);
	const boards = [];
	for (const port of ports) {
		const { path, links, bridge, usb } = port;
		const mac = port.macFromUsb ?? remembered.get(port);
		const lockName = lockNameOfPort(port);
		const wedgedWhy = describeWedged(boardHealth(stateDir, lockName));
		const lockedBy = await holderOfBoard(lockName, options) ?? (mac === void 0 ? void 0 : await holderOfBoard(lockNameOfMac(mac), options));
		boards.push({
			port: stableName(port, ports),
			path,
			links,
			...bridge && { bridge },
			...usb && { usb: usbIds(usb) },
			...usb?.location && { location: usb.location },
			...usb?.serial && { serial: usb.serial },
			...mac && { mac },
			locked: lockedBy !== void 0,
			...lockedBy && { lockedBy },
			wedged: wedgedWhy !== void 0,
			...wedgedWhy && { wedgedWhy }
		});
	}
	return boards;
}
// src/action/sub/list.ts
const inputs = [
	"skip",
	"lockDir",
	"timeoutMs"
];
function remark({ locked, lockedBy, wedged, wedgedWhy }) {
	return [locked ? `held by ${lockedBy ?? "another job"}` : "", wedged ? wedgedWhy ?? "wedged" : ""].filter((text) => text !== "").join("; ");
}
/** One entry a board: what a job of a matrix can name it by. */
function matrixOf(boards) {
	return { include: boards.map(({ port, path, mac = "", bridge = "", locked, wedged }) => {
		return {
			port,
			path,
			mac,
			bridge,
			locked,
			wedged
		};
	}) };
}
function boardTable({ boards = [] }) {
	if (boards.length === 0) return "### ESP32 boards\n\nThere is none.\n";
	return [
		"### ESP32 boards\n",
		"| Port | Path | Bridge | MAC | State |",
		"| --- | --- | --- | --- | --- |",
		...boards.map((board) => {
			return `| ${[
				board.port,
				board.path,
				board.bridge ?? "",
				board.mac ?? "",
				remark(board) || "free"
			].map(markdownText).join(" | ")} |`;
		}),
		""
	].join("\n");
}
// src/action/sub/list-main.ts
await runSubAction({
	inputs,
	firstLine: () => "List the boards of this machine",
	async work({ skip, lockDir }, facts, { host, clock, signal }) {
		const { env } = host;
		facts.boards = await listBoards({
			discover: discovery(async () => (await import("./serial-list.js")).listSerialPorts()),
			stateDir: notesDirectory(env, "ports"),
			lockDir: lockDir ?? defaultLockDir(env),
			job: jobIdentity(env),
			clock,
			signal
		});
		facts.chosen = facts.boards.filter((board) => !skip.some((state) => board[state]));
		for (const board of facts.boards) {
			const more = [
				board.bridge,
				board.mac,
				remark(board)
			].filter(Boolean).join(", ");
			info(plainLine(`${board.port} at ${board.path} (${more})`));
		}
	},
	outputs: {
		boards: ({ boards = [] }) => JSON.stringify(boards),
		matrix: ({ chosen = [] }) => JSON.stringify(matrixOf(chosen)),
		count: ({ chosen = [] }) => String(chosen.length)
	},
	closingLine: ({ boards = [] }) => boards.length === 1 ? "One board" : `${boards.length} boards`,
	summary: boardTable
});
export {};
