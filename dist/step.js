import { $ as plainLines, A as string, B as isBlank, C as pipe, Ct as summary, E as regex, F as alignUp, G as words$1, H as readUint16, I as concatBytes, K as readNote, L as formatBytes, M as transform, N as union, O as safeParse, P as alignDown, Q as plainLine, R as formatCount, S as picklist, St as warning, T as record, U as readUint32, V as joinedView, W as toHex, X as htmlText, Z as markdownText, _t as info, a as array, at as FlashError, b as optional$1, bt as setOutput, c as integer, ct as scheduleDeadline, d as looseObject, f as maxLength, ft as debug, g as nonEmpty, h as minValue, ht as getInput, i as systemCodeOf$1, it as schemeOf, j as toLowerCase, k as strictObject, l as is, lt as sleep, m as minLength, mt as error, o as check, ot as hasCode, p as maxValue, pt as endGroup, rt as redactUrl, s as getDotPath, st as toFlashError, tt as parseFileUrl, u as literal, v as number, vt as isDebug, w as rawTransform, x as parseJson$1, xt as startGroup, y as object, yt as saveState, z as hex32 } from "./first-line.js";
import { BlockList, isIPv6 } from "node:net";
import { setMaxListeners } from "node:events";
import { gunzip, inflateRaw } from "node:zlib";
import { createHash, randomUUID } from "node:crypto";
import { spawn } from "node:child_process";
import { accessSync, chmodSync, closeSync, constants, createWriteStream, existsSync, fchmodSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, readlinkSync, realpathSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import path, { basename, dirname, isAbsolute, join, posix, relative, resolve, sep } from "node:path";
import { homedir, hostname, tmpdir, uptime, userInfo } from "node:os";
import { Script, createContext } from "node:vm";
import { mkdir, readFile, readdir, readlink, realpath, stat, writeFile } from "node:fs/promises";
// src/ports/shared-file.ts
/**
* Opens a file that every user may read and write, and makes it if need be. Others may write its folder, so it follows no
* link, nor a second name of a file: one would lead to a file that only this user may write. It opens before it creates: with
* `fs.protected_regular`, Linux refuses O_CREAT on another user's file in a folder like /tmp. Throws what the system throws.
*/
function openShared(path) {
	for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
		const fd = tryOpen(path, constants.O_RDWR, "ENOENT") ?? create(path);
		if (fd === void 0) continue;
		if (isOwnFile(fd)) return fd;
		closeSync(fd);
		throw new Error(`${path} is no plain file, or has a second name`);
	}
	throw new Error(`${path} is there and is not there, again and again`);
}
/** A file that was deleted just then has no name any more; who locks it finds out. */
function isOwnFile(fd) {
	const found = fstatSync(fd);
	return found.isFile() && found.nlink <= 1;
}
/** Windows has no such flag, and its users may make no links. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
/** Each further one means that somebody made or deleted the file just then. */
const MAX_ATTEMPTS = 100;
/** Replaces the content of such a file. Throws what the system throws. */
function writeShared(path, text) {
	const fd = openShared(path);
	try {
		ftruncateSync(fd);
		writeSync(fd, text, 0);
	} finally {
		closeSync(fd);
	}
}
function create(path) {
	const fd = tryOpen(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, "EEXIST");
	if (fd !== void 0) fchmodSync(fd, 438);
	return fd;
}
function tryOpen(path, flags, expected) {
	try {
		return openSync(path, flags | NO_FOLLOW, 438);
	} catch (thrown) {
		if (systemCodeOf(thrown) === expected) return void 0;
		throw thrown;
	}
}
/** `ENOENT` and the like; empty for what is no error of the system. */
function systemCodeOf(thrown) {
	return thrown?.code ?? "";
}
// src/ports/lock-keeper.ts
/**
* Hands the job's lock to a process of its own, which inherits the locked file, so that there is no moment without a
* holder; `lock.release()` then ends only this step's part. The keeper ends when `releaseBoard` takes its token away, with
* the job's process, or when the runner clears up what a job left running, which it finds by RUNNER_TRACKING_ID.
* `undefined` where an earlier step of the job has the board kept already. Throws `lock/unavailable`.
*/
async function keepForJob(lock, keeper) {
	if (lock.jobLock === void 0) return void 0;
	const kept = {
		lockDir: lock.lockDir,
		name: lock.name,
		token: randomUUID()
	};
	const { RUNNER_TRACKING_ID, SystemRoot } = keeper.env;
	const args = [
		keeper.script,
		tokenPath(kept),
		String(keeper.jobProcessId ?? 0)
	];
	try {
		writeShared(tokenPath(kept), "");
		keeper.beforeStart?.(kept);
		const child = spawn(process.execPath, args, {
			env: {
				...RUNNER_TRACKING_ID && { RUNNER_TRACKING_ID },
				...SystemRoot && { SystemRoot }
			},
			cwd: lock.lockDir,
			detached: true,
			windowsHide: true,
			stdio: [
				"ignore",
				"ignore",
				"ignore",
				lock.jobLock.fd
			]
		});
		await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
		child.unref();
	} catch (thrown) {
		rmSync(tokenPath(kept), { force: true });
		throw new FlashError("lock/unavailable", `the board cannot be kept for the job: ${String(thrown)}`, {}, thrown);
	}
	return kept;
}
/**
* Gives the board back. Tells whether it was still kept: if the keeper had died and another job took the board over, its
* token is gone, and that job is not touched.
*/
function releaseBoard(kept) {
	const path = tokenPath(kept);
	const wasKept = existsSync(path);
	rmSync(path, { force: true });
	return wasKept;
}
function tokenPath({ lockDir, name, token }) {
	return join(lockDir, `${name}.${token}.kept`);
}
// src/ports/lock-owner.ts
/**
* The job that the runner's variables describe. A runner has one job at a time, so its name tells the legs of a matrix
* apart. Without a runner, each process is a job of its own.
*/
function jobIdentity(env) {
	const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run, GITHUB_JOB: job, RUNNER_NAME: runner } = env;
	if (!run) {
		const title = `process ${process.pid} on ${hostname()}`;
		return {
			id: title,
			title
		};
	}
	return {
		id: [
			repository,
			run,
			env.GITHUB_RUN_ATTEMPT,
			job,
			runner
		].map((part) => part ?? "").join("/"),
		title: titleOf(repository, run, job, runner)
	};
}
function titleOf(repository = "unknown repository", run, job = "?", runner = "?") {
	return `${repository}, run ${run}, job ${job}, runner ${runner}`;
}
/** One sentence part for a waiter's log. */
function describeOwner(owner) {
	return owner === void 0 ? "a job that has not given its name" : `${owner.title}, since ${owner.since}`;
}
/** Names of repository, job and runner have some hundred characters each; what is longer would only fill logs. */
const LONGEST_OWNER_BYTES = 4096;
/** What stands at `path`; `undefined` where nothing does, or where it is just being written. */
function readOwner(path) {
	try {
		const owner = JSON.parse(readNote(path, LONGEST_OWNER_BYTES));
		return isOwner(owner) ? owner : void 0;
	} catch {
		return;
	}
}
/** Only whoever holds the lock may write. Throws what the system throws. */
function writeOwner(path, owner) {
	writeShared(path, JSON.stringify(owner));
}
function isOwner(value) {
	const owner = value;
	return [
		owner?.jobId,
		owner?.title,
		owner?.since
	].every((part) => typeof part === "string");
}
// src/ports/kernel-lock.ts
/**
* Takes the system's exclusive lock on `path`, which is made if need be, open for every user. `undefined` if another has
* it and `patience` is `now`. Throws `lock/unavailable`, or the signal's reason when that aborts first.
*/
async function lockFile(path, patience, deps) {
	for (;;) {
		deps.signal.throwIfAborted();
		const fd = process.platform === "linux" ? await lockByFlock(path, patience, deps) : openLocked(path);
		if (fd === void 0) {
			if (patience === "now") return void 0;
			await sleep(deps.clock, POLL_MS$1, deps.signal);
		} else if (isStillAt(path, fd)) {
			touch(fd);
			return {
				fd,
				release: () => closeSync(fd)
			};
		} else closeSync(fd);
	}
}
/** How often the lock is tried where the system has no queue for it. */
const POLL_MS$1 = 100;
/**
* Node has no flock(2). But the lock belongs to the open file, not to the process: flock(1) of util-linux or busybox takes
* it on a descriptor that it inherits, ends, and leaves it with us. Waiting inside flock(1), we stand in the kernel's queue.
*/
async function lockByFlock(path, patience, deps) {
	const fd = open(path);
	try {
		if (await runFlock(fd, path, patience, deps.signal)) return fd;
	} catch (thrown) {
		closeSync(fd);
		throw thrown;
	}
	closeSync(fd);
}
function runFlock(fd, path, patience, signal) {
	const options = patience === "now" ? ["-x", "-n"] : ["-x"];
	const { PATH } = process.env;
	const child = spawn("flock", [...options, "3"], {
		env: { PATH },
		stdio: [
			"ignore",
			"ignore",
			"pipe",
			fd
		]
	});
	let said = "";
	child.stderr?.setEncoding("utf8").on("data", (text) => said += text);
	const onAbort = () => {
		child.kill("SIGKILL");
	};
	signal.addEventListener("abort", onAbort, { once: true });
	return new Promise((resolve, reject) => {
		child.once("error", (error) => {
			reject(unavailable(path, error.code === "ENOENT" ? "this machine has no `flock` command" : error.message, error));
		});
		child.once("close", (code) => {
			if (signal.aborted) reject(signal.reason);
			else if (code === 0) resolve(true);
			else if (code === 1 && said === "") resolve(false);
			else reject(unavailable(path, said.trim() || `flock ended with ${code}`));
		});
	}).finally(() => signal.removeEventListener("abort", onAbort));
}
const OPEN_LOCKED = process.platform === "win32" ? 268435456 : 32;
function openLocked(path) {
	closeSync(open(path));
	try {
		return openSync(path, constants.O_RDWR | OPEN_LOCKED | (constants.O_NONBLOCK || 0));
	} catch (thrown) {
		if ([
			"EAGAIN",
			"EBUSY",
			"EWOULDBLOCK"
		].includes(systemCodeOf(thrown))) return void 0;
		throw unavailable(path, String(thrown), thrown);
	}
}
function open(path) {
	try {
		return openShared(path);
	} catch (thrown) {
		throw unavailable(path, String(thrown), thrown);
	}
}
/** A lock on a file that was deleted meanwhile would keep nobody out. */
function isStillAt(path, fd) {
	const [ours, there] = [fstatSync(fd), statSync(path, { throwIfNoEntry: false })];
	return there?.ino === ours.ino && there.dev === ours.dev;
}
/** Cleaners of temporary folders delete what was not changed for days. */
function touch(fd) {
	writeSync(fd, "\n", 0);
}
function unavailable(path, reason, cause) {
	return new FlashError("lock/unavailable", `the lock ${path} cannot be taken: ${reason}`, { path }, cause);
}
// src/ports/container.ts
/** What Docker, Podman and Kubernetes put into a container. */
const MARKS = [
	".dockerenv",
	"run/.containerenv",
	"var/run/secrets/kubernetes.io"
];
/** Whether this process runs in a container. `root` is `/` but for tests. */
function isContainer(root) {
	return MARKS.some((mark) => existsSync(path.join(root, mark)));
}
// src/ports/lock-dir.ts
/** Makes the folder for all users. Throws `lock/unavailable`. */
function prepareLockDir(lockDir) {
	try {
		if (!existsSync(lockDir) && mkdirSync(lockDir, { recursive: true }) !== void 0) chmodSync(lockDir, 511);
		accessSync(lockDir, constants.R_OK | constants.W_OK | constants.X_OK);
		if (!statSync(lockDir).isDirectory()) throw new Error("it is not a folder");
	} catch (thrown) {
		throw lockDirError(lockDir, thrown);
	}
}
/** Such as a disk that is full. */
function lockDirError(lockDir, thrown) {
	const message = `\`lock-dir\` ${lockDir} cannot be used: ${String(thrown)}`;
	return new FlashError("lock/unavailable", message, { path: lockDir }, thrown);
}
const FOLDER = "esp32-flash-action";
/**
* The folder that all users of this machine share: `/run/lock` where everybody may write it (Debian and its kin), else
* `/tmp`; on Windows the one for all users' data. `root` is `/` but for tests.
*/
function defaultLockDir(env, root = "/") {
	if (process.platform === "win32") return path.join(env.ProgramData ?? "C:\\ProgramData", FOLDER, "locks");
	const common = path.join(root, "run", "lock");
	const mode = statSync(common, { throwIfNoEntry: false })?.mode ?? 0;
	return path.join((mode & 2) !== 0 ? common : path.join(root, "tmp"), FOLDER);
}
/**
* Why jobs outside would not meet this one in `lockDir`: it lies in the container's own file system, or in a /tmp that
* systemd made for one service. `undefined` if nothing speaks against it. `root` is `/` but for tests.
*/
function privateLockDir(lockDir, root = "/") {
	const mount = mountOf(path.resolve(lockDir), root);
	if (mount === void 0) return void 0;
	if (mount.source.includes("/systemd-private-")) return "systemd gives this service a folder of its own there (PrivateTmp)";
	if (!isContainer(root) || !OWN_FILE_SYSTEMS.has(mount.type)) return void 0;
	return "it lies in the container's own file system: mount the host's folder there";
}
/** What a container's own folders lie in, unlike those that are mounted from the host. */
const OWN_FILE_SYSTEMS = /* @__PURE__ */ new Set([
	"overlay",
	"tmpfs",
	"aufs",
	"fuse.fuse-overlayfs"
]);
/** Two ids, a device, what is mounted where, options; behind the dash the file system's type. */
const MOUNT_LINE = /^\S+ \S+ \S+ (\S+) (\S+) .*? - (\S+) /gm;
/** The mount that `folder` lies in, as proc(5) lists them in mountinfo. */
function mountOf(folder, root) {
	let text;
	try {
		text = readFileSync(path.join(root, "proc/self/mountinfo"), "utf8");
	} catch {
		return;
	}
	const mounts = [...text.matchAll(MOUNT_LINE)].map(([, source = "", point = "", type = ""]) => ({
		source,
		point,
		type
	}));
	const isAbove = ({ point }) => point === "/" || folder === point || folder.startsWith(`${point}/`);
	return mounts.filter(isAbove).reduce((best, mount) => best === void 0 || mount.point.length >= best.point.length ? mount : best, void 0);
}
// src/ports/lock.ts
/** The files of a board's lock in `lockDir`. */
function lockPaths(lockDir, name) {
	const base = join(lockDir, name);
	return {
		job: `${base}.lock`,
		step: `${base}.step.lock`,
		owner: `${base}.owner.json`
	};
}
/** Who took the board last, as it stands beside the lock; it may have given it back since. */
function ownerOfBoard(lockDir, name) {
	return readOwner(lockPaths(lockDir, name).owner);
}
/**
* Waits until the board called `name` is this job's, and no other process of the job works on it. There are two locks: a
* job may hold the first beyond its steps (see `keepForJob`), and whoever touches the board also holds the second. So a
* note by a job that has ended cannot mislead two into working at once. Throws `lock/timeout` with the holder's name,
* `lock/unavailable`, or the signal's reason.
*/
async function lockBoard(name, options) {
	prepareLockDir(options.lockDir);
	const { clock, signal, timeoutMs } = options;
	const deadline = new AbortController();
	let cancel;
	/** What is free is not waited for, however long a busy machine takes to find that out. */
	const onWait = (holder) => {
		cancel ??= clock.schedule(timeoutMs, () => deadline.abort());
		options.onWait(holder);
	};
	try {
		return await claim(name, {
			...options,
			onWait,
			signal: AbortSignal.any([signal, deadline.signal])
		});
	} catch (thrown) {
		if (signal.aborted || thrown instanceof FlashError) throw thrown;
		if (deadline.signal.aborted) throw heldError(name, options);
		throw lockDirError(options.lockDir, thrown);
	} finally {
		cancel?.();
	}
}
async function claim(name, options) {
	const { lockDir, job } = options;
	const paths = lockPaths(lockDir, name);
	for (;;) {
		let jobLock = await takeJobLock(name, options);
		let stepLock;
		try {
			if (jobLock) noteOwner(name, options);
			stepLock = await waitFor(name, paths.step, "never", options);
			if (stepLock && !jobLock) {
				jobLock = await lockFile(paths.job, "now", options);
				if (jobLock) noteOwner(name, options);
			}
			const isOurs = jobLock !== void 0 || readOwner(paths.owner)?.jobId === job.id;
			if (stepLock && isOurs) return boardLock(name, lockDir, stepLock, jobLock);
		} catch (thrown) {
			stepLock?.release();
			jobLock?.release();
			throw thrown;
		}
		stepLock?.release();
	}
}
function boardLock(name, lockDir, stepLock, jobLock) {
	let released = false;
	return {
		lockDir,
		name,
		...jobLock && { jobLock },
		release() {
			if (released) return;
			released = true;
			jobLock?.release();
			stepLock.release();
		}
	};
}
/** `undefined` when this job has the board already. */
function takeJobLock(name, options) {
	return waitFor(name, lockPaths(options.lockDir, name).job, "own job", options);
}
/** Waits for one lock; `undefined` as soon as its owner is what ends the wait. */
async function waitFor(name, path, until, options) {
	const { clock, job, timeoutMs, signal, onWait, lockDir } = options;
	const ownerPath = lockPaths(lockDir, name).owner;
	const isOurs = () => until === "own job" && readOwner(ownerPath)?.jobId === job.id;
	const free = await lockFile(path, "now", options);
	if (free) return free;
	if (isOurs()) return void 0;
	if (timeoutMs === 0) throw heldError(name, options);
	const joined = new AbortController();
	const inQueue = AbortSignal.any([signal, joined.signal]);
	const done = new AbortController();
	const watch = watchOwner();
	try {
		return await lockFile(path, "wait", {
			clock,
			signal: inQueue
		});
	} catch (thrown) {
		if (joined.signal.aborted && !signal.aborted) return void 0;
		throw thrown;
	} finally {
		done.abort();
		await watch;
	}
	async function watchOwner() {
		let told;
		while (!done.signal.aborted) {
			const holder = describeOwner(readOwner(ownerPath));
			if (holder !== told) onWait(holder);
			told = holder;
			if (isOurs()) joined.abort();
			await sleep(clock, WATCH_MS, done.signal).catch(() => void 0);
		}
	}
}
const WATCH_MS = 250;
function noteOwner(name, { lockDir, job }) {
	const owner = {
		jobId: job.id,
		title: job.title,
		since: (/* @__PURE__ */ new Date()).toISOString()
	};
	try {
		removeOldTokens(lockDir, name);
		writeOwner(lockPaths(lockDir, name).owner, owner);
	} catch (thrown) {
		throw new FlashError("lock/unavailable", `${lockDir} cannot be written: ${String(thrown)}`, { path: lockDir }, thrown);
	}
}
/** What `keepForJob` of earlier holders left behind when they were killed. */
function removeOldTokens(lockDir, name) {
	const isToken = (file) => file.startsWith(`${name}.`) && TOKEN_FILE.test(file.slice(name.length));
	for (const file of readdirSync(lockDir).filter(isToken)) rmSync(join(lockDir, file), { force: true });
}
const TOKEN_FILE = /^\.[0-9a-f-]{36}\.kept$/;
function heldError(name, { lockDir, timeoutMs }) {
	const holder = describeOwner(readOwner(lockPaths(lockDir, name).owner));
	const waited = timeoutMs === 0 ? "" : ` after ${Math.round(timeoutMs / 1e3)} s`;
	return new FlashError("lock/timeout", `the board ${name} is still held${waited} by ${holder}`, {
		board: name,
		holder
	});
}
// src/action/step-state.ts
/** Names of the states that a step leaves for its `post` step: JSON lists of `KeptBoard` and `BoardAtWork`. */
const stateNames = {
	kept: "kept-boards",
	atWork: "boards-at-work"
};
/** Names of locks become names of files, which have to stay in the lock folder. */
const isFileName = (value) => typeof value === "string" && /^[^/\\\0]+$/.test(value);
/** Whether a value of `kept` is what a step saves there. */
function isKeptBoard(value) {
	const board = value;
	return typeof board?.lockDir === "string" && isFileName(board.name) && isFileName(board.token);
}
/** Whether a value of `atWork` is what a step saves there. */
function isBoardAtWork(value) {
	const board = value;
	return typeof board?.lockDir === "string" && typeof board.port?.path === "string" && typeof board.after === "string" && Array.isArray(board.lockNames) && board.lockNames.every(isFileName);
}
/** `save` takes a state's name and its value. */
function createStepState(save) {
	const kept = [];
	const atWork = /* @__PURE__ */ new Map();
	const saveWork = () => save(stateNames.atWork, [...atWork.values()]);
	return {
		keep(board) {
			kept.push(board);
			save(stateNames.kept, kept);
		},
		begin(board) {
			const note = {
				change(now) {
					atWork.set(note, now);
					saveWork();
				},
				end() {
					if (atWork.delete(note)) saveWork();
				}
			};
			note.change(board);
			return note;
		}
	};
}
// src/device/usb.ts
/** Espressif's USB vendor id. */
const ESPRESSIF$1 = 12346;
/** USB product id of the USB-Serial/JTAG unit of every chip that has one. */
const USB_JTAG_PRODUCT_ID = 4097;
/** The board hangs on a USB port of the chip itself, with no bridge between. */
function isEspressifUsb(transport) {
	return transport.capabilities.usb?.vendorId === ESPRESSIF$1;
}
/** The board hangs on the chip's own USB-Serial/JTAG unit. */
function isUsbJtag(transport) {
	const { usb } = transport.capabilities;
	return usb?.vendorId === ESPRESSIF$1 && usb.productId === USB_JTAG_PRODUCT_ID;
}
/** The board hangs on the USB-OTG port of the chip's ROM, whose product id is the chip id (esptool `loader.py` `uses_usb_otg` at bb72741). */
function isUsbOtg(transport, chip) {
	const { usb } = transport.capabilities;
	return chip.usb.otg && usb?.vendorId === ESPRESSIF$1 && usb.productId === chip.imageChipId;
}
/** Largest block over USB-OTG (esptool `targets/esp32s2.py` USB_RAM_BLOCK at bb72741). */
const OTG_BLOCK_BYTES = 2048;
// src/device/reset.ts
const IDLE = {
	dtr: false,
	rts: false
};
const BOTH = {
	dtr: true,
	rts: true
};
const EN_LOW = {
	dtr: false,
	rts: true
};
const IO0_LOW = {
	dtr: true,
	rts: false
};
const HOLD_MS = 100;
/** Time for the chip to start and sample IO0; the longer one is for boards with a large capacitor on EN. */
const SHORT_BOOT_MS = 50;
const LONG_BOOT_MS = 550;
const classic = (holdMs, bootMs) => [
	EN_LOW,
	holdMs,
	IO0_LOW,
	bootMs,
	IDLE
];
/** Never has both transistors of the circuit off between EN low and IO0 low, so that IO0 is low when EN rises. */
const tight = (holdMs, bootMs) => [
	IDLE,
	BOTH,
	...classic(holdMs, bootMs)
];
const STEPS = {
	tight: tight(50, SHORT_BOOT_MS),
	tightLong: tight(HOLD_MS, LONG_BOOT_MS),
	classic: classic(50, SHORT_BOOT_MS),
	classicLong: classic(HOLD_MS, LONG_BOOT_MS),
	/** USB-Serial/JTAG: goes through both asserted, not through idle. */
	usbJtag: [
		IDLE,
		HOLD_MS,
		IO0_LOW,
		HOLD_MS,
		BOTH,
		EN_LOW,
		HOLD_MS,
		IDLE
	],
	usbHardReset: [
		EN_LOW,
		200,
		IDLE,
		200
	]
};
/** The strategies into the loader, in the order in which attempts cycle through them (esptool `loader.py` l.720-900). */
function loaderResets(transport, usbReset) {
	if (usbReset || isUsbJtag(transport)) return ["usbJtag"];
	if (transport.capabilities.atomicLines) return [
		"tight",
		"tightLong",
		"classic",
		"classicLong"
	];
	return ["classic", "classicLong"];
}
/**
* Walks through the steps. A pause begins when the lines have surely been set, as far as that can be known. If a step fails,
* the lines end idle: a chip held in reset would look dead.
*/
async function runResetSteps(transport, steps, clock, signal) {
	try {
		for (const step of steps) {
			if (typeof step !== "number") {
				await transport.setSignals(step);
				continue;
			}
			await transport.confirm();
			await sleep(clock, step, signal);
		}
	} catch (error) {
		await transport.setSignals(IDLE).catch(() => void 0);
		throw error;
	}
}
/** One of the usual sequences. */
function resetSteps(name) {
	return STEPS[name];
}
/** A sequence into the loader that holds EN low for `SHORT_HOLD_MS` only. */
function isShortHold(steps) {
	return steps === STEPS.tight || steps === STEPS.classic;
}
/** Resets by the lines. They are idle afterwards, whatever the steps say; as far as can be known, the reset has arrived. */
async function resetByLines(transport, way, clock, signal) {
	if (way === "rts") return hardReset(transport, clock, signal);
	await runResetSteps(transport, [...way === "usb" ? STEPS.usbHardReset : way, IDLE], clock, signal);
	await transport.confirm();
}
/**
* Starts the firmware: EN low and high again with IO0 left high. A chip's own USB port gets twice the time. Rejects with
* `port/lost`, too, where the link turns out to be dead: a board that hangs in reset must not be called started. `holdMs`
* may be shorter only where the chip's boot log has shown that it is enough: nothing answers this reset.
*/
async function hardReset(transport, clock, signal, holdMs = HOLD_MS) {
	await runResetSteps(transport, isEspressifUsb(transport) ? STEPS.usbHardReset : [
		EN_LOW,
		holdMs,
		IDLE
	], clock, signal);
	await transport.confirm();
}
// src/protocol/packet.ts
const REQUEST = 0;
const REPLY = 1;
const STATUS_BYTES = 2;
const CHECKSUM_SEED$1 = 239;
/** XOR over the data alone, seeded with EF. */
function dataChecksum(data) {
	let checksum = CHECKSUM_SEED$1;
	let at = 0;
	while (at < data.length) checksum ^= data[at++] ?? 0;
	return checksum;
}
const NO_BLOCK = /* @__PURE__ */ new Uint8Array(0);
/** Header (00, op, length, checksum; little endian), payload and block, not yet framed. */
function requestParts({ op, payload, block = NO_BLOCK, checksum }) {
	const header = /* @__PURE__ */ new Uint8Array(8);
	const view = new DataView(header.buffer);
	view.setUint8(0, REQUEST);
	view.setUint8(1, op);
	view.setUint16(2, payload.length + block.length, true);
	view.setUint32(4, checksum, true);
	return [
		header,
		payload,
		block
	];
}
/** The same in one piece. */
function encodeRequest(command) {
	return concatBytes(...requestParts(command));
}
/** The reply in a frame, or `undefined` if the frame is none (noise, flash data, a stub's greeting). */
function decodeReply(frame) {
	if (frame.length < 10 || frame[0] !== REPLY) return void 0;
	const bodyLength = readUint16(frame, 2);
	if (frame.length !== 8 + bodyLength) return void 0;
	return {
		op: frame[1] ?? 0,
		value: readUint32(frame, 4),
		body: frame.subarray(8)
	};
}
/**
* Splits the body at the payload length that the command declares. A failure comes without payload, so its status
* stands at the front. `undefined`: too short for what was asked.
*/
function readReply(reply, replyLength) {
	const { body, value } = reply;
	const statusAt = (offset) => (body[offset] ?? 0) << 8 | (body[offset + 1] ?? 0);
	const whole = body.length >= replyLength + STATUS_BYTES;
	if (whole && body[replyLength] === 0) return {
		value,
		data: body.subarray(0, replyLength),
		status: 0
	};
	if (body.length <= 4 && body[0] !== 0) return {
		value,
		data: body.subarray(0, 0),
		status: statusAt(0)
	};
	if (whole) return {
		value,
		data: body.subarray(0, 0),
		status: statusAt(replyLength)
	};
}
// src/protocol/slip.ts
/**
* SLIP as the loader uses it: C0 at both ends of a frame, C0 \u2192 DB DC and DB \u2192 DB DD inside
* (Espressif serial protocol, "Low Level Protocol").
*/
const END = 192;
const ESC = 219;
const ESC_END = 220;
const ESC_ESC = 221;
/** The longest frame of so many bytes: each of them escaped, between two delimiters. */
const maxFrameBytes = (contentBytes) => 2 * contentBytes + 2;
/** One frame of all parts, with delimiters at both ends, at the start of a room of at least `maxFrameBytes`. */
function encodeFrameIn(room, parts) {
	let to = 0;
	room[to++] = END;
	for (const part of parts) {
		let from = 0;
		while (from < part.length) {
			const byte = part[from++] ?? 0;
			if (byte === END || byte === ESC) {
				room[to++] = ESC;
				room[to++] = byte === END ? ESC_END : ESC_ESC;
			} else room[to++] = byte;
		}
	}
	room[to++] = END;
	return room.subarray(0, to);
}
/** One frame around `content`, in memory of its own. */
function encodeFrame(content) {
	return encodeFrameIn(new Uint8Array(maxFrameBytes(content.length)), [content]);
}
/** The largest frame that a loader sends: a READ_FLASH packet of 4096 bytes, with room for its header. */
const MAX_FRAME_BYTES = 16384;
/**
* Text between frames (the boot log) is handed to `onStray`, as is a frame with a wrong escape or of absurd length:
* the peer never repeats it, so the waiting request must time out or be asked again.
*/
function createFrameDecoder(onStray = () => void 0) {
	let inFrame = false;
	let escaped = false;
	let broken = false;
	let content = [];
	const endFrame = (frames) => {
		if (content.length === 0 && !broken) return;
		if (broken || escaped) onStray(Uint8Array.from(content));
		else frames.push(Uint8Array.from(content));
		inFrame = false;
	};
	return { push(chunk) {
		const frames = [];
		const stray = [];
		for (const byte of chunk) if (byte === END) {
			if (inFrame) endFrame(frames);
			else inFrame = true;
			content = [];
			escaped = false;
			broken = false;
		} else if (!inFrame) stray.push(byte);
		else if (escaped) {
			escaped = false;
			if (byte === ESC_END) content.push(END);
			else if (byte === ESC_ESC) content.push(ESC);
			else broken = true;
		} else if (byte === ESC) escaped = true;
		else if (content.length < MAX_FRAME_BYTES) content.push(byte);
		else broken = true;
		if (stray.length > 0) onStray(Uint8Array.from(stray));
		return frames;
	} };
}
// src/protocol/framed-command.ts
/** The frame of one command, in memory of its own. */
function frameCommand(command) {
	return frameIn(new Uint8Array(roomBytes(command)), command);
}
/**
* Frames one command after the other in two rooms by turns, as the frames of a long stream are megabytes for the collector:
* a frame holds until the next but one is made.
*/
function createFramer() {
	let rooms = [/* @__PURE__ */ new Uint8Array(0), /* @__PURE__ */ new Uint8Array(0)];
	return (command) => {
		const [last, oldest] = rooms;
		const room = oldest.length >= roomBytes(command) ? oldest : new Uint8Array(roomBytes(command));
		rooms = [room, last];
		return frameIn(room, command);
	};
}
const roomBytes = ({ payload, block }) => maxFrameBytes(8 + payload.length + (block?.length ?? 0));
function frameIn(room, command) {
	const { op, replyLength, timeoutMs, block } = command;
	const parts = requestParts(command);
	const start = concatBytes(...parts.slice(0, 2));
	return {
		op,
		replyLength,
		timeoutMs,
		start,
		lengthBytes: start.length + (block?.length ?? 0),
		frame: encodeFrameIn(room, parts)
	};
}
// src/protocol/opcodes.ts
/** Command numbers of ROM and stub (esptool `loader.py` at bb72741, l.571-720; esp-flasher-stub `commands.h` at fc713a4). */
const opcodes = {
	flashBegin: 2,
	flashData: 3,
	flashEnd: 4,
	memBegin: 5,
	memEnd: 6,
	memData: 7,
	sync: 8,
	writeReg: 9,
	readReg: 10,
	spiSetParams: 11,
	spiAttach: 13,
	readFlashSlow: 14,
	changeBaudrate: 15,
	flashDeflBegin: 16,
	flashDeflData: 17,
	flashDeflEnd: 18,
	spiFlashMd5: 19,
	getSecurityInfo: 20,
	/** From here on: stub only. */
	eraseFlash: 208,
	eraseRegion: 209,
	readFlash: 210,
	runUserCode: 211
};
const namesByOpcode = new Map(Object.entries(opcodes).map(([name, op]) => [op, name.replaceAll(/[A-Z]/g, "_$&").toUpperCase()]));
/** The command's name as Espressif writes it (`READ_REG`), or its number where it has none. */
function opcodeName(op) {
	return namesByOpcode.get(op) ?? `command 0x${op.toString(16).padStart(2, "0")}`;
}
// src/protocol/timeouts.ts
/**
* How long a command may take, in milliseconds. Figures: esptool `loader.py` l.90-118 at bb72741; a "megabyte" there
* is 10^6 bytes.
*/
const timeouts = {
	defaultMs: 3e3,
	syncMs: 100,
	chipEraseMs: 12e4,
	memEndRomMs: 200,
	md5MsPerMegabyte: 8e3,
	eraseMsPerMegabyte: 4e4,
	writeMsPerMegabyte: 4e4
};
const MEGABYTE = 1e6;
function scaled(msPerMegabyte, lengthBytes) {
	return Math.max(timeouts.defaultMs, msPerMegabyte * lengthBytes / MEGABYTE);
}
function md5TimeoutMs(lengthBytes) {
	return scaled(timeouts.md5MsPerMegabyte, lengthBytes);
}
function eraseTimeoutMs(lengthBytes) {
	return scaled(timeouts.eraseMsPerMegabyte, lengthBytes);
}
const STUB_DICTIONARY_BYTES = 32768;
const ERASE_BLOCK_BYTES = 65536;
/**
* For a block of which `inflatedBytes` reach the flash. The stub writes 32 KiB at a time and may erase a 64 KiB block
* before each of them, so one block of zeros, which inflates to megabytes, can take a long time.
*/
function writeTimeoutMs(inflatedBytes) {
	const eraseBytes = (Math.ceil(inflatedBytes / STUB_DICTIONARY_BYTES) + 1) * ERASE_BLOCK_BYTES;
	return scaled(timeouts.writeMsPerMegabyte, inflatedBytes + eraseBytes);
}
// src/protocol/system-commands.ts
const EMPTY = /* @__PURE__ */ new Uint8Array(0);
function plain(op, payload, replyLength = 0) {
	return {
		op,
		payload,
		checksum: 0,
		replyLength,
		timeoutMs: timeouts.defaultMs
	};
}
const SYNC_PAYLOAD = concatBytes(Uint8Array.of(7, 7, 18, 32), (/* @__PURE__ */ new Uint8Array(32)).fill(85));
function sync() {
	return {
		...plain(opcodes.sync, SYNC_PAYLOAD),
		timeoutMs: timeouts.syncMs
	};
}
function readRegister(address) {
	return plain(opcodes.readReg, words$1(address));
}
/** Writes one register after the other; ROM and stub take any number (esptool `loader.py` `write_reg` sends two). */
function writeRegisters(writes) {
	const entries = writes.flatMap(({ address, value, mask = 4294967295, delayUs = 0 }) => [
		address,
		value,
		mask,
		delayUs
	]);
	return plain(opcodes.writeReg, words$1(...entries));
}
/**
* Flags, crypt count, seven key purposes, chip id, version: 20 bytes; 12 on ESP32-S2, which ends before the chip id.
* ESP32 and ESP8266 know no such command.
*/
function getSecurityInfo(replyBytes = 20) {
	return plain(opcodes.getSecurityInfo, EMPTY, replyBytes);
}
function memoryBegin(lengthBytes, blocks, blockBytes, address) {
	return plain(opcodes.memBegin, words$1(lengthBytes, blocks, blockBytes, address));
}
function memoryData(block, sequence) {
	return {
		...plain(opcodes.memData, concatBytes(words$1(block.length, sequence, 0, 0), block)),
		checksum: dataChecksum(block)
	};
}
/** Jumps to `entry`. The ROM may not answer any more. */
function memoryEnd(entry) {
	return {
		...plain(opcodes.memEnd, words$1(0, entry)),
		timeoutMs: timeouts.memEndRomMs
	};
}
/** Ends an upload and stays in the loader. */
function memoryStay() {
	return plain(opcodes.memEnd, words$1(1, 0));
}
/**
* For the ESP32's ROM: its UART's clock over the rate, in sixteenths. A second word that is not 0 says that the first is no
* rate (mask ROM of revision 3 at 40008aac; the recorded ROM does it).
*/
function changeUartDivider(sixteenths) {
	return plain(opcodes.changeBaudrate, words$1(sixteenths, 1));
}
function changeBaudrate(dialect, newBaud, presentBaud) {
	return plain(opcodes.changeBaudrate, words$1(newBaud, dialect.namesOldBaud ? presentBaud : 0));
}
// src/device/registers.ts
function readRegisterRaw(connection, address) {
	return connection.requestRaw(readRegister(address));
}
/** The 32-bit word at `address`. */
async function readWord(connection, address) {
	return (await connection.request(readRegister(address))).value;
}
/**
* Questions that are sent before the first answer, of 14 bytes each. A ROM takes them one after the other from its UART,
* which holds 128 bytes (ESP32 Technical Reference Manual, "UART Controllers"); the chip's own USB port makes the host wait.
* The stub loses a frame that comes before it has looked at the one before.
*/
const QUESTIONS_AT_ONCE = {
	rom: 9,
	stub: 1
};
/** The words of registers that reading does not change, by address. */
async function readWords(connection, loader, addresses) {
	const open = [...addresses];
	const words = /* @__PURE__ */ new Map();
	while (open.length > 0) {
		const asked = open.splice(0, QUESTIONS_AT_ONCE[loader]);
		const answers = await connection.requestAll(asked.map((address) => frameCommand(readRegister(address))));
		asked.forEach((address, index) => words.set(address, answers[index]?.value ?? 0));
	}
	return words;
}
/**
* The only command that writes registers, one after the other. Refuses the whole eFuse controller: what is burnt there
* cannot be undone, and no job burns anything.
*/
function writeCommand(chip, writes) {
	const efuse = writes.find(({ address }) => address >= chip.efuses.start && address < chip.efuses.end);
	if (efuse !== void 0) throw new FlashError("internal/unexpected", `A write to the eFuse register ${hex32(efuse.address)} was stopped.`);
	return writeRegisters(writes);
}
async function writeWords(connection, chip, writes) {
	await connection.request(writeCommand(chip, writes));
}
/** Writes one register as `writeWords` does. */
function writeWord(connection, chip, address, value, mask = 4294967295) {
	return writeWords(connection, chip, [{
		address,
		value,
		mask
	}]);
}
/** The value of a field. */
async function readBits(connection, { address, shift, bits }) {
	return await readWord(connection, address) >>> shift & 2 ** bits - 1;
}
/** Registers as a chip's own steps take them. */
function registersOf$1(connection, chip) {
	return {
		read: (address) => readWord(connection, address),
		write: (address, value) => writeWord(connection, chip, address, value),
		sleepMs: (delayMs) => connection.sleep(delayMs)
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
// src/device/watchdogs.ts
/**
* Stops the watchdogs that a reset over USB-Serial/JTAG leaves running: they would reset the chip in the middle of a long
* write (esptool `targets/esp32c3.py` `disable_watchdogs` at bb72741).
*/
async function stopWatchdogs(connection, chip) {
	const { rtcWatchdog, superWatchdog } = chip;
	if (rtcWatchdog !== void 0) {
		await writeWord(connection, chip, rtcWatchdog.protect, RTC_WATCHDOG_KEY);
		await writeWord(connection, chip, rtcWatchdog.config0, 0);
		await writeWord(connection, chip, rtcWatchdog.protect, 0);
	}
	if (superWatchdog === void 0) return;
	const { config, protect, autoFeedBit, key } = superWatchdog;
	await writeWord(connection, chip, protect, key);
	await writeWord(connection, chip, config, (await readWord(connection, config) | 1 << autoFeedBit) >>> 0);
	await writeWord(connection, chip, protect, 0);
}
const WATCHDOG_TICKS = 2e3;
const WATCHDOG_RESETS_CHIP = 3489661186;
/** By then the reset has taken effect. */
const WATCHDOG_RESET_MS = 500;
/**
* Lets the RTC watchdog reset the chip, straps included. The port of a chip on USB vanishes with it. For chips whose
* record says `reset.byWatchdog`; the others have no register to write, and nothing happens. `beforeReset` has some 13 ms
* until the watchdog bites: 2000 ticks of 150 kHz.
*/
async function resetByWatchdog(connection, chip, beforeReset) {
	const { rtcWatchdog } = chip;
	if (rtcWatchdog === void 0) return;
	await writeWord(connection, chip, rtcWatchdog.protect, RTC_WATCHDOG_KEY);
	await writeWord(connection, chip, rtcWatchdog.config1, WATCHDOG_TICKS);
	await writeWord(connection, chip, rtcWatchdog.config0, WATCHDOG_RESETS_CHIP);
	await writeWord(connection, chip, rtcWatchdog.protect, 0).catch((error) => {
		if (!hasCode(error, "device/timeout", "device/bad-reply", "port/lost")) throw error;
	});
	await beforeReset();
	await connection.sleep(WATCHDOG_RESET_MS);
}
// src/device/leave-loader.ts
/** Faults of a board that may be starting already. */
const MAY_BE_GONE = [
	"device/timeout",
	"device/bad-reply",
	"device/rejected",
	"device/checksum",
	"port/lost"
];
/** Otherwise the chip could come back in download mode. */
async function clearForcedDownload({ connection, chip, security }) {
	const { forceDownload } = chip.reset;
	if (forceDownload?.clearBeforeReset !== true || security.secureDownload) return;
	const mask = (2 ** forceDownload.bits - 1) * 2 ** forceDownload.shift;
	await writeWord(connection, chip, forceDownload.address, 0, mask).catch((error) => {
		if (!hasCode(error, ...MAY_BE_GONE)) throw error;
	});
}
/** Whether the chip hangs on USB-OTG in a state that its RTS line does not end (esptool `targets/esp32s3.py` `hard_reset` at bb72741). */
async function needsWatchdog({ connection, chip, security }) {
	const { byWatchdog, otg, strap, forceDownload } = chip.reset;
	if (!byWatchdog || otg === void 0 || security.secureDownload || !isUsbOtg(connection.transport, chip)) return false;
	if (otg === "watchdog") return true;
	const isStrapped = strap !== void 0 && await readBits(connection, strap) === 0;
	const isForced = forceDownload !== void 0 && await readBits(connection, forceDownload) === 1;
	return isStrapped && !isForced;
}
/**
* Starts the firmware by whatever the chip has on this port: the reset line, or its watchdog where the line does not help
* or `wanted` asks for it. In Secure Download Mode there is only the line. `beforeReset` is called when the loader has got
* its last command and nothing has been reset yet; not at all where nothing can be.
*/
async function leaveLoader(device, wanted, beforeReset = () => Promise.resolve()) {
	const { connection, chip, security } = device;
	await clearForcedDownload(device);
	if (wanted === "watchdog" && chip.reset.byWatchdog && !security.secureDownload || await needsWatchdog(device)) {
		await resetByWatchdog(connection, chip, beforeReset);
		return "watchdog";
	}
	if (!connection.transport.capabilities.controlLines) return "no-lines";
	await beforeReset();
	await hardReset(connection.transport, connection.clock, connection.signal, device.enHoldMs);
	return "lines";
}
// src/chips/flash-ids.ts
/** JEDEC manufacturer and device, as RDID (9F) gives them: byte 0 vendor, byte 1 type, byte 2 size code. */
const ADESTO = 31;
/** Third byte of the id \u2192 bytes (esptool `cmds.py` DETECTED_FLASH_SIZES at bb72741). */
const SIZE_BY_CODE = {
	18: 262144,
	19: 524288,
	20: 1048576,
	21: 2097152,
	22: 4194304,
	23: 8388608,
	24: 16777216,
	25: 33554432,
	26: 67108864,
	27: 134217728,
	28: 268435456,
	32: 67108864,
	33: 134217728,
	34: 268435456,
	50: 262144,
	51: 524288,
	52: 1048576,
	53: 2097152,
	54: 4194304,
	55: 8388608,
	56: 16777216,
	57: 33554432,
	58: 67108864
};
/** Adesto codes its size in the lower five bits of byte 1 (esptool `cmds.py` ADESTO_FLASH_SIZES). */
const ADESTO_SIZE_BY_CODE = {
	4: 524288,
	5: 1048576,
	6: 2097152,
	7: 4194304,
	8: 8388608,
	9: 16777216
};
/** Ids that only a flash which does not answer gives. */
const NO_FLASH = [
	16777215,
	0,
	16777023
];
/** Bytes of a size as headers and people name it: `512KB`, `4MB`, `2MB-c1`; `undefined` for anything else. */
function flashSizeFromName(name) {
	const [, count, unit] = /^(\d+)([KM])B(-c1)?$/.exec(name) ?? [];
	return count === void 0 ? void 0 : Number(count) * (unit === "K" ? 1024 : 1048576);
}
/** Whether a flash gave `id` (as read from W0: vendor in the lowest byte). */
function flashAnswers(id) {
	return !NO_FLASH.includes(id & 16777215);
}
/** Bytes of the flash, or `undefined` for an id that is in no table. */
function flashSizeFromId(id) {
	if ((id & 255) === ADESTO) return ADESTO_SIZE_BY_CODE[id >>> 8 & 31];
	return SIZE_BY_CODE[id >>> 16 & 255];
}
// src/protocol/command.ts
const stubDialect = {
	statusBytes: 2,
	spiAttachBytes: 4,
	setsFlashSize: true,
	md5Reply: "raw",
	inflates: true,
	beginWords: 5,
	blockBytes: 16384,
	namesOldBaud: true
};
// src/chips/efuse.ts
function bitField(address, shift, bits) {
	return {
		address,
		shift,
		bits
	};
}
/** The number that the fields make together, the lowest part first. */
function fieldOf(wordAt, ...fields) {
	let value = 0;
	let width = 0;
	for (const { address, shift, bits } of fields) {
		value += (wordAt(address) >>> shift & 2 ** bits - 1) * 2 ** width;
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
function addressesOf$1(wordAt, map) {
	const low = bytesOf(wordAt(map.mac));
	const [extensionHigh = 0, extensionLow = 0, ...high] = bytesOf(wordAt(map.mac + 4));
	const mac = [...high, ...low];
	if (!map.hasEui64) return { mac: addressText(...mac) };
	const eui64 = addressText(...mac.slice(0, 3), extensionHigh, extensionLow, ...mac.slice(3));
	return {
		mac: addressText(...mac),
		eui64
	};
}
function memoryFeature(wordAt, memory, name) {
	const code = fieldOf(wordAt, ...memory.capacity);
	if (code === 0) return [];
	const megabytes = memory.megabytes[code];
	const size = megabytes === void 0 ? `of unknown size (${code})` : `${megabytes}MB`;
	const vendor = memory.vendor === void 0 ? void 0 : memory.vendors?.[fieldOf(wordAt, memory.vendor)];
	return [`Embedded ${name} ${size}${vendor === void 0 ? "" : ` (${vendor})`}`];
}
/** The choice next to what the divider gives (as esptool `loader.py` `get_crystal_freq` at bb72741). */
function crystalMhzOf(wordAt, crystal, baud) {
	const measuredMhz = baud * (wordAt(crystal.uartDivider) & 1048575) / 1e6 / crystal.factor;
	const distance = (choiceMhz) => Math.abs(choiceMhz - measuredMhz);
	return crystal.choicesMhz.reduce((best, choice) => distance(choice) < distance(best) ? choice : best, 1e400);
}
function registersOf({ mac, major, minor, package: packageFields, flash, psram, crystal }) {
	const memories = [flash, psram].flatMap((memory) => [...memory?.capacity ?? [], memory?.vendor ?? []].flat());
	const fields = [
		...major,
		...minor,
		...packageFields,
		...memories
	].map(({ address }) => address);
	const dividers = typeof crystal === "number" ? [] : [crystal.uartDivider];
	return [.../* @__PURE__ */ new Set([
		mac,
		mac + 4,
		...fields,
		...dividers
	])];
}
/** The identity of a chip by its map. */
function identityFrom(map) {
	return {
		registers: registersOf(map),
		macRegisters: [map.mac, map.mac + 4],
		of(wordAt, connectBaud) {
			const packageNumber = fieldOf(wordAt, ...map.package);
			const memory = [...map.flash === void 0 ? [] : memoryFeature(wordAt, map.flash, "Flash"), ...map.psram === void 0 ? [] : memoryFeature(wordAt, map.psram, "PSRAM")];
			return {
				...addressesOf$1(wordAt, map),
				revision: fieldOf(wordAt, ...map.major) * 100 + fieldOf(wordAt, ...map.minor),
				packageName: map.packages[packageNumber] ?? `${map.label} (package ${packageNumber})`,
				features: [...map.features, ...memory],
				crystalMhz: typeof map.crystal === "number" ? map.crystal : crystalMhzOf(wordAt, map.crystal, connectBaud),
				spiPins: 0
			};
		}
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
function features(word3, word6) {
	const list = ["Wi-Fi"];
	if (bit$1(word3, 1) === 0) list.push("BT");
	list.push(bit$1(word3, 0) === 1 ? "Single Core" : "Dual Core");
	if (bit$1(word3, 13) === 1) list.push(bit$1(word3, 12) === 1 ? "160 MHz" : "240 MHz");
	if (WITH_EMBEDDED_FLASH.includes(packageNumber(word3))) list.push("Embedded Flash");
	if (packageNumber(word3) === 6) list.push("Embedded PSRAM");
	if (bit$1(word3, 14) === 1) list.push("BLK3 partially reserved");
	list.push(`Coding Scheme ${CODING_SCHEMES[word6 & 3] ?? "None"}`);
	return list;
}
/** Two words; the upper half of the second is a CRC. Both are printed from the most significant byte on. */
function macFrom(word1, word2) {
	return addressText(word2 >>> 8, word2, word1 >>> 24, word1 >>> 16, word1 >>> 8, word1);
}
/** CRC-8 with the polynomial 0x31, lowest bit first (ESP-IDF `esp_crc8`). */
function macCrc(word1, word2) {
	let crc = 0;
	for (const byte of [
		word2 >>> 8,
		word2,
		word1 >>> 24,
		word1 >>> 16,
		word1 >>> 8,
		word1
	]) {
		crc ^= byte & 255;
		for (let bits = 0; bits < 8; bits++) crc = (crc & 1) === 1 ? crc >>> 1 ^ 140 : crc >>> 1;
	}
	return crc;
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
const efuseWords = [
	0,
	1,
	2,
	3,
	5,
	6
].map(efuseWord);
function identityOf$4(wordAt, connectBaud) {
	const [, word1 = 0, word2 = 0, word3 = 0, word5 = 0, word6 = 0] = efuseWords.map(wordAt);
	const date = wordAt(APB_CTRL_DATE);
	const divider = wordAt(UART_CLKDIV) & 1048575;
	const major = MAJOR_REVISION[bit$1(date, 31) << 2 | bit$1(word5, 20) << 1 | bit$1(word3, 15)] ?? 0;
	const measuredMhz = connectBaud * divider / 1e6;
	return {
		mac: macFrom(word1, word2),
		revision: major * 100 + (word5 >>> 24 & 3),
		packageName: packageName$1(word3, major),
		features: features(word3, word6),
		crystalMhz: measuredMhz > 33 ? 40 : 26,
		spiPins: spiPins(word3, word5)
	};
}
function securityOf$1(wordAt, revision) {
	const word0 = wordAt(efuseWord(0));
	const word6 = wordAt(efuseWord(6));
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
		inflates: false,
		beginWords: 4,
		blockBytes: 1024,
		namesOldBaud: false
	},
	romBaud: "divider",
	stubBaudAddress: 1073611164,
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
	identity: {
		registers: [
			...efuseWords,
			APB_CTRL_DATE,
			UART_CLKDIV
		],
		macRegisters: [efuseWord(1), efuseWord(2)],
		macIsSound: (wordAt) => macCrc(wordAt(efuseWord(1)), wordAt(efuseWord(2))) === (wordAt(efuseWord(2)) >>> 16 & 255),
		of: identityOf$4
	},
	securityOf: securityOf$1
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
	identity: identityFrom({
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
	romBaud: "rate",
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
	identity: identityFrom({
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
	identity: identityFrom({
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
const usual$2 = identityFrom({
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
function identityOf$3(wordAt, connectBaud) {
	const known = usual$2.of(wordAt, connectBaud);
	if (fieldOf(wordAt, PACKAGE) !== 1) return known;
	return {
		...known,
		packageName: QFN32_NAMES[fieldOf(wordAt, FLASH$1)] ?? known.packageName
	};
}
const esp32c6 = {
	name: "esp32c6",
	label: "ESP32-C6",
	imageChipId: 13,
	bootloaderOffset: 0,
	romDialect: laterRomDialect,
	romBaud: "rate",
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
	identity: {
		...usual$2,
		of: identityOf$3
	},
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
	identity: identityFrom({
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
	identity: identityFrom({
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
	romBaud: "rate",
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
	identity: identityFrom({
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
	identity: identityFrom({
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
	identity: identityFrom({
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
	identity: identityFrom({
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
const usual$1 = identityFrom({
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
function identityOf$2(wordAt, connectBaud) {
	const known = usual$1.of(wordAt, connectBaud);
	const calibration = fieldOf(wordAt, CALIBRATION);
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
	identity: {
		...usual$1,
		registers: [...usual$1.registers, CALIBRATION.address],
		of: identityOf$2
	},
	securityFields: { manualEncryptOff: bitField(1061265456, 19, 1) }
};
// src/chips/esp32s3.ts
const EFUSES$1 = 1610641408;
const word1$1 = (index) => 1610641476 + index * 4;
const BLOCK_MAJOR = bitField(1610641516, 0, 2);
const BLOCK_MINOR = bitField(word1$1(3), 24, 3);
const usual = identityFrom({
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
function identityOf$1(wordAt, connectBaud) {
	const known = usual.of(wordAt, connectBaud);
	const isBlock11 = fieldOf(wordAt, BLOCK_MAJOR) === 1 && fieldOf(wordAt, BLOCK_MINOR) === 1;
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
	romBaud: "rate",
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
	identity: {
		...usual,
		registers: [...usual.registers, BLOCK_MAJOR.address],
		of: identityOf$1
	},
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
	identity: identityFrom({
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
/** The UART's clock is twice the crystal. */
const crystal = {
	uartDivider: 1610612756,
	factor: 2,
	choicesMhz: [26, 40]
};
const otpWords = [
	0,
	1,
	2,
	3
].map(otpWord);
function identityOf(wordAt, connectBaud) {
	const [word0 = 0, word1 = 0, word2 = 0, word3 = 0] = otpWords.map(wordAt);
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
		crystalMhz: crystalMhzOf(wordAt, crystal, connectBaud),
		spiPins: 0
	};
}
/** It has none. */
const security = {
	secureBootV1: false,
	secureBootV2: false,
	flashEncryption: false,
	secureDownload: false,
	keyManager: false,
	manualEncryptOff: false
};
const SECTOR_BYTES$4 = 4096;
const SECTORS_PER_BLOCK = 16;
/**
* The ROM erases the sectors up to the next 64 KiB boundary without counting them, and then as many as it was told
* (esptool `targets/esp8266.py` `get_erase_size` at bb72741). So it is told fewer. An odd number of sectors of which
* less than half lies beyond the boundary still costs the sector behind them.
*/
function romErase(offset, lengthBytes) {
	const sectors = Math.ceil(lengthBytes / SECTOR_BYTES$4);
	const toBoundary = SECTORS_PER_BLOCK - Math.floor(offset / SECTOR_BYTES$4) % SECTORS_PER_BLOCK;
	const told = sectors < 2 * toBoundary ? Math.ceil(sectors / 2) : sectors - toBoundary;
	const erased = told + Math.min(told, toBoundary);
	return {
		argumentBytes: told * SECTOR_BYTES$4,
		erasedBytes: erased * SECTOR_BYTES$4
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
		identity: {
			registers: [...otpWords, crystal.uartDivider],
			macRegisters: otpWords,
			of: identityOf
		},
		securityOf: () => security
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
// src/protocol/status-codes.ts
/**
* Two status bytes end each reply: the first is not 0 on failure. Read together, big endian, they give these numbers
* (esptool `util.py` at bb72741; esp-flasher-stub `command_handler.h` at fc713a4).
*/
const statusCodes = {
	romUnsupported: 261,
	stubBadLength: 49152,
	stubBadChecksum: 49408,
	stubBadBlockSize: 49664,
	stubInvalidCommand: 49920,
	stubSpiFailed: 50176,
	stubUnlockFailed: 50432,
	stubNotInFlashMode: 50688,
	stubInflateFailed: 50944,
	stubNotEnoughData: 51200,
	stubTooMuchData: 51456,
	stubNotImplemented: 65280
};
const texts = {
	256: "undefined error",
	257: "an input parameter is invalid",
	258: "no memory left on the chip",
	259: "the chip could not send",
	260: "the chip could not receive",
	261: "the command is not known or not allowed",
	262: "the command failed (is the address outside the flash?)",
	263: "the checksum of the data is wrong",
	264: "writing the flash failed",
	265: "reading the flash failed",
	266: "the length of a flash read is wrong",
	267: "inflating the data failed",
	268: "the checksum of the inflated data is wrong",
	269: "a parameter of the inflated write is wrong",
	270: "the chip's memory address is invalid",
	271: "the chip's memory is not allowed",
	356: "a parameter of the flash command is wrong",
	357: "the flash command failed",
	358: "the flash could not be unlocked",
	359: "the flash could not be erased",
	360: "the flash could not be programmed",
	361: "the flash could not be read",
	49152: "the length of the data is wrong",
	49408: "the checksum of the data is wrong",
	49664: "the block size is wrong",
	49920: "the command is not known",
	50176: "an operation on the SPI flash failed",
	50432: "the SPI flash could not be unlocked",
	50688: "no write has been begun",
	50944: "inflating the data failed",
	51200: "there is not enough data",
	51456: "there is too much data",
	65280: "the command is not implemented"
};
/** `0xc400: an operation on the SPI flash failed`. */
function describeStatus(status) {
	return `${`0x${status.toString(16).padStart(4, "0")}`}: ${texts[status] ?? "a reason that is not documented"}`;
}
/** The chip says that it does not know the command: the ROM with 05, the ESP32 stub with FF00. */
function isUnsupported(status) {
	return status === statusCodes.romUnsupported || status === statusCodes.stubNotImplemented || status === statusCodes.stubInvalidCommand;
}
/** The block did not arrive whole and was not used: the only failure after which the same block may be sent again. */
function isChecksumFailure(status) {
	return status === statusCodes.stubBadChecksum || status === 263;
}
// src/device/connection.ts
/** Replies to other commands that may come before the right one (esptool `loader.py` `command` at bb72741). */
const MAX_SKIPPED_REPLIES = 100;
/** A ROM may send "unsupported" eight times (esptool `loader.py`); what is missing after this time does not come. */
const UNSUPPORTED_REPLIES = 8;
const UNSUPPORTED_DRAIN_MS = 200;
/**
* One request at a time over one transport, with a deadline each. Fails at once when the link is lost or the job is
* aborted. Counts what it sends and keeps what comes outside frames (the boot log).
*/
var Connection = class {
	transport;
	clock;
	signal;
	recorder;
	bytesSent = 0;
	/** The quickest answer so far, in ms: a round trip with next to no work. */
	quickestAnswerMs = 1e400;
	/** No answer is waited for longer than this, in ms, whatever a command may take; finite where the link is on trial. */
	patienceMs = 1e400;
	#frames = [];
	#stray = /* @__PURE__ */ new Uint8Array(0);
	#waiter;
	#lost;
	#unsubscribe;
	constructor(transport, clock, signal, recorder) {
		this.transport = transport;
		this.clock = clock;
		this.signal = signal;
		this.recorder = recorder;
		const decoder = createFrameDecoder((bytes) => this.#keepStray(bytes));
		this.#unsubscribe = transport.subscribe({
			data: (bytes) => {
				for (const frame of decoder.push(bytes)) this.#deliver(frame);
			},
			closed: (reason) => {
				this.#lost = reason;
				this.#waiter?.reject(reason);
			}
		});
	}
	/** The transport has told that the link is gone. */
	get isLost() {
		return this.#lost !== void 0;
	}
	/** Ends the subscription; the transport stays as it is. */
	release() {
		this.#unsubscribe();
	}
	/** Hands out what came outside frames since the last call, as text. */
	takeStray() {
		const text = Buffer.from(this.#stray).toString("latin1");
		this.#stray = /* @__PURE__ */ new Uint8Array(0);
		return text;
	}
	/** Throws away frames that nobody waited for. */
	drain() {
		this.#frames = [];
	}
	sendFrame(content) {
		return this.#send([{
			start: content,
			lengthBytes: content.length,
			frame: encodeFrame(content)
		}]);
	}
	/** The next frame, whatever it is; `device/timeout` when none has come within `timeoutMs`. */
	nextFrame(timeoutMs, waitingFor) {
		this.#check();
		const ready = this.#frames.shift();
		if (ready !== void 0) return Promise.resolve(ready);
		return new Promise((resolve, reject) => {
			const finish = () => {
				cancelTimer();
				this.signal.removeEventListener("abort", onAbort);
				this.#waiter = void 0;
			};
			const onAbort = () => this.#waiter?.reject(this.signal.reason);
			const waitMs = Math.min(timeoutMs, this.patienceMs);
			const cancelTimer = scheduleDeadline(this.clock, waitMs, () => {
				finish();
				const shownMs = Math.max(0, Math.round(waitMs));
				reject(this.#error("device/timeout", `No answer to ${waitingFor} within ${shownMs} ms.`));
			});
			this.#waiter = {
				resolve: (frame) => {
					finish();
					resolve(frame);
				},
				reject: (reason) => {
					finish();
					reject(reason);
				}
			};
			this.signal.addEventListener("abort", onAbort, { once: true });
		});
	}
	/**
	* Sends `command` and returns what the chip answers. `device/rejected` (with the chip's reason) or `device/checksum`
	* where it refuses, `device/timeout`, `device/bad-reply`, `port/lost`.
	*/
	async request(command, pace) {
		const { content } = await this.requestRaw(command, pace);
		return content;
	}
	/** As `request`, with the whole reply beside its content. */
	async requestRaw(command, pace) {
		const startMs = this.clock.nowMs();
		await this.#send(["frame" in command ? command : frameCommand(command)], pace);
		const answer = await this.#answerTo(command, startMs + command.timeoutMs);
		if (command.op !== opcodes.sync) this.quickestAnswerMs = Math.min(this.quickestAnswerMs, this.clock.nowMs() - startMs);
		return answer;
	}
	/**
	* Sends `commands` at once and returns their answers, in the same order. For a loader that holds what it has not looked at
	* yet. Rejects as `request`; answers to the commands behind the one that failed may still come then, so the loader has to be
	* entered anew if any of them changes something.
	*/
	async requestAll(commands) {
		await this.#send(commands);
		const answers = [];
		for (const command of commands) {
			const { content } = await this.#answerTo(command, this.clock.nowMs() + command.timeoutMs);
			answers.push(content);
		}
		return answers;
	}
	async #answerTo(command, deadlineMs) {
		const name = opcodeName(command.op);
		for (let skipped = 0; skipped < MAX_SKIPPED_REPLIES; skipped++) {
			const reply = decodeReply(await this.nextFrame(deadlineMs - this.clock.nowMs(), name));
			if (reply === void 0) continue;
			if (reply.op !== command.op) {
				const refusal = readReply(reply, 0);
				if (refusal !== void 0 && isUnsupported(refusal.status)) await this.#refuse(name, refusal.status);
				continue;
			}
			const answer = readReply(reply, command.replyLength);
			if (answer === void 0) throw this.#error("device/bad-reply", `The answer to ${name} is ${reply.body.length} bytes long.`);
			if (answer.status !== 0) await this.#refuse(name, answer.status);
			return {
				reply,
				content: answer
			};
		}
		throw this.#error("device/bad-reply", `${MAX_SKIPPED_REPLIES} frames came, but no answer to ${name}.`);
	}
	/** All in one piece, or as `pace` says. */
	async #send(requests, pace) {
		this.#check();
		for (const { start, lengthBytes } of requests) this.recorder.sent(start, lengthBytes);
		const bytes = joinedView(requests.map(({ frame }) => frame));
		this.bytesSent += bytes.length;
		const pieceBytes = pace?.pieceBytes ?? bytes.length;
		for (let at = 0; at < bytes.length; at += pieceBytes) {
			if (at > 0) await this.sleep(pace?.pauseMs ?? 0);
			await this.#unlessAborted(this.transport.write(bytes.subarray(at, at + pieceBytes)));
		}
	}
	/** A port that takes no bytes must not hold up the end of a cancelled job. */
	#unlessAborted(work) {
		return new Promise((resolve, reject) => {
			const onAbort = () => reject(this.signal.reason);
			this.signal.addEventListener("abort", onAbort, { once: true });
			work.then(resolve, reject).finally(() => this.signal.removeEventListener("abort", onAbort));
		});
	}
	sleep(delayMs) {
		return sleep(this.clock, delayMs, this.signal);
	}
	async #refuse(name, status) {
		if (isUnsupported(status)) await this.#takeRepeats();
		const code = isChecksumFailure(status) ? "device/checksum" : "device/rejected";
		throw this.#error(code, `The chip refused ${name} (${describeStatus(status)}).`, { status });
	}
	/** Takes the repeats of a refusal, so that none of them is taken for the answer to the next command. */
	async #takeRepeats() {
		const deadlineMs = this.clock.nowMs() + UNSUPPORTED_DRAIN_MS;
		try {
			for (let taken = 1; taken < UNSUPPORTED_REPLIES; taken++) await this.nextFrame(deadlineMs - this.clock.nowMs(), "the repeats of a refusal");
		} catch (error) {
			if (!hasCode(error, "device/timeout")) throw error;
		}
		this.drain();
	}
	#error(code, message, details = {}) {
		return new FlashError(code, message, {
			...details,
			flight: this.recorder.lines()
		});
	}
	#deliver(frame) {
		this.recorder.received(frame);
		if (this.#waiter !== void 0) this.#waiter.resolve(frame);
		else this.#frames.push(frame);
	}
	#keepStray(bytes) {
		this.recorder.stray(bytes);
		this.#stray = concatBytes(this.#stray, bytes).slice(-8192);
	}
	#check() {
		if (this.signal.aborted) throw this.signal.reason;
		if (this.#lost !== void 0) throw this.#lost;
	}
};
/** The status that a refusal carries, or `undefined` for any other error. */
function refusedStatus(thrown) {
	if (!(thrown instanceof FlashError)) return void 0;
	return typeof thrown.details.status === "number" ? thrown.details.status : void 0;
}
// src/device/security-info.ts
const FULL_BYTES = 20;
/** ESP32-S2 ends before the chip id (esptool `loader.py` `get_security_info` at bb72741). */
const SHORT_BYTES = 12;
const CRYPT_COUNT_OFFSET = 4;
const CHIP_ID_OFFSET = 12;
const SECURE_BOOT = 1;
const SECURE_DOWNLOAD = 4;
function parse(data) {
	const flags = readUint32(data, 0);
	const ones = (data[CRYPT_COUNT_OFFSET] ?? 0).toString(2).replaceAll("0", "").length;
	const settings = {
		secureBoot: (flags & SECURE_BOOT) !== 0,
		secureDownload: (flags & SECURE_DOWNLOAD) !== 0,
		flashEncryption: ones % 2 === 1
	};
	return data.length === FULL_BYTES ? {
		...settings,
		chipId: readUint32(data, CHIP_ID_OFFSET)
	} : settings;
}
async function ask(connection, lengthBytes) {
	try {
		const { data } = await connection.request(getSecurityInfo(lengthBytes));
		return parse(data);
	} catch (error) {
		const status = refusedStatus(error);
		if (status !== void 0 && isUnsupported(status)) return void 0;
		throw error;
	}
}
/** The chip's own words, or `undefined` where ROM or stub have no such command (ESP8266, ESP32). */
async function readSecurityInfo(connection) {
	try {
		return await ask(connection, FULL_BYTES);
	} catch (error) {
		if (!hasCode(error, "device/bad-reply")) throw error;
		return ask(connection, SHORT_BYTES);
	}
}
/** As settings; what the command leaves out is not set. */
function securityFromInfo(info) {
	return {
		secureBootV1: false,
		secureBootV2: info.secureBoot,
		flashEncryption: info.flashEncryption,
		secureDownload: info.secureDownload,
		keyManager: false,
		manualEncryptOff: false
	};
}
// src/device/identify.ts
/** A word of the mask ROM that every chip lets read, and that tells the older ones apart. */
const MAGIC_ADDRESS = 1073745920;
/** Which chip answers: by chip id first, by magic where there is no id. `chip/unknown` for any other. */
async function detectChip(connection) {
	const info = await readSecurityInfo(connection);
	if (info?.chipId !== void 0) {
		const { chipId } = info;
		const chip = chipByImageId(chipId);
		if (chip !== void 0) return {
			chip,
			info
		};
		throw new FlashError("chip/unknown", `The chip has the id ${chipId}, which is not known.`, { chipId });
	}
	if (info?.secureDownload === true) return {
		chip: chips.esp32s2,
		info
	};
	const magic = await readWord(connection, MAGIC_ADDRESS);
	const chip = chipByMagic(magic);
	if (chip !== void 0) return info === void 0 ? { chip } : {
		chip,
		info
	};
	throw new FlashError("chip/unknown", `The chip's magic number is ${hex32(magic)}, which is not known.`, { magic: hex32(magic) });
}
/** A MAC for a chip that tells none. */
const UNKNOWN_MAC = "unknown";
/** In Secure Download Mode no register can be read, so all but the kind of chip stays hidden. */
function hiddenIdentity(chip) {
	return {
		mac: UNKNOWN_MAC,
		revision: 0,
		packageName: chip.label,
		features: [],
		crystalMhz: 0,
		spiPins: 0
	};
}
function securityOf(wordAt, { chip, info }, revision) {
	if (info === void 0) {
		if (chip.securityOf !== void 0) return chip.securityOf(wordAt, revision);
		throw new FlashError("device/bad-reply", `This ${chip.label} does not tell its security settings.`);
	}
	const state = securityFromInfo(info);
	const { manualEncryptOff, keyManager } = chip.securityFields ?? {};
	return {
		...state,
		keyManager: keyManager !== void 0 && fieldOf(wordAt, keyManager) === 1,
		manualEncryptOff: manualEncryptOff !== void 0 && fieldOf(wordAt, manualEncryptOff) === 1
	};
}
/** Asks for the MAC's words once more where nothing else shows that they came over undamaged. */
async function confirmMac(connection, { identity }, loader, wordAt) {
	if (identity.macIsSound?.(wordAt) === true) return;
	for (const [address, word] of await readWords(connection, loader, identity.macRegisters)) {
		if (word === wordAt(address)) continue;
		throw new FlashError("device/bad-reply", `The MAC's word at ${hex32(address)} was read in two ways.`);
	}
}
/** MAC, revision and the like, and the security settings. `baud`: the rate that the ROM has measured. */
async function identify$1(connection, detected, { loader, baud }) {
	const { chip, info } = detected;
	if (info?.secureDownload === true) return {
		identity: hiddenIdentity(chip),
		security: securityFromInfo(info)
	};
	const fields = Object.values(chip.securityFields ?? {}).map(({ address }) => address);
	const words = await readWords(connection, loader, /* @__PURE__ */ new Set([...chip.identity.registers, ...fields]));
	const wordAt = (address) => {
		const word = words.get(address);
		if (word !== void 0) return word;
		throw new FlashError("internal/unexpected", `The register ${hex32(address)} was not asked for.`);
	};
	await confirmMac(connection, chip, loader, wordAt);
	const identity = chip.identity.of(wordAt, baud);
	return {
		identity,
		security: securityOf(wordAt, detected, identity.revision)
	};
}
// src/protocol/flash-commands.ts
function flashCommand(op, payload, timeoutMs, replyLength = 0) {
	return {
		op,
		payload,
		checksum: 0,
		replyLength,
		timeoutMs
	};
}
/** `pins`: 0 for the usual ones, else hd << 24 | cs << 18 | d << 12 | q << 6 | clk. */
function spiAttach(dialect, pins) {
	const payload = dialect.spiAttachBytes === 8 ? words$1(pins, 0) : words$1(pins);
	return flashCommand(opcodes.spiAttach, payload, timeouts.defaultMs);
}
const BLOCK_BYTES$1 = 65536;
const SECTOR_BYTES$3 = 4096;
const PAGE_BYTES = 256;
const STATUS_MASK = 65535;
/** Tells the loader the size of the flash; without it the ROM takes 2 MB for granted. */
function spiSetParams(flashSizeBytes) {
	return flashCommand(opcodes.spiSetParams, words$1(0, flashSizeBytes, BLOCK_BYTES$1, SECTOR_BYTES$3, PAGE_BYTES, STATUS_MASK), timeouts.defaultMs);
}
function beginPayload(dialect, begin) {
	const { lengthBytes, blocks, blockBytes, offset } = begin;
	return dialect.beginWords === 5 ? words$1(lengthBytes, blocks, blockBytes, offset, 0) : words$1(lengthBytes, blocks, blockBytes, offset);
}
/** The ROM erases the whole range before it answers; the stub only looks at the first sector. */
function flashBegin(dialect, begin) {
	return flashCommand(opcodes.flashBegin, beginPayload(dialect, begin), eraseTimeoutMs(begin.lengthBytes));
}
function flashDeflateBegin(dialect, begin) {
	return flashCommand(opcodes.flashDeflBegin, beginPayload(dialect, begin), eraseTimeoutMs(begin.lengthBytes));
}
function dataCommand(op, block, sequence, timeoutMs) {
	return {
		op,
		payload: words$1(block.length, sequence, 0, 0),
		block,
		checksum: dataChecksum(block),
		replyLength: 0,
		timeoutMs
	};
}
function flashData(block, sequence, timeoutMs) {
	return dataCommand(opcodes.flashData, block, sequence, timeoutMs);
}
function flashDeflateData(block, sequence, timeoutMs) {
	return dataCommand(opcodes.flashDeflData, block, sequence, timeoutMs);
}
/** 1 keeps the loader; 0 would start the firmware. */
const STAY_IN_LOADER = 1;
/** Answered only after the last block is in the flash. */
function flashEnd(timeoutMs) {
	return flashCommand(opcodes.flashEnd, words$1(STAY_IN_LOADER), timeoutMs);
}
function flashDeflateEnd(timeoutMs) {
	return flashCommand(opcodes.flashDeflEnd, words$1(STAY_IN_LOADER), timeoutMs);
}
const MD5_REPLY_LENGTH = {
	ascii: 32,
	raw: 16,
	none: 0
};
function flashMd5(dialect, offset, lengthBytes) {
	return flashCommand(opcodes.spiFlashMd5, words$1(offset, lengthBytes, 0, 0), md5TimeoutMs(lengthBytes), MD5_REPLY_LENGTH[dialect.md5Reply]);
}
/** Stub only; erases whether blank or not. Both numbers are multiples of a sector. */
function eraseRegion(offset, lengthBytes) {
	return flashCommand(opcodes.eraseRegion, words$1(offset, lengthBytes), eraseTimeoutMs(lengthBytes));
}
/** The stub takes at most 4096 bytes a packet and sends one at a time, whatever number in flight it is given. */
const READ_PACKET_BYTES = 4096;
const READ_PACKETS_IN_FLIGHT = 64;
/** Stub only; packets of data and a last one with their MD5 follow, each acknowledged. */
function readFlash(offset, lengthBytes) {
	return flashCommand(opcodes.readFlash, words$1(offset, lengthBytes, READ_PACKET_BYTES, READ_PACKETS_IN_FLIGHT), timeouts.defaultMs);
}
/** The acknowledgement of a READ_FLASH packet: all bytes received so far, in a frame of its own. */
function readFlashAck(receivedBytes) {
	return words$1(receivedBytes);
}
/** ROM only; always answered with 64 bytes, of which the first `lengthBytes` count. */
function readFlashSlow(offset, lengthBytes) {
	return flashCommand(opcodes.readFlashSlow, words$1(offset, lengthBytes), timeouts.defaultMs, 64);
}
/** What an MD5 reply holds, as lower-case hex: ASCII from a ROM, 16 raw bytes from a stub. */
function md5FromReply(dialect, data) {
	return Buffer.from(data).toString(dialect.md5Reply === "ascii" ? "latin1" : "hex").toLowerCase();
}
// src/device/baud-rates.ts
/** A rate that long or poor cables still carry; ROMs measure what comes. */
const LOWEST_BAUD = 57600;
/** Rates that `auto` goes through, from above. What the ESP32's stub is known to keep up with ends at 2,000,000. */
const AUTO_BAUDS = [
	2e6,
	921600,
	460800,
	230400,
	115200,
	LOWEST_BAUD
];
/** What the slowest of the usual bridges (CP2102) carries. */
const UNKNOWN_BRIDGE_BAUD = 921600;
const SILICON_LABS$1 = 4292;
const WCH$1 = 6790;
const FTDI$1 = 1027;
/** Bridges by USB id; one that is not here gets `UNKNOWN_BRIDGE_BAUD`. A new one is a row. */
const bridgeRates = [
	{
		vendorId: SILICON_LABS$1,
		productId: 6e4,
		maxBaud: 921600
	},
	{
		vendorId: WCH$1,
		productId: 29986,
		maxBaud: 2e6
	},
	{
		vendorId: WCH$1,
		productId: 29987,
		maxBaud: 2e6
	},
	{
		vendorId: WCH$1,
		productId: 21971,
		maxBaud: 6e6
	},
	{
		vendorId: FTDI$1,
		productId: 24577,
		maxBaud: 3e6
	},
	{
		vendorId: FTDI$1,
		productId: 24597,
		maxBaud: 3e6
	}
];
/** The rates to try on a port, from above: what its bridge is known to carry, and less. */
function autoBauds({ capabilities }) {
	const { usb } = capabilities;
	const maxBaud = bridgeRates.find((row) => row.vendorId === usb?.vendorId && row.productId === usb.productId)?.maxBaud ?? UNKNOWN_BRIDGE_BAUD;
	return AUTO_BAUDS.filter((baud) => baud <= maxBaud);
}
// src/device/connect.ts
const SYNCS_PER_ATTEMPT = 5;
const SYNC_PAUSE_MS = 50;
/** ROM and stub answer each SYNC eight times. */
const SYNC_REPLIES = 8;
/** Behind the status most ROMs send two more bytes, the stub none. */
const STUB_STATUS_BYTES = 2;
/**
* The loader's answer to one SYNC, or to an earlier one where the way is long; `undefined` if there was none. A stub answers
* with the value 0, a ROM never.
*/
async function trySync(connection) {
	try {
		const values = [(await connection.request(sync())).value];
		while (values.length < SYNC_REPLIES) {
			const reply = decodeReply(await connection.nextFrame(sync().timeoutMs, "the eight answers to a sync"));
			if (reply?.op === opcodes.sync) values.push(reply.value);
		}
		return values.every((value) => value === 0) ? "stub" : "rom";
	} catch (error) {
		if (hasCode(error, "device/timeout", "device/bad-reply", "device/rejected", "device/checksum")) return void 0;
		throw error;
	}
}
async function syncAttempt(connection) {
	for (let tried = 0; tried < SYNCS_PER_ATTEMPT; tried++) {
		const loader = await trySync(connection);
		if (loader !== void 0) return loader;
		await connection.sleep(SYNC_PAUSE_MS);
	}
}
/** Boot modes by the ROM's own names, and what it says when it waits (ESP32 ROM of 2019 and C3 ROM of 2021). */
const DOWNLOAD_MODE = /UART\d?_BOOT|DOWNLOAD|waiting for download|wait uart/i;
const BOOT_BANNER = /boot:(0x[0-9a-f]+)[^\r\n]*[\s\S]*$/i;
/** Reset reasons of the ROMs (`RTCWDT_BROWN_OUT_RESET`), and what ESP-IDF says before it resets the chip. */
const BROWNOUT = /BROWN_?OUT_RE?SE?T|Brownout detector was triggered/i;
/** What the board said while nobody answered, and so what is wrong. */
function verdict(log, name, wasReset) {
	const tail = { log: log.slice(-400) };
	if (log.length === 0) return new FlashError("connect/silent", `The board at ${name} sent nothing.`);
	if (BROWNOUT.test(log)) return new FlashError("connect/brownout", `The board at ${name} resets because its supply breaks down.`, tail);
	const banner = BOOT_BANNER.exec(log.slice(Math.max(0, log.lastIndexOf("boot:0x"))));
	if (banner !== null && DOWNLOAD_MODE.test(banner[0])) return new FlashError("connect/no-reply", `The board at ${name} waits for a download but answers no sync.`, tail);
	if (banner !== null) {
		const mode = banner[1] ?? "";
		return new FlashError("connect/run-mode", `The board at ${name} started from flash (boot mode ${mode}).`, tail);
	}
	const text = log.replaceAll(/[^\x20-\x7e\r\n\t]/g, "");
	if (!wasReset && text.length > log.length * .9) return new FlashError("connect/run-mode", `The board at ${name} runs its firmware and was not reset.`, tail);
	return new FlashError("connect/no-sync", `${log.length} bytes came from ${name}, but no answer to a sync.`, tail);
}
/** Rates to try by turns, one an attempt. Without a reset the loader keeps the rate that it had; a link without rates has no other. */
function baudsOf(transport, options, isReset) {
	if (isReset || !transport.capabilities.baudRate) return [options.baud];
	return [.../* @__PURE__ */ new Set([options.baud, ...options.leftoverBauds ?? autoBauds(transport)])];
}
/** Whether the port is at `baud` now. Of several rates it need not know each. */
async function setsBaud(transport, baud, bauds) {
	try {
		await transport.setBaudRate(baud);
		return true;
	} catch (error) {
		if (bauds.length === 1 || !hasCode(error, "device/baud")) throw error;
		return false;
	}
}
/** Which loader answers without a sync: most ROMs add two bytes to each reply, which a stub does not. */
async function loaderInReply(connection) {
	const { reply } = await readRegisterRaw(connection, MAGIC_ADDRESS);
	const chip = chipByMagic(reply.value);
	if (reply.body.length !== STUB_STATUS_BYTES) return "rom";
	if (chip?.romDialect.statusBytes !== STUB_STATUS_BYTES) return "stub";
	return connection.request(getSecurityInfo()).then(() => "stub", (error) => {
		const status = refusedStatus(error);
		if (status === void 0) throw error;
		return status === statusCodes.romUnsupported ? "rom" : "stub";
	});
}
/**
* Brings the board into its loader and finds out which one answers, and at which rate. Rejects with a `connect/\u2026`
* code that says what the board did instead, or `port/\u2026` where the lines do not work.
*/
async function connect(connection, options) {
	const { transport } = connection;
	if (options.before === "no-reset-no-sync") {
		await transport.setBaudRate(options.baud);
		return {
			loader: await loaderInReply(connection),
			baud: options.baud
		};
	}
	const isReset = options.before !== "no-reset" && transport.capabilities.controlLines;
	const usual = isReset ? loaderResets(transport, options.before === "usb-reset").map(resetSteps) : [];
	const resets = isReset && options.resetSequence !== void 0 ? [options.resetSequence] : usual;
	const bauds = baudsOf(transport, options, isReset);
	connection.takeStray();
	let log = "";
	for (let attempt = 0; attempt < options.attempts; attempt++) {
		const baud = bauds[attempt % bauds.length] ?? options.baud;
		if (!await setsBaud(transport, baud, bauds)) continue;
		connection.drain();
		const reset = resets[attempt % resets.length];
		log += connection.takeStray();
		if (reset !== void 0) await runResetSteps(transport, reset, connection.clock, connection.signal);
		const loader = await syncAttempt(connection);
		const said = connection.takeStray();
		log += said;
		if (loader === "stub" && isReset) {
			if (reset !== void 0 && isShortHold(reset) && attempt + 1 < options.attempts) continue;
			throw new FlashError("connect/not-reset", `The reset lines of ${transport.name} have no effect: the stub of an earlier job still answers.`);
		}
		if (loader === void 0) continue;
		return {
			loader,
			baud,
			...reset !== void 0 && isShortHold(reset) && BOOT_BANNER.test(said) && { enHoldMs: 50 }
		};
	}
	throw verdict(log + connection.takeStray(), transport.name, isReset);
}
// src/device/spi-id.ts
const USR_COMMAND = 2147483648;
const USR_ADDRESS = 1073741824;
const USR_DUMMY = 536870912;
const USR_MISO = 268435456;
const USR1_ADDRESS_LENGTH_SHIFT = 26;
/** Only where there is no register for it (esptool `loader.py` `run_spiflash_command` at bb72741). */
const USR1_MISO_LENGTH_SHIFT = 8;
const USR2_COMMAND_LENGTH_SHIFT = 28;
const ADDRESS_OFFSET = 4;
const COMMAND_BITS = 8;
const ADDRESS_BITS = 24;
const CMD_USR = 1 << 18;
/** Longer than any command takes: code, address and 64 bytes at 1 MHz, which is far below what ROMs set. */
const COMMAND_US = 1e3;
const READ_JEDEC_ID = 159;
const JEDEC_ID_BITS = 24;
const READ_DATA = 3;
/** A command that answers nothing. */
const silent = (code) => ({
	code,
	replyBits: 0
});
const lengthField = (length, shift) => length === 0 ? 0 : (length - 1) * 2 ** shift;
function usrFlags({ address, dummyClocks = 0, replyBits }) {
	return [
		[USR_ADDRESS, address !== void 0],
		[USR_DUMMY, dummyClocks > 0],
		[USR_MISO, replyBits > 0]
	].reduce((flags, [flag, isUsed]) => isUsed ? flags + flag : flags, USR_COMMAND);
}
/** Lengths of address and dummy, and of the answer where there is no register for it. */
function usr1Word({ address, dummyClocks = 0, replyBits }, holdsReplyLength) {
	const addressLength = lengthField(address === void 0 ? 0 : ADDRESS_BITS, USR1_ADDRESS_LENGTH_SHIFT);
	const replyLength = holdsReplyLength ? lengthField(replyBits, USR1_MISO_LENGTH_SHIFT) : 0;
	return addressLength + lengthField(dummyClocks, 0) + replyLength;
}
/** The registers that make the controller carry out a command, the start last. */
function writesOf({ spi }, command) {
	const { base, usr, usr1, usr2, dataLengths, w0, addressBits } = spi;
	const usr1Value = usr1Word(command, dataLengths === void 0);
	const addressValue = command.address ?? 0;
	const hasReply = command.replyBits > 0;
	return [
		[hasReply ? dataLengths?.miso : void 0, command.replyBits - 1],
		[dataLengths === void 0 || usr1Value > 0 ? usr1 : void 0, usr1Value],
		[usr, usrFlags(command)],
		[usr2, lengthField(COMMAND_BITS, USR2_COMMAND_LENGTH_SHIFT) + command.code],
		[command.address === void 0 ? void 0 : ADDRESS_OFFSET, addressBits === "upper" ? addressValue * 256 : addressValue],
		[hasReply ? w0 : void 0, 0],
		[0, CMD_USR]
	].flatMap(([offset, value]) => offset === void 0 ? [] : [{
		address: base + offset,
		value
	}]);
}
const afterCommand = (writes) => writes.map((write, index) => index === 0 ? {
	...write,
	delayUs: COMMAND_US
} : write);
/**
* Runs commands one after the other, and leaves the controller's settings as they were. It all is one WRITE_REG, as round
* trips are what takes time. What the last command answered stands in W0 and the registers behind it.
*/
async function runCommands(connection, chip, ...commands) {
	const { base, usr, usr1, usr2, dataLengths } = chip.spi;
	const changesUsr1 = dataLengths === void 0 || commands.some((command) => usr1Word(command, false) > 0);
	const saved = [];
	for (const offset of changesUsr1 ? [
		usr,
		usr2,
		usr1
	] : [usr, usr2]) saved.push({
		address: base + offset,
		value: await readWord(connection, base + offset)
	});
	const [first = [], ...further] = commands.map((command) => writesOf(chip, command));
	await writeWords(connection, chip, [
		...first,
		...further.flatMap(afterCommand),
		...afterCommand(saved)
	]);
}
/** Runs commands of which the last one's answer is at most 32 bits; the first byte is the lowest. */
async function askFlash(connection, chip, command, before = []) {
	await runCommands(connection, chip, ...before.map(silent), command);
	return await readWord(connection, chip.spi.base + chip.spi.w0) & 2 ** command.replyBits - 1;
}
/** Runs commands that answer nothing. */
function tellFlash(connection, chip, ...codes) {
	return runCommands(connection, chip, ...codes.map(silent));
}
const FLASH_RESET = [102, 153];
const readId$1 = (connection, chip) => {
	const before = chip.resetsFlash === true ? FLASH_RESET : [];
	return askFlash(connection, chip, {
		code: READ_JEDEC_ID,
		replyBits: JEDEC_ID_BITS
	}, before);
};
const READ_SFDP = {
	code: 90,
	dummyClocks: 8,
	replyBits: 8
};
const SFDP_VENDOR_ADDRESS = 16;
const XMC = 32;
const DEEP_POWER_DOWN = [
	185,
	121,
	255
];
const POWER_DOWN_EXIT_MS = 2;
const RELEASE_POWER_DOWN = 171;
async function startXmcFlash(connection, chip) {
	if (await askFlash(connection, chip, {
		...READ_SFDP,
		address: SFDP_VENDOR_ADDRESS
	}) !== XMC) return;
	await tellFlash(connection, chip, ...DEEP_POWER_DOWN);
	await connection.sleep(POWER_DOWN_EXIT_MS);
	await tellFlash(connection, chip, RELEASE_POWER_DOWN);
}
/**
* Resets the flash where its chip's apps may leave it in a state of their own, and gives its JEDEC id, vendor in the lowest
* byte. A flash that gives no known id gets a second chance to start.
* `device/flash-id` when no flash answers.
*/
async function readFlashId(connection, chip) {
	let id = await readId$1(connection, chip);
	if (flashSizeFromId(id) === void 0) {
		await startXmcFlash(connection, chip);
		id = await readId$1(connection, chip);
	}
	if (!flashAnswers(id)) throw new FlashError("device/flash-id", `The flash gives the id 0x${id.toString(16)}: nothing answers.`);
	return id;
}
/**
* `lengthBytes` (a multiple of 4, at most `SPI_DATA_BYTES`) from `offset` on, through the controller's registers: the way
* where a ROM has no command for it.
*/
async function readThroughRegisters(connection, chip, offset, lengthBytes) {
	await runCommands(connection, chip, {
		code: READ_DATA,
		address: offset,
		replyBits: lengthBytes * 8
	});
	const w0 = chip.spi.base + chip.spi.w0;
	const words = await readWords(connection, "rom", Array.from({ length: lengthBytes / 4 }, (_, index) => w0 + index * 4));
	const bytes = new Uint8Array(lengthBytes);
	const view = new DataView(bytes.buffer);
	for (const [address, word] of words) view.setUint32(address - w0, word, true);
	return bytes;
}
// src/device/write-stream.ts
/**
* How often a loader is sent one block. The stub does not use one that arrived damaged, so it alone may be sent again; the
* ROM has counted it and takes its number no more. After any other failure none may.
*/
const sendsPerBlock = {
	stub: 4,
	rom: 1
};
async function sendBlock(connection, command, sends) {
	for (let sent = 1;; sent++) try {
		await connection.request(command);
		return;
	} catch (error) {
		const arrivedDamaged = hasCode(error, "device/checksum") || refusedStatus(error) === statusCodes.stubBadLength;
		if (sent >= sends || !arrivedDamaged) throw error;
	}
}
/**
* The stub's interrupt takes all that the UART holds, and drops what is behind the end of a frame; its loop then hands it the
* other buffer. So many bytes are sent in between: the 128 that the UART can hold, and the 32 at which it interrupts
* (esp-flasher-stub `transport.c` and `slip.c` at fc713a4). Outside of a frame a zero means nothing.
*/
const GAP = /* @__PURE__ */ new Uint8Array(160);
/**
* The erase and, without waiting for it, the first block. Neither is sent again: what fails here is for a new try, which enters
* the loader anew.
*/
async function sendBeside(connection, { offset, lengthBytes }, block) {
	const behindGap = {
		...block,
		frame: concatBytes(GAP, block.frame)
	};
	await connection.requestAll([frameCommand(eraseRegion(offset, lengthBytes)), behindGap]);
}
/**
* What carries a block on this machine, such as ser2net or a driver's thread, gets the processor for so long before the next
* block is made ready; on a small machine the wire would else be idle for that. Assumed.
*/
const HAND_OVER_MS = 1;
/** Resolves when the answer has come or failed, and after that time at the latest. */
function handedOver(answer, clock) {
	return new Promise((resolve) => {
		const stopTimer = clock.schedule(HAND_OVER_MS, resolve);
		const end = () => {
			stopTimer();
			resolve();
		};
		answer.then(end, end);
	});
}
const dataCommands = {
	raw: flashData,
	deflate: flashDeflateData
};
/**
* Sends the blocks one after the other. The stub acknowledges a block before it writes it and the ROM after, so each
* request may take the time of its own block and of the one before. While a block is on the wire, the next one is made
* ready and `beforeBlock` called for it, so that it leaves as soon as the answer is there; three blocks may be under way
* then. Returns the time that the last one may take.
*/
async function sendBlocks(connection, { blocks, encoding, beside }, loader, beforeBlock) {
	const flashBytesOf = (sequence) => blocks[sequence]?.flashBytes ?? 0;
	const frame = createFramer();
	let doneBytes = 0;
	const makeReady = (sequence) => {
		const block = blocks[sequence];
		if (block === void 0) return void 0;
		doneBytes += flashBytesOf(sequence - 3);
		beforeBlock(doneBytes, flashBytesOf(sequence - 2) + flashBytesOf(sequence - 1) + block.flashBytes);
		const timeoutMs = writeTimeoutMs(flashBytesOf(sequence - 1)) + writeTimeoutMs(block.flashBytes);
		return frame(dataCommands[encoding](block.bytes, sequence, timeoutMs));
	};
	let ready = makeReady(0);
	for (let sequence = 0; ready !== void 0; sequence++) {
		const answer = beside !== void 0 && sequence === 0 ? sendBeside(connection, beside, ready) : sendBlock(connection, ready, sendsPerBlock[loader]);
		const next = handedOver(answer, connection.clock).then(() => makeReady(sequence + 1));
		await Promise.allSettled([answer, next]);
		await answer;
		ready = await next;
	}
	return writeTimeoutMs(flashBytesOf(blocks.length - 1));
}
// src/device/rom-flash.ts
const begins$1 = {
	raw: flashBegin,
	deflate: flashDeflateBegin
};
const SECTOR_BYTES$2 = 4096;
const exactly = (lengthBytes) => ({
	argumentBytes: lengthBytes,
	erasedBytes: lengthBytes
});
const nothingUnderWay = () => void 0;
function refuse$1(chip, what) {
	const message = `The ROM of this ${chip.label} does not ${what} its flash in this state.`;
	return Promise.reject(new FlashError("chip/unsupported", message));
}
/** Reads in steps; `readStep` gives at least what it is asked for. */
async function readInSteps(lengthBytes, stepBytes, readStep) {
	const parts = [];
	for (let at = 0; at < lengthBytes; at += stepBytes) {
		const wanted = Math.min(stepBytes, lengthBytes - at);
		parts.push((await readStep(at, wanted)).subarray(0, wanted));
	}
	return concatBytes(...parts);
}
function blocksOf(bytes, blockBytes) {
	return Array.from({ length: bytes.length / blockBytes }, (_, index) => ({
		bytes: bytes.subarray(index * blockBytes, (index + 1) * blockBytes),
		flashBytes: blockBytes
	}));
}
/** The flash through the ROM alone: small blocks, and BEGIN erases its whole range before it answers. */
function romFlash(device) {
	const { connection, chip, security } = device;
	const dialect = chip.romDialect;
	const { blockBytes } = dialect;
	const isOpen = !security.secureDownload;
	const verifies = isOpen && dialect.md5Reply !== "none";
	const read = (offset, lengthBytes) => {
		if (!isOpen) return refuse$1(chip, "read");
		if (verifies) return readInSteps(lengthBytes, 64, async (at, wanted) => {
			const { data } = await connection.request(readFlashSlow(offset + at, wanted));
			return data;
		});
		return readInSteps(lengthBytes, 64, (at, wanted) => readThroughRegisters(connection, chip, offset + at, alignUp(wanted, 4)));
	};
	const writeStream = async (stream, erase, beforeBlock) => {
		const begin = {
			lengthBytes: erase.argumentBytes,
			blocks: stream.blocks.length,
			blockBytes,
			offset: stream.offset
		};
		const timeoutMs = eraseTimeoutMs(erase.erasedBytes);
		await connection.request({
			...begins$1[stream.encoding](dialect, begin),
			timeoutMs
		});
		await sendBlocks(connection, stream, "rom", beforeBlock);
	};
	/** What a miscounting ROM erases behind the range; empty where that is blank anyway. */
	const readBehind = async ({ erasedBytes }, offset, lengthBytes) => {
		const behind = await read(offset + lengthBytes, erasedBytes - lengthBytes);
		return isBlank(behind) ? /* @__PURE__ */ new Uint8Array(0) : behind;
	};
	/**
	* A sector, and again what the ROM erases along behind it. By itself, as a job that is cut off in between has lost that: so
	* it is at stake for 8 KiB and not for a whole image.
	*/
	const writePair = (offset, last, behind) => {
		const fill = new Uint8Array(SECTOR_BYTES$2 - last.length).fill(255);
		const both = concatBytes(last, fill, behind);
		const stream = {
			offset,
			lengthBytes: both.length,
			encoding: "raw"
		};
		const pair = chip.romErase?.(offset, SECTOR_BYTES$2) ?? exactly(both.length);
		return writeStream({
			...stream,
			blocks: blocksOf(both, blockBytes)
		}, pair, nothingUnderWay);
	};
	return {
		blockBytes,
		verifies,
		inflates: isOpen && dialect.inflates,
		erasesAhead: false,
		erasesBeside: false,
		reads: isOpen,
		async md5(offset, lengthBytes) {
			if (!verifies) return refuse$1(chip, "compare");
			const { data } = await connection.request(flashMd5(dialect, offset, lengthBytes));
			return md5FromReply(dialect, data);
		},
		async erase(offset, lengthBytes) {
			const plan = chip.romErase?.(offset, lengthBytes);
			const behind = plan === void 0 ? /* @__PURE__ */ new Uint8Array(0) : await readBehind(plan, offset, lengthBytes);
			if (behind.length === 0) {
				const { argumentBytes, erasedBytes } = plan ?? exactly(lengthBytes);
				const begin = {
					lengthBytes: argumentBytes,
					blocks: lengthBytes / blockBytes,
					blockBytes,
					offset
				};
				await connection.request({
					...flashBegin(dialect, begin),
					timeoutMs: eraseTimeoutMs(erasedBytes)
				});
				return;
			}
			const lastSector = offset + lengthBytes - SECTOR_BYTES$2;
			if (lastSector > offset) await this.erase(offset, lastSector - offset);
			await writePair(lastSector, /* @__PURE__ */ new Uint8Array(0), behind);
		},
		async write(stream, beforeBlock) {
			const { offset, lengthBytes, blocks } = stream;
			const plan = chip.romErase?.(offset, lengthBytes);
			if (plan === void 0) return writeStream(stream, exactly(alignUp(lengthBytes, blockBytes)), beforeBlock);
			const sectorBytes = alignUp(lengthBytes, SECTOR_BYTES$2);
			const behind = await readBehind(plan, offset, sectorBytes);
			if (behind.length === 0) return writeStream(stream, plan, beforeBlock);
			const headBytes = sectorBytes - SECTOR_BYTES$2;
			const headBlocks = headBytes / blockBytes;
			const last = concatBytes(...blocks.slice(headBlocks).map(({ bytes }) => bytes));
			await writePair(offset + headBytes, last, behind);
			if (headBytes === 0) return;
			await this.write({
				...stream,
				lengthBytes: headBytes,
				blocks: blocks.slice(0, headBlocks)
			}, beforeBlock);
		},
		read
	};
}
// src/device/stub-flash.ts
const MD5_BYTES = 16;
/** `lengthBytes` of flash from `offset` on, checked against the MD5 that the stub sends behind them. */
async function readFlashRange(device, offset, lengthBytes) {
	const { connection } = device;
	await connection.request(readFlash(offset, lengthBytes));
	const packets = [];
	let received = 0;
	while (received < lengthBytes) {
		const packet = await connection.nextFrame(timeouts.defaultMs, "a packet of flash data");
		packets.push(packet);
		received += packet.length;
		await connection.sendFrame(readFlashAck(received));
	}
	const digest = await connection.nextFrame(timeouts.defaultMs, "the MD5 of flash data");
	const bytes = concatBytes(...packets);
	const md5 = createHash("md5").update(bytes).digest("hex");
	if (received !== lengthBytes || digest.length !== MD5_BYTES || toHex(digest) !== md5) throw new FlashError("device/bad-reply", "Flash data arrived damaged from the chip.", { flight: connection.recorder.lines() });
	return bytes;
}
const begins = {
	raw: flashBegin,
	deflate: flashDeflateBegin
};
const ends = {
	raw: flashEnd,
	deflate: flashDeflateEnd
};
/** The flash through the stub. */
function stubFlash(device) {
	const { connection, chip } = device;
	const blockBytes = isUsbOtg(connection.transport, chip) ? OTG_BLOCK_BYTES : stubDialect.blockBytes;
	return {
		blockBytes,
		verifies: true,
		inflates: true,
		erasesAhead: true,
		erasesBeside: connection.transport.capabilities.baudRate && !isEspressifUsb(connection.transport),
		reads: true,
		async md5(offset, lengthBytes) {
			const { data } = await connection.request(flashMd5(stubDialect, offset, lengthBytes));
			return md5FromReply(stubDialect, data);
		},
		async erase(offset, lengthBytes) {
			await connection.request(eraseRegion(offset, lengthBytes));
		},
		async write(stream, beforeBlock) {
			const { offset, blocks, encoding, ahead } = stream;
			const begin = {
				lengthBytes: ahead === void 0 ? stream.lengthBytes : ahead.endOffset - offset,
				blocks: blocks.length,
				blockBytes,
				offset
			};
			await connection.request(begins[encoding](stubDialect, begin));
			const lastMs = await sendBlocks(connection, stream, "stub", beforeBlock);
			if (ahead === void 0) {
				await connection.request(ends[encoding](lastMs));
				return;
			}
			const last = eraseRegion(ahead.thenErase.offset, ahead.thenErase.lengthBytes);
			await connection.request({
				...last,
				timeoutMs: last.timeoutMs + lastMs
			});
		},
		read: (offset, lengthBytes) => readFlashRange(device, offset, lengthBytes)
	};
}
// src/device/open-device.ts
/** Rate of the first contact: every ROM measures it, and C2 asks for no less (esptool `loader.py` at bb72741). */
const CONNECT_BAUD = 115200;
/** What the chip needs before its flash is touched. Without registers, in Secure Download Mode, nothing can be done. */
async function prepareChip({ connection, chip, identity, security, loader }) {
	if (security.secureDownload) return;
	if (loader === "rom" && chip.usb.serialJtag && isUsbJtag(connection.transport)) await stopWatchdogs(connection, chip);
	await chip.prepareFlash?.(registersOf$1(connection, chip), identity.revision);
}
/** The chip that answers, if it is the one that is wanted; `chip/mismatch` or `chip/unknown` else. */
async function detectWanted(connection, wanted) {
	const detected = await detectChip(connection).catch((error) => {
		if (wanted === "auto" || !hasCode(error, "chip/unknown")) throw error;
		throw new FlashError("chip/mismatch", `The job is for ${chips[wanted].label}. ${error.message}`, error.details, error);
	});
	const { chip } = detected;
	if (wanted !== "auto" && chip !== chips[wanted]) throw new FlashError("chip/mismatch", `The job is for ${chips[wanted].label}, the board has an ${chip.label}.`, {
		found: chip.name,
		wanted
	});
	return detected;
}
/** Connects and finds out what is there. `chip/mismatch` where it is another chip than the job was made for. */
async function openDevice(connection, wanted, options, onStep) {
	onStep("connect");
	const contact = await connect(connection, options);
	onStep("identify");
	const detected = await detectWanted(connection, wanted).catch((error) => {
		if (!hasCode(error, "chip/mismatch", "chip/unknown")) throw error;
		return detectWanted(connection, wanted);
	});
	const { chip } = detected;
	const { identity, security } = await identify$1(connection, detected, contact);
	const device = {
		connection,
		chip,
		identity,
		security,
		...contact
	};
	await prepareChip(device);
	return device;
}
/** What esptool takes for granted where an id is in no table. */
const UNKNOWN_FLASH_BYTES = 4194304;
async function readSize(connection, chip, dialect) {
	const flashId = await readFlashId(connection, chip);
	const sizeBytes = flashSizeFromId(flashId) ?? UNKNOWN_FLASH_BYTES;
	if (dialect.setsFlashSize) await connection.request(spiSetParams(sizeBytes));
	return {
		flashId,
		sizeBytes
	};
}
/** In Secure Download Mode the chip tells no flash id, and its ROM would go by 2 MB. */
async function attachHiddenFlash(device, declaredBytes) {
	const { connection, chip } = device;
	if (declaredBytes === void 0) throw new FlashError("chip/unsupported", `This ${chip.label} is in Secure Download Mode and does not tell the size of its flash: it has to be given.`);
	await connection.request(spiSetParams(declaredBytes));
	return {
		flashId: 0,
		sizeBytes: declaredBytes,
		access: romFlash(device)
	};
}
/**
* The ROM touches no flash before it is attached, and takes it for 2 MB before SPI_SET_PARAMS. `declaredBytes`: the size
* of the flash, for a chip that does not tell it (chip/unsupported where it is missing).
*/
async function attachRomFlash(device, declaredBytes) {
	const { connection, chip, identity, security } = device;
	const { romDialect } = chip;
	const attach = romDialect.spiAttachBytes === 0 ? flashBegin(romDialect, {
		lengthBytes: 0,
		blocks: 0,
		blockBytes: romDialect.blockBytes,
		offset: 0
	}) : spiAttach(romDialect, identity.spiPins);
	await connection.request(attach);
	if (security.secureDownload) return attachHiddenFlash(device, declaredBytes);
	return {
		...await readSize(connection, chip, romDialect),
		access: romFlash(device)
	};
}
/** The stub attaches a flash on the usual pins by itself. */
async function attachStubFlash(device) {
	const { connection, chip, identity } = device;
	if (identity.spiPins !== 0) await connection.request(spiAttach(stubDialect, identity.spiPins));
	return {
		...await readSize(connection, chip, stubDialect),
		access: stubFlash(device)
	};
}
// src/device/flight-recorder.ts
/** How many frames an error carries: about what fits a screen. */
const KEPT_FRAMES = 24;
const SHOWN_BYTES = 24;
/** `onLine` gets every line as it comes, for the debug log. */
function createFlightRecorder(clock, onLine) {
	const startMs = clock.nowMs();
	const kept = [];
	const add = (direction, label, bytes, lengthBytes = bytes.length) => {
		const atMs = (clock.nowMs() - startMs).toFixed(1).padStart(9);
		const more = lengthBytes > SHOWN_BYTES ? "\u2026" : "";
		const line = `${atMs} ${direction} ${label} (${lengthBytes}) ${toHex(bytes.subarray(0, SHOWN_BYTES))}${more}`;
		kept.push(line);
		if (kept.length > KEPT_FRAMES) kept.shift();
		onLine(line);
	};
	return {
		sent: (start, lengthBytes) => add(">", opcodeName(start[1] ?? -1), start, lengthBytes),
		received: (frame) => add("<", frame[0] === 1 ? opcodeName(frame[1] ?? -1) : "data", frame),
		stray: (bytes) => add("<", "outside frames", bytes),
		lines: () => [...kept]
	};
}
// src/monitor/reset-cause.ts
const cause = (kind, words) => ({
	kind,
	words
});
const brownout = cause("fault", "brownout: the supply voltage fell too low");
/** The port of a chip with USB of its own went away, which such chips show instead of a banner. */
const usbGone = cause("fault", "the USB port went away");
/** The ROM was seen at work after an app, but not its first lines. */
const unseen = cause("fault", "a cause that could not be read");
const usbReset = cause("external", "reset through USB");
/** ESP-IDF `esp_rom/<chip>/include/<chip>/rom/rtc.h` at 1021229: numbers mean the same on all chips, where they exist. */
const causes = {
	1: cause("external", "power-on or EN"),
	3: cause("software", "software"),
	4: cause("fault", "old watchdog"),
	5: cause("wake", "wake-up from deep sleep"),
	6: cause("external", "SDIO"),
	7: cause("fault", "watchdog of timer group 0"),
	8: cause("fault", "watchdog of timer group 1"),
	9: cause("fault", "RTC watchdog"),
	10: cause("fault", "intrusion test"),
	11: cause("fault", "watchdog of timer group 0 (CPU)"),
	12: cause("software", "software (CPU)"),
	13: cause("fault", "RTC watchdog (CPU)"),
	14: cause("software", "the other CPU"),
	15: brownout,
	16: cause("fault", "RTC watchdog (whole chip)"),
	17: cause("fault", "watchdog of timer group 1 (CPU)"),
	18: cause("fault", "super watchdog"),
	19: cause("fault", "clock glitch"),
	20: cause("fault", "eFuse error"),
	21: usbReset,
	22: cause("external", "reset through USB-JTAG"),
	23: cause("fault", "power glitch"),
	24: cause("external", "reset through JTAG"),
	25: cause("fault", "power glitch"),
	26: cause("fault", "CPU lockup")
};
/** But for these. */
const exceptions = {
	esp32p4: { 23: usbReset },
	esp32s31: {
		6: cause("wake", "wake-up of the CPU's power domain"),
		23: usbReset
	}
};
/** Espressif, "ESP8266 Boot Log": EN and a wake-up, which is wired to EN, are the same to it. */
const esp8266Causes = {
	1: cause("external", "power-on"),
	2: cause("external", "EN, or wake-up from deep sleep"),
	3: cause("software", "software"),
	4: cause("fault", "hardware watchdog")
};
/** The lower three bits of its first number: the ROM waits for a download over UART. */
const ESP8266_UART_MODE = 1;
const rtcBanner = /^rst:0x([0-9a-f]+) \((\w*)\),boot:0x[0-9a-f]+ \((.*)\)/i;
const esp8266Banner = /^\s*ets Jan +8 2013,rst cause:(\d+), boot mode:\((\d+),\d+\)/;
const downloadMode = /DOWNLOAD|UART0?_BOOT|USB_BOOT/;
/** The banner in a line, or `undefined` where it is none. */
function readBanner(text, chip) {
	const rtc = rtcBanner.exec(text);
	if (rtc !== null) {
		const [, digits = "", name = "", mode = ""] = rtc;
		const code = parseInt(digits, 16);
		const named = chip === void 0 && name.includes("USB") ? usbReset : void 0;
		return {
			cause: (chip === void 0 ? void 0 : exceptions[chip]?.[code]) ?? named ?? causes[code] ?? cause("fault", `0x${digits} (${name})`),
			download: downloadMode.test(mode)
		};
	}
	const old = esp8266Banner.exec(text);
	if (old === null) return void 0;
	const code = Number(old[1]);
	return {
		cause: esp8266Causes[code] ?? cause("fault", `cause ${code}`),
		download: (Number(old[2]) & 7) === ESP8266_UART_MODE
	};
}
// src/monitor/boot-verdict.ts
/** Resets by cause, in the order of their first one. */
function countResets(resets) {
	const counts = /* @__PURE__ */ new Map();
	for (const { words } of resets) counts.set(words, (counts.get(words) ?? 0) + 1);
	return [...counts].map(([cause, count]) => ({
		cause,
		count
	}));
}
/** Resets behind the one that was asked for. A sleeping app is in good health, however often it wakes up. */
function furtherResets({ resets }) {
	return resets.slice(1).filter(({ kind }) => kind !== "wake");
}
/** Watchdog after watchdog, and nothing was ever loaded: of a blank flash the ROM of the ESP32 says no more. */
function nothingLoaded({ everLoaded, resets }) {
	const last = resets.at(-1);
	return !everLoaded && last?.kind === "fault" && last !== usbGone;
}
/** The sentences of a board that does not stay up. */
function loopReason(state) {
	const further = furtherResets(state);
	const causes = countResets(further).map(({ cause, count }) => `${cause} (${count}\u00d7)`);
	const restarted = further.length === 0 ? "The board starts no app." : `The board restarted ${further.length} ${further.length === 1 ? "time" : "times"}: ${causes.join(", ")}.`;
	const failure = state.failure ?? (nothingLoaded(state) ? "The flash holds no bootloader." : void 0);
	return failure === void 0 ? restarted : `${restarted} ${failure}`;
}
function silence({ lines, noiseBytes, resets, portGone, attempt }) {
	if (portGone) return "The console's port went away and did not come back.";
	if (resets.at(-1) === usbGone) return "The console's port went away and came back, then nothing more came.";
	if (attempt.loaded) return "The bootloader was started, then nothing more came: the app hangs, or it logs nothing here.";
	if (resets.length > 0) return "The chip named its reset, then nothing more came.";
	if (noiseBytes > 0) return `The console sent unreadable bytes (${noiseBytes}): perhaps it has another baud rate.`;
	return lines > 0 ? "The console said nothing that an app says." : "The console said nothing.";
}
/** What is known when no more time is left. */
function verdictAtEnd(state, atMs) {
	const { expected, attempt, failure, pending } = state;
	if (pending !== void 0) return {
		...pending,
		dueMs: atMs
	};
	if (attempt.appAtMs !== void 0) {
		const missing = expected.patterns[expected.met];
		return {
			verdict: "running",
			reason: missing === void 0 ? "The app was started." : `The app runs, but "${missing.source}" did not come in time.`,
			dueMs: atMs
		};
	}
	if (failure !== void 0 || furtherResets(state).some((cause) => cause !== usbGone)) return {
		verdict: "boot-loop",
		reason: loopReason(state),
		dueMs: atMs
	};
	return {
		verdict: "silent",
		reason: silence(state),
		dueMs: atMs
	};
}
// src/image/elf.ts
const FILE_HEADER_BYTES = 52;
const SECTION_HEADER_BYTES$1 = 40;
const PROGRAM_HEADER_BYTES = 32;
/** 7F "ELF", 32 bits, little-endian. */
const IDENT = [
	127,
	69,
	76,
	70,
	1,
	1
];
/** `e_machine`: Xtensa and RISC-V, the two kinds of core that these chips have. */
const MACHINES = [94, 243];
/** PROGBITS, INIT_ARRAY, FINI_ARRAY, PREINIT_ARRAY: the section types that bring bytes to memory. */
const LOADED_SECTION_TYPES = [
	1,
	14,
	15,
	16
];
const PT_LOAD = 1;
/** A limit of our own: without one, a broken file could have megabytes read for each of its sections. */
const LONGEST_NAME_BYTES$1 = 1024;
/** What every step from ELF to image throws; `offset` is the place in the ELF file. */
function elfError(message, offset) {
	return new FlashError("image/elf", message, { offset: hex32(offset) });
}
/** Whether `bytes` begin as any ELF file does. */
function looksLikeElf(bytes) {
	return IDENT.slice(0, 4).every((byte, index) => bytes[index] === byte);
}
function slice(elf, offset, lengthBytes, what) {
	if (offset + lengthBytes > elf.length) throw elfError(`The ELF file has ${formatBytes(elf.length)}, but its ${what} should reach from ${hex32(offset)} to ${hex32(offset + lengthBytes)}.`, offset);
	return elf.subarray(offset, offset + lengthBytes);
}
function checkHeader$1(elf) {
	if (!looksLikeElf(elf)) throw elfError("An ELF file begins with 7f 45 4c 46; this one does not.", 0);
	const header = slice(elf, 0, FILE_HEADER_BYTES, "header");
	if (!IDENT.every((byte, index) => header[index] === byte)) throw elfError("The ELF file is not one of 32 bits, little-endian, as these chips need.", 4);
	const machine = readUint16(header, 18);
	if (!MACHINES.includes(machine)) throw elfError(`The ELF file is neither for Xtensa nor for RISC-V, but for machine ${hex32(machine)}.`, 18);
	return header;
}
function nameAt(names, offset, headerAt) {
	const name = names.subarray(offset, offset + LONGEST_NAME_BYTES$1);
	const end = name.indexOf(0);
	if (end < 0) throw elfError(`The section at ${hex32(headerAt)} of the ELF file has no name in the table of names.`, headerAt);
	return Buffer.from(name.subarray(0, end)).toString("utf8");
}
function readSections$1(elf, header) {
	const tableAt = readUint32(header, 32);
	const entryBytes = readUint16(header, 46);
	const count = readUint16(header, 48);
	const namesIndex = readUint16(header, 50);
	if (entryBytes !== SECTION_HEADER_BYTES$1 || count === 0) throw elfError(`The ELF file claims ${count} section headers of ${formatBytes(entryBytes)}; they have 40 bytes.`, 46);
	if (namesIndex >= count) throw elfError(`The ELF file has no section ${namesIndex}, where names should be.`, 50);
	const table = slice(elf, tableAt, count * SECTION_HEADER_BYTES$1, "table of sections");
	const field = (index, word) => readUint32(table, index * SECTION_HEADER_BYTES$1 + word * 4);
	const names = slice(elf, field(namesIndex, 4), field(namesIndex, 5), "table of names");
	const pieces = [];
	for (let index = 0; index < count; index++) {
		const address = field(index, 3);
		const lengthBytes = field(index, 5);
		if (!LOADED_SECTION_TYPES.includes(field(index, 1)) || address === 0 || lengthBytes === 0) continue;
		const name = nameAt(names, field(index, 0), tableAt + index * SECTION_HEADER_BYTES$1);
		const at = field(index, 4);
		pieces.push({
			name,
			address,
			at,
			bytes: slice(elf, at, lengthBytes, `section ${name}`)
		});
	}
	return pieces;
}
function readSegments(elf, header) {
	const count = readUint16(header, 44);
	const table = slice(elf, readUint32(header, 28), count * PROGRAM_HEADER_BYTES, "table of program segments");
	const pieces = [];
	for (let index = 0; index < count; index++) {
		const field = (word) => readUint32(table, index * PROGRAM_HEADER_BYTES + word * 4);
		const address = field(3);
		const lengthBytes = field(4);
		if (field(0) !== PT_LOAD || address === 0 || lengthBytes === 0) continue;
		const at = field(1);
		pieces.push({
			name: "",
			address,
			at,
			bytes: slice(elf, at, lengthBytes, `program segment ${index}`)
		});
	}
	return pieces;
}
function checkTotal(elf, pieces) {
	const total = pieces.reduce((sum, piece) => sum + piece.bytes.length, 0);
	if (total > elf.length) throw elfError(`The parts of the ELF file have ${formatBytes(total)} together, more than the file itself.`, pieces[0]?.at ?? 0);
}
/** Reads a 32-bit ELF file for Xtensa or RISC-V. The pieces share memory with `elf`. Throws image/elf. */
function parseElf(elf) {
	const header = checkHeader$1(elf);
	const sections = readSections$1(elf, header);
	const segments = readSegments(elf, header);
	checkTotal(elf, sections);
	checkTotal(elf, segments);
	return {
		entry: readUint32(header, 24),
		sections,
		segments
	};
}
// src/monitor/symbols.ts
const SECTION_HEADER_BYTES = 40;
const SYMBOL_BYTES = 16;
const SHT_SYMTAB = 2;
const STT_FUNC = 2;
/** C++ names are long; what is longer is cut. */
const LONGEST_NAME_BYTES = 256;
function readSections(elf) {
	if (!looksLikeElf(elf) || elf.length < 52) throw elfError("The file is no ELF file.", 0);
	const tableAt = readUint32(elf, 32);
	const count = readUint16(elf, 48);
	if (tableAt + count * SECTION_HEADER_BYTES > elf.length) throw elfError("The ELF file ends before its table of sections does.", 32);
	return Array.from({ length: count }, (_, index) => {
		const field = (word) => readUint32(elf, tableAt + index * SECTION_HEADER_BYTES + word * 4);
		return [
			field(1),
			field(4),
			field(5),
			field(6)
		];
	});
}
function readFunctions(elf, [, at, lengthBytes]) {
	const functions = [];
	for (let entry = at; entry + SYMBOL_BYTES <= at + lengthBytes; entry += SYMBOL_BYTES) {
		if (((elf[entry + 12] ?? 0) & 15) !== STT_FUNC) continue;
		const symbol = {
			nameAt: readUint32(elf, entry),
			address: readUint32(elf, entry + 4),
			lengthBytes: readUint32(elf, entry + 8)
		};
		if (symbol.lengthBytes > 0) functions.push(symbol);
	}
	return functions.sort((one, other) => one.address - other.address);
}
/** The last function that begins at or before `address`. */
function lastBefore(functions, address) {
	let low = 0;
	let high = functions.length;
	while (low < high) {
		const middle = low + high >>> 1;
		if ((functions[middle]?.address ?? 1e400) <= address) low = middle + 1;
		else high = middle;
	}
	return functions[low - 1];
}
/** Names the functions of an ELF file by its table of symbols. Throws image/elf if there is none. */
function readSymbols(elf) {
	const sections = readSections(elf);
	const table = sections.find(([type]) => type === SHT_SYMTAB);
	const names = table === void 0 ? void 0 : sections[table[3]];
	if (table === void 0 || names === void 0) throw elfError("The ELF file has no table of symbols: it was stripped.", 0);
	if (table[1] + table[2] > elf.length || names[1] + names[2] > elf.length) throw elfError("The ELF file ends before its table of symbols does.", 0);
	const functions = readFunctions(elf, table);
	const nameOf = (at) => {
		const bytes = elf.subarray(names[1] + at, Math.min(names[1] + at + LONGEST_NAME_BYTES, names[1] + names[2]));
		const end = bytes.indexOf(0);
		return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString("utf8");
	};
	return (address) => {
		const found = lastBefore(functions, address);
		if (found === void 0 || address >= found.address + found.lengthBytes) return void 0;
		return `${nameOf(found.nameAt)}+0x${(address - found.address).toString(16)}`;
	};
}
/** Where panics name code: program counters of a backtrace, and registers that hold one. */
const codeAddresses = /^Backtrace:|\bat PC 0x|\b(?:PC|MEPC|RA|epc1) *[:=]/;
/** Of `pc:sp` only the first is code. */
const address$1 = /(?<![:\w])0x([0-9a-f]{8})\b/gi;
/** A panic's lines, each followed by the functions of the addresses in it. */
function symbolizePanic(lines, symbolize) {
	return lines.flatMap((line) => {
		if (!codeAddresses.test(line)) return [line];
		return [line, ...[...line.matchAll(address$1)].flatMap(([, digits = ""]) => {
			const name = symbolize(parseInt(digits, 16));
			return name === void 0 ? [] : [`  0x${digits} ${name}`];
		})];
	});
}
// src/monitor/boot-report.ts
/** What is told of a boot on which there is a verdict. */
function reportOf(state, verdict, symbolize) {
	const { resets, app, panic, expected, tail, lines } = state;
	const sources = expected.patterns.map(({ source }) => source);
	return {
		verdict: verdict.verdict,
		reason: verdict.reason,
		durationMs: Math.round(verdict.dueMs),
		resets: countResets(resets),
		...app === void 0 ? {} : { app },
		panic: symbolize === void 0 ? panic : symbolizePanic(panic, symbolize),
		matched: sources.slice(0, expected.met),
		missing: sources.slice(expected.met),
		tail,
		lines
	};
}
// src/monitor/boot-state.ts
const freshAttempt = {
	loaded: false,
	appAtMs: void 0,
	appIsSure: false,
	readableBytes: 0,
	noiseBytes: 0
};
/** Nothing has come yet. */
function initialState(rules) {
	return {
		rules,
		attempt: freshAttempt,
		everLoaded: false,
		resets: [],
		started: false,
		askedUntilMs: 1e400,
		expected: {
			patterns: rules.expect,
			met: 0,
			from: 0
		},
		app: void 0,
		panic: [],
		failure: void 0,
		announced: void 0,
		pending: void 0,
		late: false,
		final: void 0,
		portGone: false,
		tail: [],
		lines: 0,
		noiseBytes: 0
	};
}
// src/monitor/app-identity.ts
const fields = [
	["project", "project"],
	["version", "version"],
	["elfSha256", "ELF SHA-256"]
];
/** Builds that leave a field out print nothing or zeros. */
const isBlankField = (value) => /^0*$/.test(value);
/** In words how `seen` is another app than `wanted`; `undefined` as far as nothing differs. */
function differs(seen, wanted) {
	for (const [field, name] of fields) {
		const is = seen[field];
		const should = wanted?.[field];
		if (is === void 0 || should === void 0 || isBlankField(is) || isBlankField(should)) continue;
		if (!(field === "elfSha256" ? should.startsWith(is) : is === should)) return `The board runs an app whose ${name} is ${is}, not ${should}.`;
	}
}
// src/monitor/boot-decide.ts
/** The verdict stands, unless the reset is still under way: what came until then is the old run's. */
function conclude(state, verdict, reason, atMs) {
	if (state.askedUntilMs === 1e400) return {
		...state,
		pending: {
			verdict,
			reason,
			dueMs: atMs
		}
	};
	return {
		...state,
		pending: void 0,
		final: {
			verdict,
			reason,
			dueMs: atMs
		}
	};
}
/** What a reset does shows itself within that time, on a slow link as well. */
const RESET_MS = 1e3;
/** The verdict stands if nothing else comes for `settle`. */
function settle(state, verdict, reason, atMs) {
	const { settleMs } = state.rules;
	const waitMs = state.started ? settleMs : Math.max(settleMs, RESET_MS);
	return {
		...state,
		pending: {
			verdict,
			reason,
			dueMs: atMs + waitMs
		}
	};
}
/**
* As long as the reset that was asked for did not show itself, what comes may be the old run's last words: a verdict
* then waits for `settle`, in which a banner would follow.
*/
function decide(state, verdict, reason, atMs) {
	if (state.started) return conclude(state, verdict, reason, atMs);
	return settle(state, verdict, reason, atMs);
}
// src/monitor/boot-resets.ts
/** One further reset can be meant (an update, a first boot); the third banner makes a loop. */
const LOOP_RESETS = 2;
/** The reset that was asked for: nothing from before it counts. */
function start(state, cause) {
	return {
		...state,
		attempt: freshAttempt,
		everLoaded: false,
		resets: [cause],
		started: true,
		expected: {
			...state.expected,
			met: 0,
			from: 0
		},
		app: void 0,
		panic: [],
		failure: void 0,
		announced: void 0,
		pending: void 0
	};
}
/** Opening a port may have reset the board, too, so the second reset from outside may be the one that was asked for. */
function isAsked({ started, askedUntilMs }, seen, atMs) {
	if (seen === usbGone) return askedUntilMs === 1e400;
	return seen.kind === "external" && (!started || atMs < askedUntilMs);
}
/** Takes in a reset that was `seen` in whatever way. */
function feedReset(state, seen, atMs) {
	const { pending, announced } = state;
	const crashed = pending?.verdict === "panic";
	const isFirst = state.resets.length === 0 && !crashed;
	if (isAsked(state, seen, atMs) || isFirst) return start(state, announced ?? seen);
	if (crashed) return conclude(state, "panic", pending.reason, atMs);
	const resets = [...state.resets, announced ?? seen];
	if (seen.kind === "wake") return {
		...state,
		resets
	};
	const next = {
		...state,
		resets,
		attempt: freshAttempt,
		announced: void 0,
		pending: void 0
	};
	return furtherResets(next).length >= LOOP_RESETS || state.late ? conclude(next, "boot-loop", loopReason(next), atMs) : next;
}
/** The chip does nothing by itself until somebody resets it with IO0 high. */
function awaitDownload(state, atMs) {
	return settle(state, "download-mode", "The chip waits for a download: its strapping pins say so.", atMs);
}
function feedBanner(state, { cause, download }, atMs) {
	const isSame = state.resets.at(-1) === usbGone && state.attempt.appAtMs === void 0;
	const resets = [...state.resets.slice(0, -1), cause];
	const next = isSame ? {
		...state,
		resets
	} : feedReset(state, cause, atMs);
	return download && next.final === void 0 ? awaitDownload(next, atMs) : next;
}
// src/monitor/line-pattern.ts
/** Flags that change what matches; `g` and `y` would only change where the search begins. */
const written = /^\/(.+)\/([imsu]*)$/;
/** A usual match takes microseconds; nested repeats can take longer than any job. */
const LONGEST_MATCH_MS = 1e3;
/** Runs `regex` at its `lastIndex`. A regular expression cannot be interrupted but by the end of its script's time. */
function boundedTest(source, regex) {
	const scope = {
		regex,
		text: ""
	};
	const context = createContext(scope);
	const script = new Script("regex.test(text)");
	return (text) => {
		scope.text = text;
		try {
			return script.runInContext(context, { timeout: LONGEST_MATCH_MS });
		} catch (error) {
			const message = `${source} takes more than ${LONGEST_MATCH_MS} ms on a line of ${text.length} characters: it repeats what repeats.`;
			throw new FlashError("input/invalid", message, { value: source }, error);
		}
	};
}
function regexPattern(source, body, flags) {
	let regex;
	try {
		regex = new RegExp(body, `${flags}g`);
	} catch (error) {
		throw new FlashError("input/invalid", `${source} is no regular expression.`, { value: source }, error);
	}
	const test = boundedTest(source, regex);
	return {
		source,
		endOf(text, from) {
			regex.lastIndex = from;
			return test(text) ? regex.lastIndex : -1;
		}
	};
}
/** A pattern from an input: text as it stands, or `/regex/` with the flags i, m, s and u. Throws input/invalid. */
function parseLinePattern(source) {
	const [, body, flags = ""] = written.exec(source) ?? [];
	if (body !== void 0) return regexPattern(source, body, flags);
	return {
		source,
		endOf(text, from) {
			const at = text.indexOf(source, from);
			return at < 0 ? -1 : at + source.length;
		}
	};
}
/** Looks through a line, or through more of the line looked at last if that has not ended. */
function meet(expected, text, ended) {
	let { met, from } = expected;
	for (let next = expected.patterns[met]; next !== void 0; next = expected.patterns[met]) {
		const end = next.endOf(text, from);
		if (end < 0) break;
		met++;
		from = end;
	}
	return {
		...expected,
		met,
		from: ended ? 0 : from
	};
}
// src/monitor/patterns.ts
/** A line of ESP-IDF's log with one of these tags. */
const log = (levels, tags, text = "") => new RegExp(`^[${levels}] \\([\\d:. ]+\\) (?:${tags}): ${text}`);
const esp8266 = ["esp8266"];
const noBootloader = "The flash holds no bootloader.";
const damagedApp = "The app in the flash is damaged.";
const refused$1 = "Secure Boot refused what the flash holds.";
/**
* Lines of ROM and bootloader. From boot logs of the chips and ESP-IDF `bootloader_support/src` at 1021229; ESP8266's
* from its ROM and from esp8266/Arduino `bootloaders/eboot`.
*/
const bootRows = [
	{
		pattern: /^(?:load:0x[0-9a-f]+,len:|load 0x[0-9a-f]+, len |entry 0x[0-9a-f])/i,
		means: "loads"
	},
	{
		pattern: /^invalid header: 0xffffffff/i,
		means: "no-boot",
		reason: noBootloader
	},
	{
		pattern: /^flash read err, 1000/,
		means: "no-boot",
		reason: noBootloader
	},
	{
		pattern: /^invalid header: 0x/,
		means: "no-boot",
		reason: "Where the chip looks for a bootloader, the flash holds something else."
	},
	{
		pattern: /^csum err/,
		means: "no-boot",
		reason: "The bootloader in the flash is damaged."
	},
	{
		pattern: /^secure boot (?:check fail|verification failed)/i,
		means: "no-boot",
		reason: refused$1
	},
	{
		pattern: /^Invalid chip id\. Expected/,
		means: "no-boot",
		reason: "The bootloader is for another chip."
	},
	{
		pattern: /^(?:ets |ESP-ROM:|Build:|Saved PC:|SPIWP:|configsip:|clk_drv:|mode:|SPI mode:|(?:ets_)?main\.c \d)/,
		means: "rom"
	},
	{
		pattern: /^(?:tail \d|chksum 0x|csum 0x|ho \d+ tail|wdt reset|~ld|v[0-9a-f]{8}$)/,
		means: "rom",
		only: esp8266
	},
	{
		pattern: /^(?:SHA-256 comparison failed|Calculated: |Expected: |Attempting to boot anyway)/,
		means: "rom"
	},
	{
		pattern: log("E", "boot", "No bootable app partitions"),
		means: "no-boot",
		reason: "The bootloader found no app that it can start."
	},
	{
		pattern: log("E", "boot|flash_parts", "(?:.*partition table|partition \\d+ invalid|Partition table MD5|Incorrect MD5)"),
		means: "no-boot",
		reason: "The flash holds no valid partition table."
	},
	{
		pattern: log("E", "esp_image|secure_boot\\w*", ".*[Ss]ignature"),
		means: "no-boot",
		reason: refused$1
	},
	{
		pattern: log("E", "esp_image", "image at 0x[0-9a-f]+ has invalid magic byte"),
		means: "bootloader"
	},
	{
		pattern: log("E", "esp_image"),
		means: "no-boot",
		reason: damagedApp
	},
	{
		pattern: log("E", "boot_comm", ".*(?:chip|rev)"),
		means: "no-boot",
		reason: "The app is for another chip or revision."
	},
	{
		pattern: /^(?:\[esp32\w*\] \[ERR\]|E:) Unable to find bootable image/,
		means: "no-boot",
		reason: "MCUboot found no image that it can start."
	},
	{
		pattern: log("EWIDV", "boot[.\\w]*|esp_image|flash_parts|qio_mode|secure_boot\\w*|flash_encrypt|efuse"),
		means: "bootloader"
	},
	{
		pattern: log("E", "spi_flash", "Detected size\\(\\d+k\\) smaller"),
		means: "no-boot",
		reason: "The bootloader's header names more flash than the board has."
	}
];
/**
* How apps crash, each anchored: healthy logs have words such as "error" or "panic" too. ESP-IDF `esp_system/panic.c`,
* `port/arch/`, `esp_libc/src/assert.c`, `heap/multi_heap_poisoning.c`, FreeRTOS `port.c` at 1021229; esp8266/Arduino
* `core_esp8266_postmortem.cpp`; esp-rs `esp-backtrace`; Zephyr `kernel/fatal.c`.
*/
const panicRows = [
	{
		pattern: /^Guru Meditation Error/,
		means: "panic"
	},
	{
		pattern: /^abort\(\) was called at PC 0x/,
		means: "panic"
	},
	{
		pattern: /^assert failed: /,
		means: "panic"
	},
	{
		pattern: /^assertion ".*" failed: file "/,
		means: "panic"
	},
	{
		pattern: /^\S+:\d+ \(\w+\)- ?assert failed!/,
		means: "panic"
	},
	{
		pattern: /^ESP_ERROR_CHECK failed: esp_err_t 0x/,
		means: "panic"
	},
	{
		pattern: /^\*\*\*ERROR\*\*\* A stack overflow in task /,
		means: "panic"
	},
	{
		pattern: /^Stack smashing protect failure!/,
		means: "panic"
	},
	{
		pattern: /^CORRUPT HEAP: /,
		means: "panic"
	},
	{
		pattern: /^Debug exception reason: /,
		means: "panic"
	},
	{
		pattern: /^Core +\d register dump:/,
		means: "panic"
	},
	{
		pattern: /^Backtrace: ?0x[0-9a-f]{8}/i,
		means: "panic"
	},
	{
		pattern: /^Panic handler entered multiple times/,
		means: "panic"
	},
	{
		pattern: log("E", "task_wdt", "Task watchdog got triggered"),
		means: "panic"
	},
	{
		pattern: /^Fatal exception \(?\d+/,
		means: "panic",
		only: esp8266
	},
	{
		pattern: /^Exception \(\d+\):$/,
		means: "panic",
		only: esp8266
	},
	{
		pattern: /^(?:Soft WDT reset|Abort called|Unhandled C\+\+ exception: |Panic \S+:\d+ )/,
		means: "panic",
		only: esp8266
	},
	{
		pattern: /^(?:!! A panic occured in '|={10,} PANIC ={10,}|thread '.*' panicked at )/,
		means: "panic"
	},
	{
		pattern: /^(?:\[[\d:.,]+\] <err> os|E): >>> ZEPHYR FATAL ERROR /,
		means: "panic"
	},
	{
		pattern: /^(?:Rebooting\.\.\.|CPU halted\.)$/,
		means: "panic-end"
	}
];
const appRows = [{
	pattern: /^(?:E \([\d:. ]+\) BOD: )?Brownout detector was triggered/,
	means: "brownout",
	reason: "The supply voltage fell too low."
}, {
	pattern: log("EWIDV", "[^:]+"),
	means: "app"
}];
const rows = [
	...bootRows,
	...panicRows,
	...appRows
];
/** What one line tells by itself, or `undefined` where it is text like any other. */
function meaningOf(text, chip) {
	return rows.find(({ pattern, only }) => (chip === void 0 || (only?.includes(chip) ?? true)) && pattern.test(text));
}
/** The beginning of a line of ROM, bootloader or log, as it stands when the link falters in the middle of it. */
const mayBecomeKnown = /^(?:[EWIDV](?: .*)?|[\w-]+(?::\S*)?|entry 0x\w*|load 0x.*)$/;
/** Only in the ROM's own words, right behind its banner. */
const waitsForDownload = /^wait(?:ing for| uart0| usb| spi) download/;
const described = /^I \([\d:. ]+\) (?:cpu_start|app_init): (Project name|App version|ELF file SHA256): +(\S.*)$/;
const describedFields = {
	"Project name": "project",
	"App version": "version",
	"ELF file SHA256": "elfSha256"
};
/** A field of the app's description in a line of its start (ESP-IDF `esp_app_format/esp_app_desc.c` at 1021229). */
function readDescription(text) {
	const [, label = "", value = ""] = described.exec(text) ?? [];
	const field = describedFields[label];
	return field === void 0 ? void 0 : [field, field === "elfSha256" ? value.replace(/\.+$/, "") : value];
}
// src/monitor/boot-steps.ts
/** Register dump, stack and backtrace take well under a second at 115200 baud. */
const PANIC_MS = 2e3;
const PANIC_LINES = 40;
function appSeen(state, atMs, appIsSure) {
	const { attempt, pending } = state;
	const isNew = attempt.appAtMs === void 0;
	const seen = {
		...attempt,
		appAtMs: attempt.appAtMs ?? atMs,
		appIsSure: attempt.appIsSure || appIsSure
	};
	const next = {
		...state,
		attempt: seen,
		everLoaded: true,
		failure: isNew ? void 0 : state.failure
	};
	if (!isNew || pending !== void 0 || state.expected.patterns.length > 0) return next;
	return settle(next, "running", "The app was started and stays up.", atMs);
}
/** An app's unfinished line may stand before a panic's first words, so that only the lines behind them are known. */
const panicWords = /(?:Guru Meditation Error|abort\(\) was called|assert failed: ).*/;
function feedPanic(state, text, previous, atMs) {
	const panic = [...panicWords.exec(previous ?? "") ?? [], text];
	const pending = {
		verdict: "panic",
		reason: `The app crashed: ${panic[0] ?? text}`,
		dueMs: atMs + PANIC_MS
	};
	return {
		...state,
		panic,
		pending
	};
}
function feedFailOn(state, text, source, atMs) {
	const reason = `The log has "${source}", which must not come: ${text}`;
	return {
		...state,
		panic: [text],
		pending: {
			verdict: "panic",
			reason,
			dueMs: atMs + PANIC_MS
		}
	};
}
function collectPanic(state, text, atMs) {
	const next = state.panic.length < PANIC_LINES ? {
		...state,
		panic: [...state.panic, text]
	} : state;
	return meaningOf(text)?.means === "panic-end" ? decide(next, "panic", state.pending?.reason ?? text, atMs) : next;
}
/** Words of an app that logs in its own way: any behind the bootloader's start, or where no ROM was heard. */
function plainText(state, text, atMs) {
	const { attempt, resets } = state;
	if (waitsForDownload.test(text) && resets.length > 0 && !attempt.loaded) return awaitDownload(state, atMs);
	return attempt.loaded || resets.length === 0 || resets.at(-1) === usbGone ? appSeen(state, atMs, false) : state;
}
function feedMeaning(state, text, previous, atMs) {
	const { rules, attempt, resets } = state;
	const row = meaningOf(text, rules.chip);
	switch (row?.means) {
		case "rom":
		case "bootloader":
		case "panic-end": return state;
		case "loads": {
			const next = attempt.appAtMs !== void 0 && resets.at(-1)?.kind !== "wake" ? feedReset(state, unseen, atMs) : state;
			return {
				...next,
				everLoaded: true,
				attempt: {
					...next.attempt,
					loaded: true
				}
			};
		}
		case "no-boot": return {
			...state,
			failure: state.failure ?? row.reason
		};
		case "brownout": return {
			...state,
			announced: brownout,
			failure: row.reason,
			attempt: freshAttempt,
			pending: void 0
		};
		case "panic": return feedPanic(state, text, previous, atMs);
		case "app": return appSeen(state, atMs, true);
		case void 0: return plainText(state, text, atMs);
	}
}
function identify(state, text, atMs) {
	const field = readDescription(text);
	if (field === void 0) return state;
	const app = {
		...state.app,
		[field[0]]: field[1]
	};
	const difference = differs(app, state.rules.app);
	const next = {
		...state,
		app
	};
	return difference === void 0 ? next : decide(next, "wrong-app", difference, atMs);
}
function expect(state, text, atMs, ended) {
	const expected = meet(state.expected, text, ended);
	const next = {
		...state,
		expected
	};
	const all = expected.patterns.length;
	return state.expected.met < all && expected.met === all && state.pending === void 0 ? decide(next, "running", "The app runs: all that was expected came.", atMs) : next;
}
function count(state, { text, noiseBytes }) {
	const { attempt } = state;
	return {
		...state,
		lines: state.lines + 1,
		tail: text === "" ? state.tail : [...state.tail.slice(-39), text],
		noiseBytes: state.noiseBytes + noiseBytes,
		attempt: {
			...attempt,
			readableBytes: attempt.readableBytes + text.length,
			noiseBytes: attempt.noiseBytes + noiseBytes
		}
	};
}
/** Among noise, a few bytes look like words: an app that was only guessed from such is none. */
function isGuess({ attempt }) {
	return !attempt.appIsSure && attempt.noiseBytes > attempt.readableBytes;
}
/** Goes on to `atMs`: what was pending until then stands, and at the end of the time there is a verdict. */
function tick(state, atMs) {
	const { pending, rules } = state;
	if (state.final !== void 0 || state.askedUntilMs === 1e400) return state;
	if (pending !== void 0 && pending.dueMs <= atMs) {
		if (pending.verdict === "running" && isGuess(state)) return tick({
			...state,
			pending: void 0,
			attempt: {
				...state.attempt,
				appAtMs: void 0
			}
		}, atMs);
		return conclude(state, pending.verdict, pending.reason, pending.dueMs);
	}
	if (atMs < rules.timeoutMs || state.late) return state;
	if (pending !== void 0) return tick({
		...state,
		late: true
	}, atMs);
	return {
		...state,
		final: verdictAtEnd(state, rules.timeoutMs)
	};
}
/** When `tick` is due next, if nothing comes. */
function nextTickMs({ pending, rules, late, askedUntilMs }) {
	if (askedUntilMs === 1e400) return 1e400;
	return Math.min(pending?.dueMs ?? 1e400, late ? 1e400 : rules.timeoutMs);
}
/** The board has been reset: the time runs from now on. What no banner or port told apart from the old run is dropped. */
function feedRestarted(state, atMs) {
	if (state.askedUntilMs !== 1e400) return state;
	const { portGone, tail, lines } = state;
	const rules = {
		...state.rules,
		timeoutMs: state.rules.timeoutMs + atMs
	};
	return tick({
		...state.started ? state : {
			...initialState(rules),
			portGone,
			tail,
			lines
		},
		rules,
		askedUntilMs: atMs + RESET_MS
	}, atMs);
}
/** Takes in one line. */
function feed(before, line) {
	const due = tick(before, line.atMs);
	if (due.final !== void 0) return due;
	const { text, atMs } = line;
	const state = count(due, line);
	if (text === "") return state;
	const banner = readBanner(text, state.rules.chip);
	if (banner !== void 0) return feedBanner(state, banner, atMs);
	if (state.pending?.verdict === "panic") return collectPanic(state, text, atMs);
	const bad = state.rules.failOn.find((pattern) => pattern.endOf(text, 0) >= 0);
	if (bad !== void 0) return feedFailOn(state, text, bad.source, atMs);
	const understood = identify(feedMeaning(state, text, due.tail.at(-1), atMs), text, atMs);
	return understood.final === void 0 ? expect(understood, text, atMs, true) : understood;
}
/** Takes in a line that has not ended and has not grown for a while, such as a prompt. */
function feedPartial(before, text, atMs) {
	const state = tick(before, atMs);
	if (state.final !== void 0 || text === "" || state.pending?.verdict === "panic") return state;
	return expect(mayBecomeKnown.test(text) || meaningOf(text, state.rules.chip) !== void 0 ? state : plainText(state, text, atMs), text, atMs, false);
}
/** The console's port went away: a chip with USB of its own was reset. */
function feedLost(before, atMs) {
	const state = {
		...tick(before, atMs),
		portGone: true
	};
	return state.final === void 0 ? feedReset(state, usbGone, atMs) : state;
}
/** The port is back. */
function feedBack(state) {
	return {
		...state,
		portGone: false
	};
}
// src/monitor/console-rates.ts
/** What a console speaks unless it was told otherwise, with the crystal that ROM and apps reckon with. */
const USUAL_BAUD = 115200;
const USUAL_CRYSTAL_MHZ = 40;
/** ROMs that do not measure their crystal: on a board with another one, their rate is off by as much. */
const fixedRoms = {
	esp8266: 26,
	esp32c2: USUAL_CRYSTAL_MHZ
};
/** With a crystal of 26 MHz the ROM of ESP8266 and ESP32-C2 speaks at 74880. */
function consoleRates({ chip, crystalMhz = 0, consoleBaud = USUAL_BAUD }) {
	const usualMhz = (chip === void 0 ? void 0 : fixedRoms[chip]) ?? USUAL_CRYSTAL_MHZ;
	return {
		romBaud: chip !== void 0 && chip in fixedRoms ? USUAL_BAUD * (crystalMhz || usualMhz) / USUAL_CRYSTAL_MHZ : USUAL_BAUD,
		appBaud: consoleBaud
	};
}
/** The ROM's last words before it starts what it loaded. */
const romEnds = /^(?:csum 0x|entry 0x)[0-9a-f]+/i;
/** Fewer unreadable bytes are a glitch on the line. */
const NOISE_BYTES = 16;
/**
* Which rate to listen at after a line, given by its text and unreadable bytes: the app's behind the ROM's last words,
* the other one when only noise comes.
*/
function nextRate({ romBaud, appBaud }, current, line) {
	if (romEnds.test(line.text)) return appBaud;
	if (line.text === "" && line.noiseBytes >= NOISE_BYTES) return current === romBaud ? appBaud : romBaud;
	return current;
}
// src/monitor/clean-line.ts
const escapes = /\x1b(?:\[[0-9:;<=>?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])/g;
/** Control characters that terminals act on; they are dropped without being taken for noise. */
const silentControls = /[\x07\b\x1b]/g;
const noise = /[\0-\x08\x0b-\x1f\x7f\ufffd]/g;
/** At a wrong baud rate hardly half of the bytes are letters; text with a few broken bytes has far more. */
const LEAST_READABLE = .7;
/** Cleans one line, given without its end. */
function cleanLine(bytes) {
	const visible = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8").replace(escapes, "").replace(silentControls, "");
	const text = visible.replace(noise, "");
	const noiseBytes = visible.length - text.length;
	const readable = text.length >= LEAST_READABLE * visible.length;
	return {
		text: readable ? text.trimEnd() : "",
		noiseBytes: readable ? noiseBytes : bytes.length
	};
}
// src/monitor/line-assembler.ts
/** A longer line is cut. It bounds memory and the time of a pattern on one line. */
const MAX_LINE_BYTES = 2048;
const LF = 10;
const CR = 13;
function createLineAssembler() {
	const open = new Uint8Array(MAX_LINE_BYTES);
	let used = 0;
	function end() {
		const line = cleanLine(open.subarray(0, used));
		used = 0;
		return line.text === "" && line.noiseBytes === 0 ? [] : [line];
	}
	return {
		push(bytes) {
			const lines = [];
			for (const byte of bytes) {
				if (byte === LF || byte === CR) {
					lines.push(...end());
					continue;
				}
				if (used === MAX_LINE_BYTES) lines.push(...end());
				open[used++] = byte;
			}
			return lines;
		},
		partial: () => cleanLine(open.subarray(0, used)),
		flush: end
	};
}
// src/monitor/console.ts
/** A line that has not grown for this long is looked at although it has no end: prompts have none. */
const PARTIAL_IDLE_MS = 250;
/** Until a USB port that went away is looked for again. */
const REOPEN_MS = 100;
/**
* Reads lines, beginning at the ROM's rate, which the transport has already; where only noise comes, it goes on at the
* other one. When the link is lost it is opened again, over and over until `stop` or the signal.
*/
function readConsole(transport, rates, listener, { clock, signal }) {
	const assembler = createLineAssembler();
	const ended = new AbortController();
	const startMs = clock.nowMs();
	const nowMs = () => clock.nowMs() - startMs;
	const hasTwoRates = rates.romBaud !== rates.appBaud;
	let rate = rates.romBaud;
	let cancelIdle = () => void 0;
	function listenAt(next) {
		if (next === rate) return;
		rate = next;
		transport.setBaudRate(next).catch(() => void 0);
	}
	function take(line) {
		const before = rate;
		if (hasTwoRates) listenAt(nextRate(rates, rate, line));
		if (rate === before || line.text !== "") listener.line(line, nowMs());
	}
	function idle() {
		const { text } = assembler.partial();
		if (text === "") assembler.flush().forEach(take);
		else listener.partial(text, nowMs());
	}
	function data(bytes) {
		cancelIdle();
		for (const line of assembler.push(bytes)) take(line);
		const partial = hasTwoRates ? assembler.partial() : void 0;
		if (partial?.text === "" && nextRate(rates, rate, partial) !== rate) assembler.flush().forEach(take);
		if (!ended.signal.aborted) cancelIdle = clock.schedule(PARTIAL_IDLE_MS, idle);
	}
	async function reopen() {
		while (!ended.signal.aborted) {
			await sleep(clock, REOPEN_MS, ended.signal);
			try {
				await transport.reopen();
				listener.back(nowMs());
				return;
			} catch {}
		}
	}
	const unsubscribe = transport.subscribe({
		data,
		closed() {
			assembler.flush().forEach(take);
			listener.lost(nowMs());
			reopen().catch(() => void 0);
		}
	});
	const stop = () => {
		cancelIdle();
		unsubscribe();
		signal.removeEventListener("abort", stop);
		ended.abort();
	};
	signal.addEventListener("abort", stop, { once: true });
	return {
		nowMs,
		stop
	};
}
/** A line for a log; of noise, how much it was. */
function shownLine({ text, noiseBytes }) {
	return text === "" ? `(${noiseBytes} unreadable bytes)` : text;
}
// src/monitor/watch-boot.ts
/**
* Begins to read; the caller resets the board afterwards, and then calls `restarted`. The transport is that of the console. Resolves when nothing
* can be missed any more; rejects as the transport does.
*/
async function startBootWatch(transport, options, deps) {
	const { clock, signal, onLine } = deps;
	const rates = consoleRates(options);
	await transport.setBaudRate(rates.romBaud);
	signal.throwIfAborted();
	let state = initialState(options);
	let isOver = false;
	let cancelTick = () => void 0;
	let settled;
	let failed;
	const report = new Promise((resolve, reject) => {
		settled = resolve;
		failed = reject;
	});
	report.catch(() => void 0);
	function end(settle) {
		isOver = true;
		cancelTick();
		console.stop();
		signal.removeEventListener("abort", onAbort);
		settle();
	}
	function go(step) {
		if (isOver) return;
		cancelTick();
		try {
			state = step();
		} catch (error) {
			end(() => failed(error));
			return;
		}
		const { final } = state;
		if (final !== void 0) {
			end(() => settled(reportOf(state, final, options.symbolize)));
			return;
		}
		const dueMs = nextTickMs(state);
		if (dueMs === 1e400) return;
		cancelTick = scheduleDeadline(clock, dueMs - console.nowMs(), () => go(() => tick(state, dueMs)));
	}
	/**
	* When what is read counts as come. A process that stood still reads late; what was due meanwhile and is not told yet comes
	* behind that.
	*/
	const cameAtMs = (readAtMs) => Math.min(readAtMs, nextTickMs(state) - 1);
	const onAbort = () => end(() => failed(signal.reason));
	const console = readConsole(transport, rates, {
		line(line, atMs) {
			if (isOver) return;
			onLine?.({
				atMs,
				text: shownLine(line)
			});
			go(() => feed(state, {
				...line,
				atMs: cameAtMs(atMs)
			}));
		},
		partial: (text, atMs) => go(() => feedPartial(state, text, cameAtMs(atMs))),
		lost: (atMs) => go(() => feedLost(state, cameAtMs(atMs))),
		back: () => go(() => feedBack(state))
	}, deps);
	signal.addEventListener("abort", onAbort, { once: true });
	go(() => state);
	const restarted = () => go(() => feedRestarted(state, console.nowMs()));
	return {
		report,
		restarted,
		stop: () => go(() => ({
			...state,
			final: verdictAtEnd(state, console.nowMs())
		}))
	};
}
// src/action/boot-log.ts
/** An hour at 115200 baud is 40 MB; a server in a board's place could fill any disk, and memory before that. */
const LONGEST_LOG_BYTES = 67108864;
/** `   1.234 text`, times in seconds since reading began. */
function lineText$1({ atMs, text }) {
	return `${(atMs / 1e3).toFixed(3).padStart(8)} ${text}\n`;
}
/** Makes the file in the runner's folder for the job, named after the board. Throws `job/file` where that fails. */
function openBootLog(env, board) {
	const runnerTemp = env.RUNNER_TEMP ?? "";
	const name = board.replace(/\?.*$/, "").replace(/[^A-Za-z0-9._-]+/g, "-");
	const path = join(makeFolder(runnerTemp === "" ? tmpdir() : runnerTemp), `${name.slice(0, 60)}.log`);
	const stream = createWriteStream(path);
	const ended = new Promise((resolve) => stream.once("close", resolve).once("error", () => resolve()));
	let roomBytes = LONGEST_LOG_BYTES;
	return {
		path,
		add(line) {
			if (roomBytes < 0) return;
			const text = lineText$1(line);
			roomBytes -= Buffer.byteLength(text);
			stream.write(roomBytes < 0 ? "\u2026 (more than 64 MiB: the rest is not kept)\n" : text);
		},
		async close() {
			stream.end();
			await ended;
		}
	};
}
function makeFolder(parent) {
	try {
		mkdirSync(parent, { recursive: true });
		return mkdtempSync(join(parent, "esp32-boot-"));
	} catch (thrown) {
		throw new FlashError("job/file", `${parent} cannot take the board's log: ${String(thrown)}`, {}, thrown);
	}
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
* `port/\u2026` errors of its kind; rejects with the signal's reason when that aborts first.
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
// src/ports/links.ts
const LINK_FOLDERS = ["by-id", "by-path"];
/** The links below `<devRoot>/serial`, by the device that each leads to. */
async function findLinks(devRoot) {
	const byDevice = /* @__PURE__ */ new Map();
	for (const kind of LINK_FOLDERS) {
		const folder = path.join(devRoot, "serial", kind);
		for (const name of (await readdir(folder).catch(() => [])).sort()) {
			const link = path.join(folder, name);
			const device = await nextOf(link);
			if (device !== void 0) byDevice.set(device, [...byDevice.get(device) ?? [], link]);
		}
	}
	return byDevice;
}
/**
* Follows `start` link by link to the first path that `isDevice` knows; else to the end. `undefined` if there is nothing. A
* device that is itself a link, as to a pty, thus keeps its own name.
*/
async function followLinks(start, isDevice) {
	let at = path.resolve(start);
	for (let step = 0; step < MAX_LINKS; step++) {
		if (isDevice(at)) return at;
		const next = await nextOf(at);
		if (next === void 0) break;
		at = next;
	}
	return realpath(start).catch(() => void 0);
}
/** As many as Linux follows (path_resolution(7)). */
const MAX_LINKS = 40;
async function nextOf(link) {
	const target = await readlink(link).catch(() => void 0);
	return target === void 0 ? void 0 : path.resolve(path.dirname(link), target);
}
// src/ports/usb-bridges.ts
const SILICON_LABS = 4292;
const WCH = 6790;
const FTDI = 1027;
const PROLIFIC = 1659;
const ESPRESSIF = 12346;
/** USB devices behind which a board is to be expected. A new one is a row. */
const usbBridges = [
	{
		vendorId: SILICON_LABS,
		productId: 6e4,
		name: "CP210x"
	},
	{
		vendorId: SILICON_LABS,
		productId: 60001,
		name: "CP210x"
	},
	{
		vendorId: SILICON_LABS,
		productId: 60003,
		name: "CP210x"
	},
	{
		vendorId: SILICON_LABS,
		productId: 60016,
		name: "CP2105"
	},
	{
		vendorId: SILICON_LABS,
		productId: 60017,
		name: "CP2108"
	},
	{
		vendorId: WCH,
		productId: 21795,
		name: "CH341"
	},
	{
		vendorId: WCH,
		productId: 29986,
		name: "CH340K"
	},
	{
		vendorId: WCH,
		productId: 29987,
		name: "CH340"
	},
	{
		vendorId: WCH,
		productId: 21970,
		name: "CH342"
	},
	{
		vendorId: WCH,
		productId: 21971,
		name: "CH343"
	},
	{
		vendorId: WCH,
		productId: 21972,
		name: "CH9102"
	},
	{
		vendorId: WCH,
		productId: 21973,
		name: "CH344"
	},
	{
		vendorId: WCH,
		productId: 21975,
		name: "CH9103"
	},
	{
		vendorId: WCH,
		productId: 21976,
		name: "CH9101"
	},
	{
		vendorId: FTDI,
		productId: 24577,
		name: "FT232R"
	},
	{
		vendorId: FTDI,
		productId: 24592,
		name: "FT2232"
	},
	{
		vendorId: FTDI,
		productId: 24593,
		name: "FT4232H"
	},
	{
		vendorId: FTDI,
		productId: 24596,
		name: "FT232H"
	},
	{
		vendorId: FTDI,
		productId: 24597,
		name: "FT-X"
	},
	{
		vendorId: PROLIFIC,
		productId: 8963,
		name: "PL2303"
	},
	{
		vendorId: PROLIFIC,
		productId: 9123,
		name: "PL2303GC"
	},
	{
		vendorId: PROLIFIC,
		productId: 9139,
		name: "PL2303GB"
	},
	{
		vendorId: PROLIFIC,
		productId: 9155,
		name: "PL2303GT"
	},
	{
		vendorId: PROLIFIC,
		productId: 9171,
		name: "PL2303GL"
	},
	{
		vendorId: PROLIFIC,
		productId: 9187,
		name: "PL2303GE"
	},
	{
		vendorId: PROLIFIC,
		productId: 9203,
		name: "PL2303GS"
	},
	{
		vendorId: ESPRESSIF,
		productId: 2,
		name: "ESP32-S2 ROM"
	},
	{
		vendorId: ESPRESSIF,
		productId: 9,
		name: "ESP32-S3 ROM"
	},
	{
		vendorId: ESPRESSIF,
		productId: 18,
		name: "ESP32-P4 ROM"
	},
	{
		vendorId: ESPRESSIF,
		productId: 4097,
		name: "Espressif USB-Serial/JTAG"
	}
];
/** What a USB device is called here; any of Espressif's is one, whatever its firmware calls itself. */
function bridgeName(vendorId, productId) {
	return usbBridges.find((row) => row.vendorId === vendorId && row.productId === productId)?.name ?? (vendorId === ESPRESSIF ? "Espressif USB" : void 0);
}
/** Whether the chip itself is the USB device, so that its ids depend on what runs on it. */
function isNative(vendorId) {
	return vendorId === ESPRESSIF;
}
/**
* The MAC that a USB serial number tells. Only the silicon of USB-Serial/JTAG is sure to put the chip's own there; firmware
* and Espressif's USB bridges (such as 303a:1002) put in what they like.
*/
function macFromSerial(vendorId, productId, serial) {
	if (vendorId !== ESPRESSIF || productId !== 4097) return void 0;
	return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(serial) ? serial.toLowerCase() : void 0;
}
// src/ports/port-info.ts
function portInfo(path, links, usb) {
	if (usb === void 0) return {
		path,
		links
	};
	const bridge = bridgeName(usb.vendorId, usb.productId);
	const macFromUsb = usb.serial === void 0 ? void 0 : macFromSerial(usb.vendorId, usb.productId, usb.serial);
	return {
		path,
		links,
		usb,
		...bridge && { bridge },
		...macFromUsb && { macFromUsb }
	};
}
/** `303a:1001`, as `lsusb` writes it. */
function usbIds({ vendorId, productId }) {
	return [vendorId, productId].map((id) => id.toString(16).padStart(4, "0")).join(":");
}
/** One line with all that tells this port from another. */
function describePort(port) {
	const { usb, bridge, macFromUsb } = port;
	if (usb === void 0) return `${port.path} (no USB device)`;
	const facts = [
		bridge ?? usb.product,
		`usb:${usbIds(usb)}`,
		usb.location && `location:${usb.location}${usb.interface ? `:${usb.interface}` : ""}`,
		macFromUsb ? `mac:${macFromUsb}` : usb.serial && `serial:${usb.serial}`
	];
	return `${port.path} (${facts.filter(Boolean).join(", ")})`;
}
/**
* The name of a port's lock: the USB place, whichever number or mode the board there has at the moment. Ports of one USB
* device share it: they may lead to one board.
*/
function lockNameOfPort(port) {
	return fileName(port.usb?.location ? `usb-${port.usb.location}` : `port-${port.path.replace(/^.*[/\\]/, "")}`);
}
/** The name of a board's lock once its MAC is known; taken besides the port's, and after it. */
function lockNameOfMac(mac) {
	return `mac-${mac.toLowerCase().replaceAll(":", "")}`;
}
/** The name of the lock of a remote board, such as `tcp://bench:3333`. It holds among the jobs of this machine only. */
function lockNameOfUrl(url) {
	const { hostname, port } = new URL(url);
	return fileName(`net-${hostname.toLowerCase()}-${port}`);
}
function fileName(name) {
	return name.replace(/[^A-Za-z0-9._-]+/g, "-");
}
// src/ports/discovery.ts
/** How this system's ports are listed. `list` is serialport's, asked only where there is no `/sys`. */
function discovery(list) {
	return process.platform === "linux" ? () => discoverLinux() : () => discoverListed(list);
}
/**
* Reads `/sys` and `/dev` of Linux. It needs no udevadm, which slim containers lack, and tells the place of each board,
* which serialport's own list does not. Where there is no `/sys`, there are no ports. The roots differ in tests only.
*/
async function discoverLinux(sysRoot = "/sys", devRoot = "/dev") {
	const folder = path.join(sysRoot, "class", "tty");
	const [names, present] = await Promise.all([readdir(folder).catch(() => []), readdir(devRoot).catch(() => [])]);
	const nodes = new Set(present);
	const links = await findLinks(devRoot);
	return sortPorts((await Promise.all(names.map(async (name) => {
		const device = await readTty(path.join(folder, name));
		if (device === void 0 || !nodes.has(name)) return void 0;
		const node = path.join(devRoot, name);
		return portInfo(node, links.get(node) ?? [], device.usb);
	}))).filter((port) => port !== void 0));
}
/** The same from serialport's `list()`, for macOS and Windows. */
async function discoverListed(list) {
	return sortPorts((await list()).map((port) => portInfo(port.path, [], usbOf(port))));
}
function sortPorts(ports) {
	return [...ports].sort((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
}
/** `undefined` for a tty without hardware: a console, a pty, or a UART of a PC that is not built in (type 0). */
async function readTty(folder) {
	const device = await realpath(path.join(folder, "device")).catch(() => void 0);
	if (device === void 0 || await readAttribute(folder, "type") === "0") return void 0;
	const usb = await readUsb(device);
	return usb ? { usb } : {};
}
/** The tty hangs on an interface of the USB device, or, for `usb-serial` drivers, one level below that. */
async function readUsb(device) {
	let place = device;
	for (let level = 0; level < 3; level++, place = path.dirname(place)) {
		const [vendorId, productId] = await Promise.all([readId(place, "idVendor"), readId(place, "idProduct")]);
		if (vendorId === void 0 || productId === void 0) continue;
		const location = path.basename(place);
		const [serial, manufacturer, product] = await Promise.all([
			"serial",
			"manufacturer",
			"product"
		].map((name) => readAttribute(place, name)));
		return {
			vendorId,
			productId,
			location,
			...withoutBlanks({
				interface: path.relative(place, device).split(path.sep)[0]?.split(":")[1],
				serial,
				manufacturer,
				product
			})
		};
	}
}
function withoutBlanks(texts) {
	return Object.fromEntries(Object.entries(texts).filter(([, text]) => text));
}
async function readId(folder, name) {
	return parseId(await readAttribute(folder, name));
}
/** A board that is unplugged meanwhile, or an attribute that it lacks, reads as `undefined`. */
async function readAttribute(folder, name) {
	return (await readFile(path.join(folder, name), "utf8").catch(() => void 0))?.trim();
}
function parseId(text) {
	return text !== void 0 && /^[0-9a-f]{4}$/i.test(text) ? Number.parseInt(text, 16) : void 0;
}
function usbOf(port) {
	const [vendorId, productId] = [parseId(port.vendorId), parseId(port.productId)];
	if (vendorId === void 0 || productId === void 0) return void 0;
	return {
		vendorId,
		productId,
		...port.locationId && { location: port.locationId },
		...withoutBlanks({
			interface: void 0,
			serial: port.serialNumber,
			manufacturer: port.manufacturer,
			product: port.friendlyName
		})
	};
}
// src/ports/known-boards.ts
/**
* Notes which board was met at a port: one small file a board in `stateDir`, so that jobs do not get in each other's way.
* Ports without USB are not noted. Throws `job/state`.
*/
function rememberBoard(stateDir, mac, { usb }) {
	if (usb === void 0) return;
	const { vendorId, productId, location, serial } = usb;
	const board = {
		mac: mac.toLowerCase(),
		vendorId,
		productId,
		...location && { location },
		...usb.interface && { interface: usb.interface },
		...serial && { serial },
		seenAtMs: Date.now()
	};
	const file = path.join(stateDir, `${board.mac.replaceAll(":", "")}.json`);
	try {
		mkdirSync(stateDir, { recursive: true });
		writeFileSync(`${file}.${process.pid}`, JSON.stringify(board));
		renameSync(`${file}.${process.pid}`, file);
	} catch (thrown) {
		throw new FlashError("job/state", `where board ${mac} is cannot be noted: ${String(thrown)}`, {}, thrown);
	}
}
/** All noted boards, one a place. Throws `job/state` where the folder cannot be read. */
function knownBoards(stateDir) {
	const byPlace = /* @__PURE__ */ new Map();
	for (const board of readNotes(stateDir).sort((a, b) => a.seenAtMs - b.seenAtMs)) byPlace.set(board.location ? `${board.location}:${board.interface ?? ""}` : board.mac, board);
	return [...byPlace.values()];
}
/** The ports at which a board is to be expected by what was noted: its serial number if that is one of a kind, else its place. */
function rememberedPorts(mac, boards, ports) {
	const board = boards.find((known) => known.mac === mac);
	if (board === void 0) return [];
	const sameBridge = ports.filter(({ usb, macFromUsb }) => usb?.vendorId === board.vendorId && usb.productId === board.productId && usb.interface === board.interface && macFromUsb === void 0);
	const withSerial = (serial) => sameBridge.filter(({ usb }) => usb?.serial === serial);
	if (board.serial !== void 0) {
		const isOneOfAKind = boards.every((other) => other.mac === mac || other.serial !== board.serial || other.interface !== board.interface);
		const bySerial = withSerial(board.serial);
		if (isOneOfAKind && bySerial.length === 1) return bySerial;
		return bySerial.filter(({ usb }) => usb?.location === board.location);
	}
	return sameBridge.filter(({ usb }) => usb?.location === board.location && usb?.serial === void 0);
}
function readNotes(stateDir) {
	let files;
	try {
		files = readdirSync(stateDir);
	} catch (thrown) {
		if (systemCodeOf(thrown) === "ENOENT") return [];
		throw new FlashError("job/state", `the known boards cannot be read: ${String(thrown)}`, {}, thrown);
	}
	return files.filter((file) => /^[0-9a-f]{12}\.json$/.test(file)).flatMap((file) => boardNotedIn(path.join(stateDir, file)));
}
/** A damaged note is as good as none: the board is asked instead, and noted anew. */
function boardNotedIn(file) {
	try {
		const note = JSON.parse(readNote(file));
		const { mac, vendorId, productId, seenAtMs, location, serial } = note ?? {};
		const texts = [
			location,
			serial,
			note?.interface
		];
		if (typeof mac !== "string" || [
			vendorId,
			productId,
			seenAtMs
		].some((part) => typeof part !== "number")) return [];
		if (texts.some((part) => part !== void 0 && typeof part !== "string")) return [];
		return [note];
	} catch {
		return [];
	}
}
// src/ports/select.ts
/**
* Finds the one port that `selector` means among `ports`, and opens none. `known` are the boards noted by earlier jobs.
* Throws `port/not-found` with what is there, or `port/ambiguous` with what tells the fitting ones apart.
*/
async function selectPort(selector, ports, known = []) {
	if (selector.kind === "mac") return selectByMac(selector.mac, ports, known);
	return {
		kind: "port",
		port: exactlyOne(await matches(selector, ports), describeSelector(selector), ports),
		by: "system"
	};
}
/** Finds all ports that `selector` fits, by path, and opens none. Throws `port/not-found` where there is none. */
async function selectAll(selector, ports) {
	const found = await matches(selector, ports);
	if (found.length === 0) throw notFound(describeSelector(selector), ports);
	return found;
}
function matches(selector, ports) {
	const filter = (fits) => Promise.resolve(ports.filter(fits));
	switch (selector.kind) {
		case "path": return portsAt([selector.path], ports);
		case "glob": return portsLike(selector.folder, selector.pattern, ports);
		case "usb": return filter(({ usb }) => usb?.vendorId === selector.vendorId && usb.productId === selector.productId);
		case "serial": return filter(({ usb }) => usb?.serial?.toLowerCase() === selector.serial.toLowerCase());
		case "location": return filter(({ usb }) => usb?.location?.toLowerCase() === selector.location.toLowerCase() && (selector.interface === void 0 || usb.interface === selector.interface));
		case "auto": return filter(({ bridge }) => bridge !== void 0);
	}
}
/** A path that is none of the listed ports can still be one, such as a pty; opening it tells. */
async function portsAt(paths, ports) {
	const found = /* @__PURE__ */ new Map();
	for (const each of paths) {
		const device = path.isAbsolute(each) ? await followLinks(each, isListed) : each;
		if (device === void 0) continue;
		const listed = ports.find((port) => port.path === device);
		if (listed || path.isAbsolute(each)) found.set(device, listed ?? {
			path: device,
			links: []
		});
	}
	return [...found.values()];
	function isListed(candidate) {
		return ports.some((port) => port.path === candidate);
	}
}
async function portsLike(folder, pattern, ports) {
	if (folder === "") return ports.filter((port) => pattern.test(port.path));
	return portsAt((await readdir(folder).catch(() => [])).filter((name) => pattern.test(name)).map((name) => folder + name), ports);
}
function selectByMac(mac, ports, known) {
	const wanted = `mac:${mac}`;
	const named = ports.filter((port) => port.macFromUsb === mac);
	if (named.length > 0) return {
		kind: "port",
		port: exactlyOne(named, wanted, ports),
		by: "system"
	};
	const [remembered, ...more] = rememberedPorts(mac, known, ports);
	if (remembered && more.length === 0) return {
		kind: "port",
		port: remembered,
		by: "memory"
	};
	const candidates = ports.filter((port) => port.bridge !== void 0 && port.macFromUsb === void 0);
	if (candidates.length === 0) throw notFound(wanted, ports);
	const others = known.filter((board) => board.mac !== mac);
	const taken = new Set(others.flatMap((board) => rememberedPorts(board.mac, known, ports)));
	return {
		kind: "candidates",
		mac,
		ports: [...candidates].sort((a, b) => Number(taken.has(a)) - Number(taken.has(b)))
	};
}
function exactlyOne(found, wanted, all) {
	const [port, ...more] = found;
	if (port === void 0) throw notFound(wanted, all);
	if (more.length === 0) return port;
	const lines = found.map(describePort);
	throw new FlashError("port/ambiguous", `${wanted} fits ${lines.length} ports: ${lines.join("; ")}`, { ports: found.map((each) => each.path) });
}
function notFound(wanted, ports) {
	const there = ports.length === 0 ? "there is no serial port at all" : `there are: ${ports.map(describePort).join("; ")}`;
	return new FlashError("port/not-found", `no port fits ${wanted}; ${there}`, { port: wanted });
}
function describeSelector(selector) {
	switch (selector.kind) {
		case "path": return selector.path;
		case "glob": return selector.text;
		case "usb": return `usb:${[selector.vendorId, selector.productId].map((id) => id.toString(16).padStart(4, "0")).join(":")}`;
		case "serial": return `serial:${selector.serial}`;
		case "location": return `location:${selector.location}${selector.interface ? `:${selector.interface}` : ""}`;
		case "auto": return "auto (a known USB bridge or Espressif device)";
	}
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
* Reads a line of the input `port`. `undefined` for what is no port of this machine, such as `tcp://\u2026` or `virtual:\u2026`.
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
		throw invalid$1(`${JSON.stringify(text)} is none of ${example}, ${forms.join(", ")}, auto, tcp://\u2026, rfc2217://\u2026`);
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
// src/action/console-port.ts
/**
* Opens the port that only the console of a board is at. It has no lock of its own: it belongs to the board that the step
* has locked, and may be the second port of its USB device. Throws `port/\u2026` and `input/invalid`.
*/
async function openConsole(name, deps) {
	const selector = parsePortSelector(name);
	if (selector === void 0) return openTransport(name, deps);
	const found = await selectPort(selector, await discovery(async () => (await import("./serial-list.js")).listSerialPorts())());
	if (found.kind === "port") return openTransport(found.port.path, deps);
	throw new FlashError("input/invalid", "`console-port` cannot be found by its MAC; name its place.", { input: "console-port" });
}
// src/action/boot-check.ts
/** More of it is in the file. */
const MOST_SHOWN_LINES = 200;
/** `transport` is the port that the board is reset by; `board` names the log. */
function createBootCheck(transport, board, { host, clock, signal, reporter }) {
	let consolePort;
	let current;
	const say = (level, text) => reporter.listener({
		kind: "message",
		level,
		text
	});
	async function stop() {
		current?.watch.stop();
		await current?.log.close();
		current = void 0;
	}
	return {
		async begin(wish, { chip, crystalMhz } = {}) {
			await stop();
			if (wish.consolePort !== void 0) consolePort ??= await openConsole(wish.consolePort, {
				clock,
				signal
			});
			const log = openBootLog(host.env, board);
			const shown = createShownLines((text) => say("info", text));
			const knownChip = chipNames.find((name) => name === chip);
			const options = {
				timeoutMs: wish.bootTimeoutMs,
				settleMs: wish.settleMs,
				expect: wish.expect,
				failOn: wish.failOn,
				consoleBaud: wish.consoleBaud,
				...wish.app && { app: wish.app },
				...wish.symbolize && { symbolize: wish.symbolize },
				...knownChip && { chip: knownChip },
				...crystalMhz !== void 0 && { crystalMhz }
			};
			const onLine = (line) => {
				log.add(line);
				shown.add(line.text);
			};
			current = {
				watch: await startBootWatch(consolePort ?? transport, options, {
					clock,
					signal,
					onLine
				}),
				log,
				show: shown.show
			};
		},
		async finish() {
			if (current === void 0) return void 0;
			const { watch, log } = current;
			reporter.openGroup("Watch the boot");
			try {
				current.show();
				watch.restarted();
				const report = await watch.report;
				const isSilent = report.verdict === "silent";
				say(isSilent ? "warning" : "info", `Boot: ${report.verdict}. ${report.reason}`);
				return {
					report,
					logFile: log.path
				};
			} finally {
				await stop();
				reporter.closeGroup();
			}
		},
		async close() {
			await stop();
			await consolePort?.close();
		}
	};
}
/** Keeps lines back until they are to be shown, and shows no more than a person reads. */
function createShownLines(tell) {
	const kept = [];
	let count = 0;
	let isShown = false;
	return {
		add(text) {
			count++;
			if (count > MOST_SHOWN_LINES) return;
			const line = count === MOST_SHOWN_LINES ? "\u2026 (the rest is in the file of the output `boot-log`)" : text;
			if (isShown) tell(line);
			else kept.push(line);
		},
		show() {
			isShown = true;
			kept.forEach(tell);
		}
	};
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
/** From major \u00b7 100 + minor: `v3.1`. */
function formatRevision(revision) {
	return `v${Math.floor(revision / 100)}.${revision % 100}`;
}
/** As flash sizes are written: `4MB`, `512KB`. */
function formatFlashSize(sizeBytes) {
	const megabyte = 1048576;
	return sizeBytes >= megabyte ? `${sizeBytes / megabyte}MB` : `${sizeBytes / 1024}KB`;
}
// src/device/read-mac.ts
/** Asks the chip for its MAC and lets its firmware start again, also where it did not answer. What `openDevice` throws. */
async function readMac(transport, options, { clock, signal }) {
	const connection = new Connection(transport, clock, signal, createFlightRecorder(clock, () => void 0));
	try {
		const device = await openDevice(connection, "auto", {
			...options,
			baud: CONNECT_BAUD
		}, () => void 0);
		await leaveLoader(device, "lines");
		return device.identity.mac;
	} catch (thrown) {
		if (transport.capabilities.controlLines) await hardReset(transport, clock).catch(() => void 0);
		throw thrown;
	} finally {
		connection.release();
	}
}
// src/ports/board-health.ts
/** With one job a chance, with two a cable that somebody plugs in again; three in a row need a person or a power switch. */
const WEDGED_AFTER = 3;
/** Errors that speak of the board or its link; what is wrong with a workflow or its firmware says nothing about the board. */
const BOARD_TROUBLE = /^(connect|device)\/|^port\/(lost|open-failed)$|^verify\/mismatch$/;
/**
* Notes how a job on a board ended (`undefined`: well), under the name of its lock. Returns what is known about the board
* afterwards. Other errors than those of a board change nothing. Throws `job/state` where the note cannot be kept.
*/
function noteJobEnd(stateDir, board, code) {
	const file = healthFile(stateDir, board);
	const before = boardHealth(stateDir, board);
	if (code !== void 0 && !BOARD_TROUBLE.test(code)) return before;
	try {
		if (code === void 0) {
			rmSync(file, { force: true });
			return;
		}
		const since = before?.since ?? (/* @__PURE__ */ new Date()).toISOString();
		const health = {
			failures: (before?.failures ?? 0) + 1,
			since,
			lastCode: code
		};
		mkdirSync(stateDir, { recursive: true });
		writeFileSync(`${file}.${process.pid}`, JSON.stringify(health));
		renameSync(`${file}.${process.pid}`, file);
		return health;
	} catch (thrown) {
		throw new FlashError("job/state", `how board ${board} did cannot be noted: ${String(thrown)}`, {}, thrown);
	}
}
/** What is noted about a board; `undefined` if its last job went well. A damaged note is as good as none. */
function boardHealth(stateDir, board) {
	try {
		const { failures, since, lastCode } = JSON.parse(readNote(healthFile(stateDir, board))) ?? {};
		if (!Number.isSafeInteger(failures) || typeof since !== "string" || typeof lastCode !== "string") return void 0;
		return {
			failures: failures ?? 0,
			since,
			lastCode
		};
	} catch {
		return;
	}
}
/** One sentence for the log where a board is wedged; `undefined` where it is not. */
function describeWedged(health) {
	if (health === void 0 || health.failures < WEDGED_AFTER) return void 0;
	const { failures, since, lastCode } = health;
	return `this board seems to be wedged: ${failures} jobs in a row failed on it since ${since}, the last with ${lastCode}`;
}
function healthFile(stateDir, board) {
	return path.join(stateDir, `${board}.health.json`);
}
// src/ports/follow.ts
/** A device is ready some 100 ms after it was plugged in; looking costs a few reads of /sys. */
const POLL_MS = 100;
/**
* Looks again and again until `look` no longer says `port/not-found`. Rejects with that when `timeoutMs` are over, with
* any other error of `look` at once, and with the signal's reason.
*/
async function waitForPort(look, options) {
	const { timeoutMs, clock, signal } = options;
	const startedMs = clock.nowMs();
	let { onWait } = options;
	for (;;) {
		signal.throwIfAborted();
		try {
			return await look();
		} catch (thrown) {
			if (!hasCode(thrown, "port/not-found")) throw thrown;
			if (clock.nowMs() - startedMs >= timeoutMs) throw timeoutMs > 0 ? afterWait(thrown, timeoutMs) : thrown;
		}
		onWait?.();
		onWait = void 0;
		await sleep(clock, POLL_MS, signal);
	}
}
function afterWait(error, timeoutMs) {
	return new FlashError(error.code, `${error.message} (waited ${timeoutMs / 1e3} s)`, error.details, error);
}
/**
* Finds the port of a board again after a reset: by its USB place, whatever number, ids or mode it has now. A port without
* a place is where it was. Throws `port/not-found` after `timeoutMs`, `port/other-board` when another board is there.
*/
async function followPort(before, discover, options) {
	if (before.usb?.location === void 0) return before;
	return waitForPort(async () => portAtPlace(before, await discover()), options);
}
/** The port among `ports` at which the board of `before` is now. Throws `port/not-found`, `port/other-board`. */
function portAtPlace(before, ports) {
	const location = before.usb?.location;
	const there = ports.filter(({ usb }) => location !== void 0 && usb?.location === location);
	const now = there.find(({ usb }) => usb?.interface === before.usb?.interface) ?? there[0];
	if (now === void 0) {
		const message = `${describePort(before)} is gone: there is no port at USB place ${location ?? "unknown"} now`;
		throw new FlashError("port/not-found", message, { port: before.path });
	}
	if (mayBeSame(before, now)) return now;
	const message = `at USB place ${location ?? "unknown"} was ${describePort(before)}; now it is ${describePort(now)}`;
	throw new FlashError("port/other-board", message, { port: now.path });
}
/** A bridge has its ids and serial number for good; a chip with USB of its own changes both between its firmware and its ROM. */
function mayBeSame(before, now) {
	const [was, is] = [before.usb, now.usb];
	if (was === void 0 || is === void 0) return false;
	if (before.macFromUsb && now.macFromUsb) return before.macFromUsb === now.macFromUsb;
	if (usbIds(was) === usbIds(is)) return was.serial === is.serial;
	return isNative(was.vendorId) || isNative(is.vendorId);
}
// src/ports/claim.ts
/**
* Finds the one port that is meant and takes its lock; what `selectPort`, `waitForPort` and `lockBoard` throw. While it
* waits for the lock, ports may change: it is the port as it is once the lock is held.
*/
async function claimPort(selector, options) {
	const { discover, stateDir, waitForPortMs, clock, signal, onPortWait } = options;
	const wait = {
		timeoutMs: waitForPortMs,
		clock,
		signal,
		...onPortWait && { onWait: onPortWait }
	};
	const look = async () => selectPort(selector, await discover(), selector.kind === "mac" ? knownBoards(stateDir) : []);
	for (;;) {
		const found = await waitForPort(look, wait);
		if (found.kind === "candidates") return askAll(found.mac, found.ports, options);
		if (selector.kind === "mac" && found.by === "memory") return askRemembered(selector.mac, found.port, options);
		const locks = await takeLocks(found.port, options);
		try {
			const now = await look();
			if (now.kind === "port" && sameLocks(now.port, found.port)) return {
				port: now.port,
				locks
			};
		} catch (thrown) {
			releaseAll(locks);
			if (!hasCode(thrown, "port/not-found")) throw thrown;
			if (waitForPortMs === 0) throw thrown;
			continue;
		}
		releaseAll(locks);
	}
}
/**
* Adds the lock of the board's MAC once the chip has told it: the same board may be plugged in twice, by a bridge and by
* its own USB. What `lockBoard` throws; the claim itself stays.
*/
async function claimMac(claim, mac, options) {
	const name = lockNameOfMac(mac);
	if (claim.locks.some((lock) => lock.name === name)) return claim;
	return {
		...claim,
		locks: [...claim.locks, ...await takeAll([name], options)]
	};
}
/** The place that was noted first, and the other candidates only if another board answers there. */
async function askRemembered(mac, port, options) {
	const all = await options.discover();
	const rest = await selectPort({
		kind: "mac",
		mac
	}, all);
	return askAll(mac, [port, ...rest.kind === "candidates" ? rest.ports.filter(({ path }) => path !== port.path) : []], options);
}
/** Asks one board after the other: first those that are free, then those for whose lock one has to wait. */
async function askAll(mac, ports, options) {
	const { lock } = options;
	const answers = [];
	const held = [];
	for (const port of ports) {
		const free = lock === "off" ? options : {
			...options,
			lock: {
				...lock,
				timeoutMs: 0
			}
		};
		try {
			const found = await askOne(mac, port, free, answers);
			if (found) return found;
		} catch (thrown) {
			if (!hasCode(thrown, "lock/timeout")) throw thrown;
			held.push(port);
		}
	}
	for (const port of held) {
		const found = await askOne(mac, port, options, answers);
		if (found) return found;
	}
	throw new FlashError("port/not-found", `no board with mac:${mac} answers; ${answers.join("; ")}`, { port: `mac:${mac}` });
}
async function askOne(mac, port, options, answers) {
	const locks = await takeLocks(port, options);
	let isMeant = false;
	try {
		const now = portAtPlace(port, await options.discover());
		const answer = await options.ask(now);
		rememberBoard(options.stateDir, answer, now);
		isMeant = answer === mac;
		if (isMeant) return {
			port: now,
			locks
		};
		answers.push(`${describePort(now)} is mac:${answer}`);
	} catch (thrown) {
		options.signal.throwIfAborted();
		if (!(thrown instanceof FlashError) || thrown.code === "job/state") throw thrown;
		answers.push(`${describePort(port)}: ${thrown.message}`);
	} finally {
		if (!isMeant) releaseAll(locks);
	}
}
/** Place before MAC, always: so no two jobs can wait for each other. */
function lockNames(port) {
	return [lockNameOfPort(port), ...port.macFromUsb ? [lockNameOfMac(port.macFromUsb)] : []];
}
function sameLocks(a, b) {
	return lockNames(a).join() === lockNames(b).join();
}
function takeLocks(port, options) {
	return takeAll(lockNames(port), options);
}
async function takeAll(names, options) {
	const { lock, clock, signal } = options;
	const locks = [];
	if (lock === "off") return locks;
	try {
		for (const name of names) locks.push(await lockBoard(name, {
			...lock,
			clock,
			signal
		}));
	} catch (thrown) {
		releaseAll(locks);
		throw thrown;
	}
	return locks;
}
function releaseAll(locks) {
	for (const lock of locks) lock.release();
}
// src/ports/port-holders.ts
/**
* The processes of Linux that have `port` open, oldest number first. Those of other users cannot be looked into; only root
* sees all. Empty where there is no `/proc`. `procRoot` differs in tests only.
*/
async function findPortHolders(port, procRoot = "/proc") {
	const device = await realpath(port).catch(() => port);
	const pids = (await readdir(procRoot).catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
	const holders = [];
	for (const pid of pids.sort((a, b) => a - b)) {
		const folder = path.join(procRoot, String(pid));
		if (await hasOpen(path.join(folder, "fd"), device)) holders.push({
			pid,
			command: await commandOf(folder)
		});
	}
	return holders;
}
/** `false` also for a process that ends meanwhile, or that is another user's. */
async function hasOpen(fdFolder, device) {
	const descriptors = await readdir(fdFolder).catch(() => []);
	for (const descriptor of descriptors) if (await readlink(path.join(fdFolder, descriptor)).catch(() => void 0) === device) return true;
	return false;
}
const MAX_COMMAND = 120;
/** The kernel parts arguments by NUL; threads of its own have none, but a name. */
async function commandOf(folder) {
	const read = (name) => readFile(path.join(folder, name), "utf8").catch(() => "");
	const command = (await read("cmdline")).split("\0").join(" ").trim() || (await read("comm")).trim() || "unknown";
	return command.length > MAX_COMMAND ? `${command.slice(0, MAX_COMMAND)}\u2026` : command;
}
// src/ports/explain.ts
/** Services that open each new serial port by themselves, and how they are kept off. */
const MEDDLERS = [[/ModemManager/, "ModemManager looks for modems on new ports: stop it (`sudo systemctl disable --now ModemManager`), or exempt the board with a udev rule that sets ENV{ID_MM_DEVICE_IGNORE}=\"1\""], [/brltty/, "brltty takes USB bridges for Braille displays: remove it (`sudo apt-get remove brltty`)"]];
const explainers = {
	"port/busy": async (_, port, root) => explainBusy(await findPortHolders(port, path.join(root, "proc"))),
	"port/permission": (_, port, root) => explainPermission(port, root),
	"port/not-found": (_, port, root) => isContainer(root) ? containerHint(port) : void 0
};
/**
* What was said when a port of Linux could not be opened, with what this machine knows about it: who has it open, which
* group is missing, what the container lacks. Any other error comes back as it is. `root` is `/` but for tests.
*/
async function explainPortError(error, port, root = "/") {
	if (process.platform !== "linux") return error;
	const more = await explainers[error.code]?.(error, port, root);
	return more === void 0 ? error : new FlashError(error.code, `${error.message}; ${more}`, error.details, error);
}
function explainBusy(holders) {
	if (holders.length === 0) return "who has it open cannot be seen: it is a process of another user or container";
	const named = holders.map(({ pid, command }) => `process ${pid} (${command})`).join(", ");
	const hints = MEDDLERS.filter(([name]) => holders.some(({ command }) => name.test(command))).map(([, hint]) => hint);
	return [`it is open in ${named}`, ...hints].join("; ");
}
function explainPermission(port, root) {
	const device = statSync(port, { throwIfNoEntry: false });
	if (device === void 0) return void 0;
	const group = groupName(device.gid, root);
	const isMember = process.getgroups?.().includes(device.gid) ?? false;
	const groupMay = (device.mode & 48) === 48;
	if (isContainer(root)) return `${containerHint(port)} --group-add ${device.gid}`;
	if (!groupMay) return `its mode is ${(device.mode & 511).toString(8)}, so that not even group ${group} may use it`;
	if (isMember) return `the user is in group ${group} as it must be: does a sandbox of the runner's service forbid devices?`;
	return `it belongs to group ${group}: \`sudo usermod -aG ${group} ${userInfo().username}\`, then start the runner's service again`;
}
function groupName(gid, root) {
	return readIfThere(path.join(root, "etc", "group")).split("\n").map((line) => line.split(":")).find(([, , id]) => id === String(gid))?.[0] ?? String(gid);
}
function readIfThere(file) {
	return existsSync(file) ? readFileSync(file, "utf8") : "";
}
function containerHint(port) {
	return `this is a container: start it with \`-v /dev:/dev --privileged\`, which follows a board that gets a new number, or with --device ${port}`;
}
// src/ports/followed-transport.ts
/**
* A transport whose `reopen` finds the board again, whatever its port is called by then: it closes the old port and takes
* what `open` gives, at the rate set last and with the same listeners. What `open` throws.
*/
async function followedTransport(open) {
	const listeners = /* @__PURE__ */ new Set();
	let baud;
	let inner = await openInner();
	async function openInner() {
		const opened = await open();
		opened.subscribe({
			data: (bytes) => [...listeners].forEach((listener) => listener.data(bytes)),
			closed: (reason) => [...listeners].forEach((listener) => listener.closed(reason))
		});
		return opened;
	}
	return {
		get name() {
			return inner.name;
		},
		get capabilities() {
			return inner.capabilities;
		},
		write: (bytes) => inner.write(bytes),
		setSignals: (lines) => inner.setSignals(lines),
		confirm: () => inner.confirm(),
		async setBaudRate(rate) {
			baud = rate;
			await inner.setBaudRate(rate);
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
		async reopen() {
			await inner.close();
			inner = await openInner();
			if (baud !== void 0) await inner.setBaudRate(baud);
		},
		close: () => inner.close()
	};
}
// src/action/claim-board.ts
/** How long a port may take to come back after a reset, at each of the times that a job opens it anew. */
const COME_BACK_MS = 2e3;
const ASK_ATTEMPTS = 3;
/**
* Finds the board that `wish.port` names and takes its lock. Throws what `claimPort`, `lockBoard` and `keepForJob` throw.
* Nothing is opened, but for `mac:` where only the boards themselves can tell.
*/
async function claimBoard(wish, surroundings) {
	const { env, clock, signal, time, stateDir, say } = surroundings;
	const lockDir = wish.lockDir ?? defaultLockDir(env);
	const hears = {
		clock,
		signal,
		onMessage: onceEach((text) => say("info", text))
	};
	const options = {
		discover: discovery(async () => (await import("./serial-list.js")).listSerialPorts()),
		stateDir,
		waitForPortMs: wish.waitForPortMs,
		onPortWait: () => say("info", portWaitText(wish.port, wish.waitForPortMs)),
		lock: wish.lock === "off" ? "off" : {
			lockDir,
			job: jobIdentity(env),
			timeoutMs: wish.lockTimeoutMs,
			onWait
		},
		clock,
		signal,
		ask: async ({ path: port }) => {
			const transport = await openExplained(port);
			const { before, resetSequence } = wish;
			return readMac(transport, {
				before,
				attempts: ASK_ATTEMPTS,
				...resetSequence && { resetSequence }
			}, {
				clock,
				signal
			}).finally(() => transport.close());
		}
	};
	const selector = parsePortSelector(wish.port);
	const remoteName = selector ? void 0 : lockNameOfRemote(wish.port);
	function onWait(holder) {
		time.pause();
		say("info", `Waiting for the board: it is held by ${holder}`);
	}
	async function openExplained(port) {
		try {
			return await openTransport(port, hears);
		} catch (thrown) {
			throw selector ? await explainPortError(toFlashError(thrown), port) : thrown;
		}
	}
	async function take() {
		if (selector) {
			const named = selector.kind === "path" ? selector.path : "/dev/ttyUSB0";
			return claimPort(selector, options).catch(async (thrown) => {
				throw await explainPortError(toFlashError(thrown), named);
			});
		}
		const port = {
			path: wish.port,
			links: []
		};
		if (remoteName === void 0 || options.lock === "off") return {
			port,
			locks: []
		};
		return {
			port,
			locks: [await lockBoard(remoteName, {
				...options.lock,
				clock,
				signal
			})]
		};
	}
	/** Only where a runner runs `post` steps is there a job that outlives the step. */
	async function keep(locks) {
		if (wish.lock !== "job" || !env.GITHUB_RUN_ID) return;
		const script = path.join(import.meta.dirname, "lock-keeper.js");
		for (const lock of locks) await keepForJob(lock, {
			script,
			jobProcessId: process.ppid,
			env,
			beforeStart: surroundings.onKept
		});
	}
	const privateReason = wish.lock === "off" || remoteNeedsNoLock() ? void 0 : privateLockDir(lockDir);
	if (privateReason !== void 0) say("warning", `The locks in ${lockDir} keep out the jobs of this place only: ${privateReason}`);
	function remoteNeedsNoLock() {
		return selector === void 0 && remoteName === void 0;
	}
	let claim = await take().finally(() => time.resume());
	const releaseLocks = () => [...claim.locks].reverse().forEach((lock) => lock.release());
	await keep(claim.locks).catch((thrown) => {
		releaseLocks();
		throw thrown;
	});
	let port = claim.port;
	let answeredAs;
	hold();
	const boardName = selector ? lockNameOfPort(port) : remoteName;
	const wedged = boardName === void 0 ? void 0 : describeWedged(boardHealth(stateDir, boardName));
	if (selector) say("info", `Found ${describePort(port)}`);
	if (wedged !== void 0) say("warning", `${describePort(port)}: ${wedged}`);
	async function openWhereItIs() {
		const now = await followPort(port, options.discover, {
			timeoutMs: COME_BACK_MS,
			clock,
			signal
		});
		if (now.path !== port.path) say("info", `The board is at ${now.path} now`);
		port = now;
		return openExplained(port.path);
	}
	return {
		get port() {
			return port.path;
		},
		...boardName && { lockName: boardName },
		open: () => followedTransport(openWhereItIs),
		async identified(mac) {
			answeredAs = mac;
			hold();
			if (remoteNeedsNoLock() || wish.port.startsWith("virtual:") || !mac.includes(":")) return;
			tryNoting(() => rememberBoard(stateDir, mac, port));
			const before = claim.locks.length;
			claim = await claimMac(claim, mac, options).finally(() => time.resume());
			hold();
			await keep(claim.locks.slice(before));
		},
		release(code) {
			tryNoting(() => {
				const health = boardName === void 0 ? void 0 : noteJobEnd(stateDir, boardName, code);
				const now = code === void 0 ? void 0 : describeWedged(health);
				if (now !== void 0) say("warning", `${describePort(port)}: ${now}`);
			});
			surroundings.onReleased(code);
			releaseLocks();
		}
	};
	function hold() {
		const lockNames = claim.locks.map((lock) => lock.name);
		surroundings.onHeld({
			port,
			lockDir,
			lockNames,
			...answeredAs && { mac: answeredAs }
		});
	}
	/** Notes are for the next job: without them this one is no worse. */
	function tryNoting(note) {
		try {
			note();
		} catch (thrown) {
			const { message } = toFlashError(thrown);
			say("warning", message);
		}
	}
}
/** The lock's name of what is no port of this machine; a virtual board without a file is nobody else's. */
function lockNameOfRemote(port) {
	if (!port.startsWith("virtual:")) return lockNameOfUrl(port);
	const file = new URLSearchParams(port.split("?")[1] ?? "").get("flash") ?? "";
	if (file === "") return void 0;
	return `virtual-${createHash("sha256").update(path.resolve(file)).digest("hex").slice(0, 16)}`;
}
/** What the log says while no port fits yet. */
function portWaitText(port, waitForPortMs) {
	return `No port fits ${port} yet: waiting for one, ${formatDuration(waitForPortMs)} at most`;
}
function onceEach(say) {
	const said = /* @__PURE__ */ new Set();
	return (text) => {
		if (!said.has(text)) say(text);
		said.add(text);
	};
}
// src/action/host.ts
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
// src/action/shown.ts
const LONGEST_SHOWN = 120;
/** A value as an error shows it: quoted, one line, not endless, without credentials. */
function shown(value) {
	const text = /:\/\/.*[@?]/s.test(value) ? redactUrl(value) : value;
	return JSON.stringify(text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}\u2026` : text);
}
// src/action/file-lines.ts
/** What a line of the input `files` takes, for people. */
const fileLineForm = "takes lines of `[chip:] offset-or-partition source [sha256]`";
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
* One line: the chip that it is for, where it goes, where it comes from, and its digest, between blanks; quotes keep blanks together. Undefined
* for a line of another form. What begins with a digit is an offset and never a partition.
*/
function parseFileLine(line) {
	const [prefix = "", chipText = ""] = /^([a-z0-9]+):\s+/i.exec(line) ?? [];
	const chip = chipNames.find((name) => name === chipText.toLowerCase());
	if (chip === void 0) return parsePlacedSource(line);
	const item = parsePlacedSource(line.slice(prefix.length));
	return item && {
		...item,
		chip
	};
}
function parsePlacedSource(line) {
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
/** What is wrong with lines of `files`, a sentence each. */
function fileLineProblems(text) {
	return fileLines(text).filter((line) => parseFileLine(line.text) === void 0).map((line) => {
		return `\`files\` is ${shown(line.text.replace(/[^\s"]+/g, redactUrl))} in line ${line.number}: it ${fileLineForm}`;
	});
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
const sha256$1 = pipe(string(), regex(/^[0-9a-f]{64}$/i), toLowerCase());
/** Seconds or minutes, as milliseconds. */
const duration = (lowestS) => pipe(string(), regex(/^\d+[sm]?$/), transform((text) => Number.parseInt(text, 10) * (text.endsWith("m") ? 60 : 1)), minValue(lowestS), maxValue(MAX_TIMEOUT_S), transform((seconds) => seconds * 1e3));
/** Words between commas, blanks and line ends, each of which `item` takes. */
const words = (item) => pipe(string(), transform((text) => text.split(/[\s,]+/).filter((word) => word !== "")), array(item));
/** One of `values` in any case, as it stands there. */
const oneOf = (values) => pipe(string(), transform((text) => values.find((value) => value.toLowerCase() === text.toLowerCase()) ?? ""), nonEmpty());
// src/action/input-firmware-map.ts
/** What the input `firmware-map` takes, for people. */
const firmwareMapForm = "takes JSON such as {\"/dev/ttyUSB0\": \"app.bin\", \"4c:11:ae:b9:90:54\": {\"firmware-url\": \"b.bin\", \"offset\": \"0x10000\"}}";
const located = pipe(oneLine, transform((location) => ({ location })));
const detailed = pipe(strictObject({
	"firmware-url": oneLine,
	offset: optional$1(union([address, pipe(number(), integer(), minValue(0), maxValue(4294967295))])),
	sha256: optional$1(sha256$1)
}), transform(({ "firmware-url": location, offset, sha256: digest }) => ({
	location,
	offset,
	sha256: digest
})));
const schema = pipe(string(), parseJson$1(), record(oneLine, union([located, detailed])), transform((entries) => Object.entries(entries).map(([board, { location, sha256: digest, offset }]) => ({
	board,
	item: {
		location,
		sha256: digest,
		place: offset === void 0 ? void 0 : {
			kind: "offset",
			offset
		}
	}
}))));
/** Reads the input `firmware-map`; empty for a text that `firmwareMapProblems` objects to. */
function parseFirmwareMap(text) {
	const parsed = safeParse(schema, text);
	return parsed.success ? parsed.output : [];
}
/** What is wrong with the input `firmware-map`, without its values, as they may hold credentials. */
function firmwareMapProblems(text) {
	const parsed = text === "" ? void 0 : safeParse(schema, text);
	if (parsed === void 0 || parsed.success && parsed.output.length > 0) return [];
	const [issue] = parsed.success ? [] : parsed.issues;
	const place = issue === void 0 ? void 0 : getDotPath(issue);
	return [`\`firmware-map\` cannot be read${place ? ` at ${JSON.stringify(place)}` : ""}: it ${firmwareMapForm}`];
}
// src/action/input-values.ts
const lockModes = [
	"job",
	"step",
	"off"
];
const resetMethods = [
	"rts",
	"usb",
	"sequence",
	"power-cycle",
	"watchdog"
];
const boardStates = ["locked", "wedged"];
const switches = ["on", "off"];
const flashTimes = ["always", "unhealthy"];
// src/action/port-line.ts
const EVERY = /^every:\s*/;
/** Lines of the input `port`; empty ones and comments (`#`) are left out. */
function portLines(text) {
	return text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#")).map((line) => EVERY.test(line) ? {
		kind: "every",
		selector: line.replace(EVERY, "")
	} : {
		kind: "one",
		port: line
	});
}
/** What is wrong with the lines of `port`, a sentence each. */
function portLineProblems(text) {
	return portLines(text).flatMap((line) => line.kind === "one" ? portProblems(line.port) : everyProblems(line.selector));
}
/** What is wrong with the name of a board's port: neither a selector nor a kind of port that can be opened. */
function portProblems(port) {
	return problemsOf(port, () => {
		if (parsePortSelector(port) === void 0) checkPort(port);
	});
}
function everyProblems(selector) {
	let kind;
	const problems = problemsOf(selector, () => {
		kind = parsePortSelector(selector)?.kind;
	});
	if (problems.length > 0 || kind !== void 0 && kind !== "mac") return problems;
	return [`\`port\`: every: takes a selector that several ports of this machine can fit (it is ${shown(selector)})`];
}
function problemsOf(text, check) {
	try {
		if (/\p{Cc}/u.test(text)) return [`\`port\` has control characters (it is ${shown(text)})`];
		check();
		return [];
	} catch (thrown) {
		return [`${toFlashError(thrown).message} (it is ${shown(text)})`];
	}
}
// src/action/region-lines.ts
/** What the input `regions` takes, for people. */
const regionForm = "takes `all`, or lines that name a partition or are `offset length`";
const NUMBER = "(0x[0-9a-f]{1,8}|\\d{1,10})";
const RANGE = new RegExp(`^${NUMBER}\\s+${NUMBER}$`, "i");
/** As a partition's name in `files`: what begins with a digit is none. ESP-IDF `esp_partition.h` (v5.3): 16 characters. */
const NAME = /^[^\p{Cc}\s\d][^\p{Cc}\s]{0,15}$/u;
function parseRegion(line) {
	const [, offset, lengthBytes] = RANGE.exec(line) ?? [];
	if (offset !== void 0) return {
		offset: Number(offset),
		lengthBytes: Number(lengthBytes)
	};
	return NAME.test(line) ? { partition: line } : void 0;
}
/** What shall be erased; lines of another form are left out, as `regionProblems` names them. */
function parseRegions(text) {
	const lines = fileLines(text);
	if (lines.length === 1 && lines[0]?.text === "all") return "all";
	return lines.flatMap((line) => parseRegion(line.text) ?? []);
}
/** What is wrong with `regions`, a sentence each. */
function regionProblems(text) {
	const lines = fileLines(text);
	if (lines.length === 0) return [`\`regions\` names nothing: it ${regionForm}`];
	if (lines.length > 1 && lines.some((line) => line.text === "all")) return ["`regions` has `all` and more: `all` leaves nothing to add"];
	return lines.filter((line) => parseRegion(line.text) === void 0).map((line) => `\`regions\` is ${shown(line.text)} in line ${line.number}: it ${regionForm}`);
}
// src/action/input-table.ts
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
const patternForm = "takes lines of text or /regular expression/";
const patterns = pipe(string(), rawTransform(({ dataset, addIssue, NEVER }) => {
	try {
		return dataset.value.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "").map(parseLinePattern);
	} catch (thrown) {
		addIssue({ message: toFlashError(thrown).message });
		return NEVER;
	}
}));
/** Each line by itself, so that an error can name the line. */
const files = pipe(string(), transform((text) => fileLines(text).flatMap((line) => parseFileLine(line.text) ?? [])));
const lines = pipe(string(), transform((text) => text === "" ? [] : text.split(/\r?\n/)));
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
/** Every input of this action and its sub-actions; a row without a default is required. */
const inputTable = {
	port: {
		...row("port", oneLine, "takes a device path, auto, usb:, serial:, location: or mac:, rfc2217://host:port, tcp://host:port or virtual:<chip>"),
		check: portProblems
	},
	ports: {
		...row("port", pipe(string(), transform(portLines), minLength(1)), "takes a device path, auto, usb:, serial:, location: or mac:, rfc2217://host:port, tcp://host:port or virtual:<chip>, one a line, and every: with a selector for all that fit it"),
		check: portLineProblems
	},
	failFast: row("fail-fast", boolean, "takes true or false", "false"),
	maxParallel: row("max-parallel", wholeNumber(0, 1e3), "takes a number, 0 for all at once", "0"),
	expectMac: row("expect-mac", optional(mac), "takes a MAC such as 4c:11:ae:b9:90:54", ""),
	waitForPortMs: row("wait-for-port", duration(0), "takes seconds (60, 60s) or minutes (2m), at most 24 h", "0"),
	lock: row("lock", picklist(lockModes), listed(lockModes), "job"),
	lockTimeoutMs: row("lock-timeout", duration(0), "takes seconds (60, 60s) or minutes (30m), at most 24 h", "60m"),
	lockDir: row("lock-dir", optional(folder), "takes the whole path of a folder", ""),
	powerCycle: {
		...row("power-cycle", optional(command), "takes a program and its arguments; it is run without a shell, so nothing that only a shell knows may stand outside quotes", ""),
		isSecret: true
	},
	chip: row("chip", chip, listed(["auto", ...chipNames]), "auto"),
	firmwareUrl: row("firmware-url", optional(oneLine), "takes an http, https or file URL, github-release:owner/repo@tag/asset, or a path", ""),
	offset: row("offset", optional(address), "takes a hex (0x10000) or decimal (65536) address", ""),
	sha256: row("sha256", optional(sha256$1), "takes 64 hex digits", ""),
	files: {
		...row("files", files, fileLineForm, ""),
		check: fileLineProblems
	},
	firmwareMap: {
		...row("firmware-map", pipe(string(), transform(parseFirmwareMap)), firmwareMapForm, ""),
		check: firmwareMapProblems
	},
	token: {
		...row("token", optional(oneLine), "takes a GitHub token", ""),
		isSecret: true
	},
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
	bootCheck: row("boot-check", picklist(switches), listed(switches), "on"),
	consolePort: {
		...row("console-port", optional(oneLine), "takes what `port` takes, except for mac:", ""),
		check: (text) => text === "" ? [] : portProblems(text)
	},
	consoleBaud: row("console-baud", wholeNumber(300, 5e6), "takes a number from 300 to 5000000", "115200"),
	expect: row("expect", patterns, patternForm, ""),
	failOn: row("fail-on", patterns, patternForm, ""),
	bootTimeoutMs: row("boot-timeout", duration(1), "takes seconds (15, 15s) or minutes (1m), at least 1 s", "15"),
	settleMs: row("settle", duration(0), "takes seconds (3, 3s) or minutes (1m)", "3"),
	elf: row("elf", optional(oneLine), "takes the path of an ELF file", ""),
	when: row("when", picklist(flashTimes), listed(flashTimes), "always"),
	rewrite: row("rewrite", boolean, "takes true or false", "false"),
	allow: row("allow", allow, `takes a list of ${allowances.join(", ")}`, ""),
	dryRun: row("dry-run", boolean, "takes true or false", "false"),
	junit: row("junit", optional(oneLine), "takes the path of a file", ""),
	regions: {
		...row("regions", pipe(string(), transform(parseRegions)), regionForm),
		check: regionProblems
	},
	partition: row("partition", optional(partitionName), "takes the name of a partition", ""),
	lengthBytes: row("length", optional(address), "takes a number of bytes, hex (0x6000) or decimal (24576)", ""),
	file: row("file", oneLine, "takes a path, relative to the workspace"),
	method: row("method", picklist(resetMethods), listed(resetMethods), "rts"),
	reset: row("reset", boolean, "takes true or false", "false"),
	send: row("send", lines, "takes lines of text", ""),
	listenMs: row("listen-timeout", duration(1), "takes seconds (60, 60s) or minutes (10m), at least 1 s, at most 24 h", "60"),
	skip: row("skip", words(picklist(boardStates)), `takes a list of ${boardStates.join(", ")}`, "")
};
// src/action/input-rows.ts
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
	if (!parsed.success) {
		problems.push({
			code: "input/invalid",
			name,
			text: `\`${name}\` is ${input.isSecret ? "not usable" : shown(text)}: it ${accepts}`
		});
		return;
	}
	for (const problem of input.check?.(text) ?? []) problems.push({
		code: "input/invalid",
		name,
		text: problem
	});
	return parsed.output;
}
function refuseProblems(problems) {
	if (problems.length === 0) return;
	const code = problems.every((problem) => problem.code === "input/required") ? "input/required" : "input/invalid";
	throw new FlashError(code, problems.map((problem) => problem.text).join("\n"), { inputs: problems.map((problem) => problem.name) });
}
/**
* Reads and checks the inputs called `keys`; `read` gives an input's text by its name in the workflow, "" where it is not
* set. Throws `input/required` or `input/invalid` with a line for each bad input and each of `further`.
*/
function readRows(keys, read, further = []) {
	const problems = [];
	const values = keys.map((key) => {
		const input = inputTable[key];
		return [key, readOne(input, read(input.name).trim(), problems)];
	});
	refuseProblems([...problems, ...further]);
	return Object.fromEntries(values);
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
	setMaxListeners(0, controller.signal);
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
	return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}\u2026` : text;
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
/** One line for each fact that an error carries; a list has a line for each of its items, and none if it is empty. */
function detailLines(details) {
	return Object.entries(details).flatMap(([name, value]) => {
		if (typeof value !== "object") return [`${name}: ${value.toString()}`];
		return value.length === 0 ? [] : [`${name}:`, ...value.map((item) => `  ${item}`)];
	});
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
// src/action/reporter.ts
const PHASE_TITLES = {
	connect: "Connect to the board",
	identify: "Identify the chip",
	stub: "Start the flasher stub",
	baud: "Choose the baud rate",
	compare: "Compare with what the flash holds",
	read: "Read",
	erase: "Erase",
	write: "Write",
	verify: "Verify",
	reset: "Reset the board"
};
const PERCENT_STEP$1 = 10;
const LINE_INTERVAL_MS = 1e3;
/** The text of each progress event that deserves a line: another tenth is done, or a second has passed. */
function progressLines(clock) {
	let lastPercent = 0;
	let lastLineMs = clock.nowMs();
	return (doneBytes, totalBytes) => {
		const percent = totalBytes === 0 ? 100 : Math.floor(doneBytes / totalBytes * 100);
		if (!(Math.floor(percent / PERCENT_STEP$1) > Math.floor(lastPercent / PERCENT_STEP$1)) && clock.nowMs() - lastLineMs < LINE_INTERVAL_MS) return void 0;
		lastPercent = percent;
		lastLineMs = clock.nowMs();
		return `${percent.toString().padStart(3)} %  ${formatCount(doneBytes)} of ${formatBytes(totalBytes)}`;
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
// src/action/step-frame.ts
/** Named one by one: the package as a whole would bring its HTTP client along, which takes 50 ms to load. */
const stepLog = {
	info,
	warning,
	debug,
	isDebug,
	startGroup,
	endGroup,
	error
};
/** Whatever broke while the step was being ended, the end itself is what happened. */
function whatHappened(thrown, signal) {
	const error = toFlashError(thrown);
	if (signal?.aborted !== true) return error;
	const reason = toFlashError(signal.reason);
	return error.code === reason.code ? error : reason;
}
/**
* Runs a step up to its end, good or bad: inputs, the work within its time and up to the runner's signals, then what there
* is to tell. A failure is annotated and sets the exit code. Never rejects.
*/
async function runFramed(step, host, clock) {
	const reporter = createReporter(stepLog, clock);
	let watch;
	let error;
	try {
		const inputs = step.readInputs((name) => getInput(name));
		watch = watchCancellation(host, clock, inputs.timeoutMs);
		const state = createStepState(saveState);
		await watch.waitFor(step.work(inputs, {
			host,
			clock,
			signal: watch.signal,
			time: watch,
			reporter,
			state
		}));
	} catch (thrown) {
		error = whatHappened(thrown, watch?.signal);
	}
	reporter.closeGroup();
	const failures = await step.publish(error).catch((thrown) => [toFlashError(thrown)]);
	for (const failure of failures) reportFailure(stepLog, failure);
	if (failures.length > 0) host.exitCode = 1;
	watch?.end();
	if (watch?.leftBehind() === true) host.exit(1);
}
/** Adds to the job summary. A page that cannot be shown changes nothing about the board: that is told, and no failure. */
async function writeSummary(markdown) {
	try {
		await summary.addRaw(markdown).write();
	} catch (thrown) {
		info(plainLine(`The job summary cannot be written: ${toFlashError(thrown).message}`));
	}
}
// src/image/digest.ts
/** SHA-256 of `bytes`: what follows an image's checksum. */
function sha256(bytes) {
	return createHash("sha256").update(bytes).digest();
}
/** MD5 of `bytes`: what closes a partition table. */
function md5(bytes) {
	return createHash("md5").update(bytes).digest();
}
// src/flash/desired.ts
const SECTOR_BYTES$1 = 4096;
/** Boards that get the same image share its padded form. */
const paddedForms = /* @__PURE__ */ new WeakMap();
/** The image, and FF up to the end of its last sector. */
function paddedBytes(bytes) {
	const rest = new Uint8Array(alignUp(bytes.length, SECTOR_BYTES$1) - bytes.length).fill(255);
	if (rest.length === 0) return bytes;
	const padded = paddedForms.get(bytes) ?? concatBytes(bytes, rest);
	paddedForms.set(bytes, padded);
	return padded;
}
function imageRange(image, padded) {
	const lengthBytes = padded ? alignUp(image.bytes.length, SECTOR_BYTES$1) : image.bytes.length;
	if (lengthBytes % 4096 === 0 && isBlank(image.bytes)) return {
		offset: image.offset,
		lengthBytes,
		image
	};
	return {
		offset: image.offset,
		lengthBytes,
		image,
		bytes: padded ? paddedBytes(image.bytes) : image.bytes
	};
}
function wholeFlash(images, flashSizeBytes) {
	const ranges = [];
	let at = 0;
	for (const image of images) {
		if (image.offset > at) ranges.push({
			offset: at,
			lengthBytes: image.offset - at
		});
		const range = imageRange(image, true);
		ranges.push(range);
		at = range.offset + range.lengthBytes;
	}
	if (at < flashSizeBytes) ranges.push({
		offset: at,
		lengthBytes: flashSizeBytes - at
	});
	return ranges;
}
/** What of a desired range is left beside the kept ones, each part with its own bytes. */
function without(range, keep) {
	return subtract(range, keep).map(({ offset, lengthBytes }) => {
		const from = offset - range.offset;
		const bytes = range.bytes?.subarray(from, from + lengthBytes);
		return {
			...range,
			offset,
			lengthBytes,
			...bytes === void 0 ? {} : { bytes }
		};
	});
}
/**
* Everything that the job decides about a flash of `flashSizeBytes`, by offset, without overlaps. With `erase: all`
* that is the whole flash but for what the job keeps; otherwise the images alone.
*/
function desiredRanges(job, flashSizeBytes) {
	const images = [...job.images].sort((a, b) => a.offset - b.offset);
	const ranges = job.erase === "all" ? wholeFlash(images, flashSizeBytes) : images.map((image) => imageRange(image, false));
	return job.keep.length === 0 ? ranges : ranges.flatMap((range) => without(range, job.keep));
}
/** The whole sectors that a range lies in. */
function sectorsOf(range) {
	const offset = range.offset - range.offset % SECTOR_BYTES$1;
	return {
		offset,
		lengthBytes: alignUp(range.offset + range.lengthBytes, SECTOR_BYTES$1) - offset
	};
}
function overlaps(a, b) {
	return a.offset < b.offset + b.lengthBytes && b.offset < a.offset + a.lengthBytes;
}
/** What of `range` lies in none of `others`. */
function subtract(range, others) {
	let left = [range];
	for (const other of others) {
		const otherEnd = other.offset + other.lengthBytes;
		left = left.flatMap((part) => {
			if (!overlaps(part, other)) return [part];
			const end = part.offset + part.lengthBytes;
			return [{
				offset: part.offset,
				lengthBytes: Math.max(0, other.offset - part.offset)
			}, {
				offset: otherEnd,
				lengthBytes: Math.max(0, end - otherEnd)
			}].filter((piece) => piece.lengthBytes > 0);
		});
	}
	return left;
}
// src/image/chip-memory.ts
/**
* By the header's `chip_id`. Files of every chip are told apart, also of those that cannot be flashed, so that a
* refusal can name the chip. Ranges: `IROM_MAP`, `DROM_MAP` and memory maps of npm esptool-js 0.7.0 `lib/targets`;
* where the chip shares one window between code and data, the whole window.
*/
const imageChips = {
	0: {
		label: "ESP32",
		flashMapped: [[1061158912, 1065353216], [1074593792, 1077936128]]
	},
	2: {
		label: "ESP32-S2",
		flashMapped: [[1056964608, 1061093376], [1074266112, 1085800448]]
	},
	5: {
		label: "ESP32-C3",
		flashMapped: [[1006632960, 1015021568], [1107296256, 1115684864]]
	},
	9: {
		label: "ESP32-S3",
		flashMapped: [[1006632960, 1040187392], [1107296256, 1140850688]]
	},
	12: {
		label: "ESP32-C2",
		flashMapped: [[1006632960, 1010827264], [1107296256, 1111490560]]
	},
	13: {
		label: "ESP32-C6",
		flashMapped: [[1107296256, 1124073472]]
	},
	16: {
		label: "ESP32-H2",
		flashMapped: [[1107296256, 1124073472]]
	},
	18: {
		label: "ESP32-P4",
		flashMapped: [[1073741824, 1275068416]]
	},
	20: {
		label: "ESP32-C61",
		flashMapped: [[1090519040, 1140850688]]
	},
	23: {
		label: "ESP32-C5",
		flashMapped: [[1107296256, 1140850688]]
	},
	25: {
		label: "ESP32-H21",
		flashMapped: [[1107296256, 1124073472]]
	},
	28: {
		label: "ESP32-H4",
		flashMapped: [[1107296256, 1140850688]]
	},
	31: {
		label: "ESP32-E22",
		flashMapped: [[1006632960, 1073741824]]
	},
	32: {
		label: "ESP32-S31",
		flashMapped: [[1073741824, 1409286144]]
	}
};
/** Whether a chip has this `chip_id`. */
function isKnownImageChip(chipId) {
	return chipId in imageChips;
}
/** `ESP32-C3`, or `chip id 77` for an id that nobody has seen; `ESP8266` for an image that has none. */
function imageChipLabel(chipId) {
	if (chipId === void 0) return "ESP8266";
	return imageChips[chipId]?.label ?? `chip id ${chipId}`;
}
/** Whether the MMU of this chip shows flash at `address`; never for an unknown chip. */
function isFlashMapped(chipId, address) {
	return (imageChips[chipId]?.flashMapped ?? []).some(([start, end]) => address >= start && address < end);
}
/**
* Whether an image with segments at these addresses needs the MMU, which only a bootloader sets up: then it is an app.
* For an unknown chip the answer is yes, as only a bootloader ever gets a default offset.
*/
function needsFlashMapping(chipId, addresses) {
	return !isKnownImageChip(chipId) || addresses.some((address) => isFlashMapped(chipId, address));
}
// src/image/crc32.ts
/** Reflected polynomial of IEEE 802.3. */
const POLYNOMIAL = 3988292384;
const table$1 = Uint32Array.from({ length: 256 }, (_, index) => {
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
	for (const byte of bytes) crc = crc >>> 8 ^ (table$1[(crc ^ byte) & 255] ?? 0);
	return ~crc >>> 0;
}
/** In both full revision fields: no limit. */
const REVISION_OPEN = 65535;
/** What every parser of this folder throws when `bytes` end too early. */
function truncated(message, details = {}) {
	return new FlashError("image/truncated", message, details);
}
function malformed(message, details = {}) {
	return new FlashError("image/malformed", message, details);
}
/** ESP32-C3: its old one-byte field counts minor revisions; every other chip's counts major ones (esptool `cmds.py`). */
const LEGACY_FIELD_IS_MINOR = [5];
function revisionLimits(bytes, offset, chipId) {
	const legacyField = bytes[offset + 14] ?? 0;
	const legacy = { min: LEGACY_FIELD_IS_MINOR.includes(chipId) ? legacyField : legacyField * 100 };
	const min = readUint16(bytes, offset + 15);
	const max = readUint16(bytes, offset + 17);
	if (max === 0) return legacy;
	if (max === REVISION_OPEN) return min === 0 ? legacy : { min };
	return {
		min,
		max
	};
}
/** Number of segments that the header at `offset` names. Throws image/malformed for one that no loader takes. */
function parseSegmentCount(bytes, offset) {
	const segmentCount = bytes[offset + 1] ?? 0;
	if (segmentCount < 1 || segmentCount > 16) throw malformed(`The image header claims ${segmentCount} segments; 1 to 16 are possible.`, { offset: hex32(offset + 1) });
	return segmentCount;
}
/** Reads the header at `offset`. Throws image/malformed or image/truncated. */
function parseHeader(bytes, offset = 0) {
	const magic = bytes[offset];
	const details = { offset: hex32(offset) };
	const here = `at ${hex32(offset)}`;
	if (magic === void 0) throw truncated(`There are no bytes ${here}, where an image should begin.`, details);
	if (magic !== 233) throw malformed(`An image begins with 0xe9, but ${here} is 0x${magic.toString(16).padStart(2, "0")}.`, details);
	if (bytes.length - offset < 24) throw truncated(`An image header has 24 bytes, but only ${bytes.length - offset} are there ${here}.`, details);
	const segmentCount = parseSegmentCount(bytes, offset);
	const digestFlag = bytes[offset + 23] ?? 0;
	if (digestFlag > 1) throw malformed(`The image header's digest flag is ${digestFlag}; only 0 and 1 have a meaning.`, { offset: hex32(offset + 23) });
	const chipId = readUint16(bytes, offset + 12);
	const { min, max } = revisionLimits(bytes, offset, chipId);
	return {
		segmentCount,
		flashModeByte: bytes[offset + 2] ?? 0,
		sizeFreqByte: bytes[offset + 3] ?? 0,
		entry: readUint32(bytes, offset + 4),
		chipId,
		minRevision: min,
		...max === void 0 ? {} : { maxRevision: max },
		hasDigest: digestFlag === 1
	};
}
/** ESP-IDF `esp_image_format.c`: longer segments, and lengths that are no multiple of 4, are refused. */
const MAX_SEGMENT_BYTES = 16777216;
const CHECKSUM_SEED = 239;
/** Reads the eight bytes at `at` in front of a segment's data. `index` counts from 0. Throws image/malformed. */
function parseSegmentHeader(bytes, at, index) {
	const address = readUint32(bytes, at);
	const lengthBytes = readUint32(bytes, at + 4);
	if (lengthBytes >= MAX_SEGMENT_BYTES || lengthBytes % 4 !== 0) throw malformed(`Segment ${index + 1} of the image claims ${formatBytes(lengthBytes)} for ${hex32(address)}: no boot loader takes that.`, {
		segment: index + 1,
		address: hex32(address),
		lengthBytes,
		offset: hex32(at)
	});
	return {
		address,
		lengthBytes
	};
}
/**
* Reads `count` segments of the image that begins at `start`, the first of them at `at`; `dataEnd` is where the last one
* ends. Both, like `at`, count from the first of `bytes`. Throws image/malformed or image/truncated.
*/
function parseSegments(bytes, place) {
	const segments = [];
	let { at } = place;
	for (let index = 0; index < place.count; index++) {
		const which = `Segment ${index + 1} of ${place.count}`;
		const dataAt = at + 8;
		if (dataAt > bytes.length) throw truncated(`${which} should begin at ${hex32(at)}, behind the end of the bytes.`, { offset: hex32(at) });
		const { address, lengthBytes } = parseSegmentHeader(bytes, at, index);
		at = dataAt + lengthBytes;
		if (at > bytes.length) throw truncated(`${which}, at ${hex32(dataAt)}, has ${formatBytes(lengthBytes)}, but only ${formatBytes(bytes.length - dataAt)} of them are there.`, {
			segment: index + 1,
			lengthBytes,
			presentBytes: bytes.length - dataAt,
			offset: hex32(dataAt)
		});
		segments.push({
			address,
			offset: dataAt - place.start,
			lengthBytes
		});
	}
	return {
		segments,
		dataEnd: at
	};
}
/** The data of a segment of `image`, which begins with the image's first byte. */
function segmentBytes(image, segment) {
	return image.subarray(segment.offset, segment.offset + segment.lengthBytes);
}
/** Where the checksum byte lies behind data that end at `dataEnd`: it is the last byte of a 16-byte line. */
function checksumOffset(dataEnd) {
	return alignDown(dataEnd, 16) + 15;
}
/** Length of an image whose segments end at `dataEnd`, with checksum and digest. */
function imageLength(dataEnd, hasDigest) {
	return checksumOffset(dataEnd) + 1 + (hasDigest ? 32 : 0);
}
/** XOR of all segment bytes over the seed EF, as the ROM computes it. Each length must be a multiple of 4. */
function segmentChecksum(parts) {
	let folded = 0;
	for (const part of parts) {
		const view = new DataView(part.buffer, part.byteOffset, part.byteLength);
		for (let at = 0; at < part.length; at += 4) folded ^= view.getUint32(at, true);
	}
	return CHECKSUM_SEED ^ folded & 255 ^ folded >>> 8 & 255 ^ folded >>> 16 & 255 ^ folded >>> 24;
}
/**
* Compares the checksum byte at `at` of `image` with that of `segments`; `start` is where the image begins in its file.
* Throws image/checksum, or image/truncated where there is no such byte.
*/
function checkChecksum(image, segments, place) {
	const stored = image[place.at];
	const offset = hex32(place.start + place.at);
	if (stored === void 0) throw truncated(`The image ends before its checksum at ${offset}.`, { offset });
	const computed = segmentChecksum(segments.map((segment) => segmentBytes(image, segment)));
	if (computed === stored) return;
	const byte = (value) => `0x${value.toString(16).padStart(2, "0")}`;
	throw new FlashError("image/checksum", `The image says that its checksum is ${byte(stored)} (at ${offset}), but its segments give ${byte(computed)}.`, {
		stored,
		computed,
		offset
	});
}
/** Where the flash's mapping shows it, for the segment of version 2 and the second file of version 1. */
const ESP8266_IROM = {
	start: 1075838976,
	end: 1076887552
};
/** What version 2 has in place of its mapped code's address: that depends on where the file is flashed. */
const MAPPED_ADDRESS = 0;
const CRC_BYTES = 4;
/** Where segments of a version 1 image go: data RAM; code RAM with the part that is cache later on. */
const RAM = [[1073643520, 1073741824], [1074790400, 1074855936]];
/**
* Whether the bytes at `offset` begin as an image of the ESP8266. Version 1 has its first segment at byte 8, with an
* address in RAM; there the later chips have pin and drive settings, which would have to be absurd to look like one.
*/
function isEsp8266Image(bytes, offset = 0) {
	if (bytes.length - offset < 16) return false;
	const address = readUint32(bytes, offset + 8);
	if (bytes[offset] === 233) return RAM.some(([start, end]) => address >= start && address < end);
	return bytes[offset] === 234 && bytes[offset + 1] === 4 && address === MAPPED_ADDRESS;
}
/** CRC-32 as Espressif's boot loader reckons it: of the usual one, the absolute value as a signed word. */
function esp8266BootCrc(bytes) {
	const crc = crc32(bytes);
	return crc >= 2147483648 ? ~crc >>> 0 : crc + 1;
}
function flashBytes(bytes, at) {
	return {
		flashModeByte: bytes[at + 2] ?? 0,
		sizeFreqByte: bytes[at + 3] ?? 0
	};
}
/** Reads the CRC behind a version 2 image; builds for other boot loaders have none. Gives its length. */
function checkCrc(image, at, start) {
	const field = image.subarray(at, at + CRC_BYTES);
	if (field.length < CRC_BYTES || isBlank(field)) return 0;
	const stored = readUint32(field, 0);
	const computed = esp8266BootCrc(image.subarray(0, at));
	if (stored === computed) return CRC_BYTES;
	const offset = hex32(start + at);
	throw new FlashError("image/checksum", `The image says that its CRC is ${hex32(stored)} (at ${offset}), but its bytes give ${hex32(computed)}.`, {
		stored: hex32(stored),
		computed: hex32(computed),
		offset
	});
}
/**
* Reads and checks the ESP8266 image that begins at `offset`. Version 1, which the ROM starts, counts as a bootloader;
* version 2 as an app. Throws image/malformed, image/truncated or image/checksum.
*/
function parseEsp8266Image(bytes, offset) {
	const isV2 = bytes[offset] === 234;
	const mappedAt = offset + 8;
	const mapped = isV2 ? parseSegments(bytes, {
		start: offset,
		at: mappedAt,
		count: 1
	}) : void 0;
	const headerAt = mapped?.dataEnd ?? offset;
	if (bytes[headerAt] !== 233 || headerAt + 8 > bytes.length) throw malformed(`Behind its mapped code, at ${hex32(headerAt)}, the image should go on with a header (0xe9).`, { offset: hex32(headerAt) });
	const count = parseSegmentCount(bytes, headerAt);
	const ram = parseSegments(bytes, {
		start: offset,
		at: headerAt + 8,
		count
	});
	const image = bytes.subarray(offset);
	const checksumAt = checksumOffset(ram.dataEnd - offset);
	checkChecksum(image, ram.segments, {
		at: checksumAt,
		start: offset
	});
	return {
		kind: isV2 ? "app" : "bootloader",
		...flashBytes(bytes, headerAt),
		entry: readUint32(bytes, headerAt + 4),
		minRevision: 0,
		segments: [...mapped?.segments ?? [], ...ram.segments],
		lengthBytes: checksumAt + 1 + (isV2 ? checkCrc(image, checksumAt + 1, offset) : 0)
	};
}
// src/image/app-description.ts
const APP_DESCRIPTION_MAGIC = 2882360370;
/** Binary logarithm of the MMU's page size, since ESP-IDF 5.4; zero before. */
const MMU_PAGE_SIZE_AT = 180;
/** A C string in a field of `lengthBytes`. */
function textAt$1(bytes, offset, lengthBytes) {
	const field = bytes.subarray(offset, offset + lengthBytes);
	const end = field.indexOf(0);
	return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString("utf8");
}
function textField(text, lengthBytes) {
	const field = new Uint8Array(lengthBytes);
	field.set(Buffer.from(text, "utf8").subarray(0, lengthBytes - 1));
	return field;
}
/** The description at the start of a segment's data, or `undefined` if there is none. */
function parseAppDescription(segment) {
	if (segment.length < 256 || readUint32(segment, 0) !== APP_DESCRIPTION_MAGIC) return void 0;
	return {
		version: textAt$1(segment, 16, 32),
		project: textAt$1(segment, 48, 32),
		compileTime: textAt$1(segment, 80, 16),
		compileDate: textAt$1(segment, 96, 16),
		idfVersion: textAt$1(segment, 112, 32),
		elfSha256: toHex(segment.subarray(144, 176))
	};
}
/** Bytes of an MMU page as a description states them, or `undefined` where it does not. */
function mmuPageBytesOf(description) {
	const logarithm = description[MMU_PAGE_SIZE_AT] ?? 0;
	return logarithm === 0 ? void 0 : 2 ** logarithm;
}
/** The 256 bytes of a description. Texts that are too long for their field are cut. */
function buildAppDescription(app) {
	const described = concatBytes(words$1(APP_DESCRIPTION_MAGIC, 0, 0, 0), textField(app.version, 32), textField(app.project, 32), textField(app.compileTime, 16), textField(app.compileDate, 16), textField(app.idfVersion, 32), Buffer.from(app.elfSha256, "hex"));
	return concatBytes(described, new Uint8Array(256 - described.length));
}
// src/image/bootloader-description.ts
const BOOTLOADER_DESCRIPTION_MAGIC = 80;
const BOOTLOADER_DESCRIPTION_BYTES = 80;
/** The description at the start of a bootloader's first segment, or `undefined` if there is none. */
function parseBootloaderDescription(segment) {
	if (segment.length < BOOTLOADER_DESCRIPTION_BYTES || segment[0] !== BOOTLOADER_DESCRIPTION_MAGIC) return void 0;
	const idfVersion = textAt$1(segment, 8, 32);
	if (!/^[\x20-\x7e]+$/.test(idfVersion)) return void 0;
	return {
		version: readUint32(segment, 4),
		idfVersion,
		compileTime: textAt$1(segment, 40, 24)
	};
}
// src/image/parse.ts
const addressesOf = (segments) => segments.map((segment) => segment.address);
function checkDigest(image, at, start) {
	const stored = toHex(image.subarray(at, at + 32));
	const offset = hex32(start + at);
	if (stored.length < 64) throw truncated(`The image ends before its SHA-256 at ${offset} is complete.`, { offset });
	const computed = toHex(sha256(image.subarray(0, at)));
	if (computed !== stored) throw new FlashError("image/digest", `The image says that its SHA-256 is ${stored} (at ${offset}), but its bytes give ${computed}.`, {
		stored,
		computed,
		offset
	});
	return stored;
}
/**
* Reads and checks the image that begins at `offset`; what follows it is ignored. Throws image/malformed,
* image/truncated, image/checksum or image/digest.
*/
function parseImage(bytes, offset = 0) {
	if (isEsp8266Image(bytes, offset)) return parseEsp8266Image(bytes, offset);
	const { segmentCount, hasDigest, ...header } = parseHeader(bytes, offset);
	const { segments, dataEnd } = parseSegments(bytes, {
		start: offset,
		at: offset + 24,
		count: segmentCount
	});
	const image = bytes.subarray(offset);
	const checksumAt = checksumOffset(dataEnd - offset);
	checkChecksum(image, segments, {
		at: checksumAt,
		start: offset
	});
	const digest = hasDigest ? checkDigest(image, checksumAt + 1, offset) : void 0;
	const first = segments[0] === void 0 ? /* @__PURE__ */ new Uint8Array(0) : segmentBytes(image, segments[0]);
	const app = parseAppDescription(first);
	const isApp = app !== void 0 || needsFlashMapping(header.chipId, addressesOf(segments));
	const bootloader = isApp ? void 0 : parseBootloaderDescription(first);
	return {
		kind: isApp ? "app" : "bootloader",
		...header,
		segments,
		lengthBytes: imageLength(dataEnd - offset, hasDigest),
		...digest === void 0 ? {} : { digest },
		...app === void 0 ? {} : { app },
		...bootloader === void 0 ? {} : { bootloader }
	};
}
// src/image/partition-table.ts
/** Where the table lies unless a project moved it (CONFIG_PARTITION_TABLE_OFFSET). */
const PARTITION_TABLE_OFFSET = 32768;
const PARTITION_TABLE_BYTES = 3072;
const ROW_MAGIC = [170, 80];
const MD5_ROW_MAGIC = [235, 235];
const MD5_AT = 16;
const NAME_BYTES = 16;
/** One row is the MD5's. */
const MAX_PARTITIONS = PARTITION_TABLE_BYTES / 32 - 1;
const APP_TYPE = 0;
/** Whether the second-stage bootloader looks for an app in it (factory, OTA slots, test). */
function isAppPartition(partition) {
	return partition.type === APP_TYPE;
}
/** Whether `bytes` begin as a partition table does; more is not checked. */
function looksLikePartitionTable(bytes, offset = 0) {
	return hasMagic(bytes.subarray(offset), ROW_MAGIC);
}
function hasMagic(row, magic) {
	return magic.every((byte, index) => row[index] === byte);
}
function parseRow(row) {
	const name = row.subarray(12, 28);
	const end = name.indexOf(0);
	return {
		name: Buffer.from(end < 0 ? name : name.subarray(0, end)).toString("utf8"),
		type: row[2] ?? 0,
		subtype: row[3] ?? 0,
		offset: readUint32(row, 4),
		lengthBytes: readUint32(row, 8),
		flags: readUint32(row, 28)
	};
}
function checkMd5(rows, md5Row, at) {
	const stored = toHex(md5Row.subarray(MD5_AT));
	const computed = toHex(md5(rows));
	if (stored !== computed) throw new FlashError("image/checksum", `The partition table says that its MD5 is ${stored} (at ${hex32(at)}), but its rows give ${computed}.`, {
		stored,
		computed,
		offset: hex32(at)
	});
}
/**
* Reads the partition table at `offset`; it ends with an FF row, with 0xC00 bytes or with `bytes`. Throws
* image/malformed, image/truncated, or image/checksum for a wrong MD5.
*/
function parsePartitionTable(bytes, offset = 0) {
	const table = bytes.subarray(offset, offset + PARTITION_TABLE_BYTES);
	const partitions = [];
	let closed = false;
	for (let at = 0; at < table.length; at += 32) {
		const row = table.subarray(at, at + 32);
		if (isBlank(row)) break;
		const place = hex32(offset + at);
		const details = { offset: place };
		if (row.length < 32) throw truncated(`The partition table ends within its row at ${place}.`, details);
		if (closed) throw malformed(`The partition table goes on behind its MD5, at ${place}.`, details);
		if (hasMagic(row, MD5_ROW_MAGIC)) {
			checkMd5(table.subarray(0, at), row, offset + at);
			closed = true;
		} else if (hasMagic(row, ROW_MAGIC)) partitions.push(parseRow(row));
		else throw malformed(`The partition table has a row at ${place} that is neither a partition, nor its MD5, nor blank.`, details);
	}
	if (partitions.length === 0) throw malformed(`Where a partition table should be, at ${hex32(offset)}, there is no partition.`, { offset: hex32(offset) });
	return partitions;
}
function buildRow(partition) {
	const name = new Uint8Array(NAME_BYTES);
	const text = Buffer.from(partition.name, "utf8");
	if (text.length > NAME_BYTES) throw malformed(`The partition name "${partition.name}" has more than ${NAME_BYTES} bytes.`);
	name.set(text);
	return concatBytes(Uint8Array.of(...ROW_MAGIC, partition.type, partition.subtype), words$1(partition.offset, partition.lengthBytes), name, words$1(partition.flags));
}
/** The 0xC00 bytes of a table with its MD5. Throws image/malformed for too many rows or too long a name. */
function buildPartitionTable(partitions) {
	if (partitions.length > MAX_PARTITIONS) throw malformed(`A partition table holds ${MAX_PARTITIONS} partitions, not ${partitions.length}.`);
	const rows = concatBytes(...partitions.map(buildRow));
	const md5Row = (/* @__PURE__ */ new Uint8Array(32)).fill(255);
	md5Row.set(MD5_ROW_MAGIC);
	md5Row.set(md5(rows), MD5_AT);
	const table = new Uint8Array(PARTITION_TABLE_BYTES).fill(255);
	table.set(rows);
	table.set(md5Row, rows.length);
	return table;
}
// src/image/inspect.ts
/** Where bootloaders lie: ESP32, S2 \u00b7 C5, H4, P4, S31 \u00b7 the others (esptool `targets/*.py` BOOTLOADER_FLASH_OFFSET). */
const BOOTLOADER_OFFSETS = [
	4096,
	8192,
	0
];
const data = {
	kind: "data",
	imageOffset: 0,
	apps: []
};
/** What `parse` gives, or `undefined` where it finds the bytes wanting. */
function attempt(parse) {
	try {
		return parse();
	} catch (error) {
		if (hasCode(error, "image/malformed", "image/truncated", "image/checksum", "image/digest")) return void 0;
		throw error;
	}
}
const readIfWhole = (bytes, offset) => attempt(() => parseImage(bytes, offset));
function tableAt(bytes, offset) {
	return looksLikePartitionTable(bytes, offset) ? attempt(() => parsePartitionTable(bytes, offset)) : void 0;
}
function merged(bytes, found, readImage) {
	const apps = found.table.filter(isAppPartition).flatMap((partition) => {
		const offset = partition.offset - found.flashStart;
		const image = offset >= 0 && bytes[offset] === 233 ? readImage(bytes, offset) : void 0;
		return image === void 0 ? [] : [{
			partition: partition.name,
			offset,
			image
		}];
	});
	return {
		kind: "merged",
		...found,
		apps
	};
}
function inspectFromImage(bytes, readImage) {
	const image = readImage(bytes, 0);
	if (image === void 0) return data;
	if (image.kind === "app") return {
		kind: "app",
		image,
		imageOffset: 0,
		apps: []
	};
	if (image.chipId === void 0) return {
		kind: "bootloader",
		image,
		imageOffset: 0,
		apps: []
	};
	for (const flashStart of BOOTLOADER_OFFSETS) {
		const table = tableAt(bytes, PARTITION_TABLE_OFFSET - flashStart);
		if (table !== void 0) return merged(bytes, {
			image,
			imageOffset: 0,
			flashStart,
			table
		}, readImage);
	}
	return {
		kind: "bootloader",
		image,
		imageOffset: 0,
		apps: []
	};
}
/** A dump or a merge that begins at flash address 0 while the bootloader lies further on. */
function inspectFromFlashStart(bytes, readImage) {
	const table = tableAt(bytes, PARTITION_TABLE_OFFSET);
	const candidates = BOOTLOADER_OFFSETS.filter((offset) => offset > 0 && bytes[offset] === 233);
	const imageOffset = candidates.find((offset) => readIfWhole(bytes, offset) !== void 0) ?? candidates[0];
	if (table === void 0 || imageOffset === void 0) return data;
	const image = readImage(bytes, imageOffset);
	if (image?.kind !== "bootloader") return data;
	return merged(bytes, {
		image,
		imageOffset,
		flashStart: 0,
		table
	}, readImage);
}
/**
* Says what a firmware file is. Throws image/\u2026 for a file that begins as an image or a table, or has bootloader and
* table, but is damaged. Bytes of another kind, such as a file system, may begin alike: for those use `tryInspect`.
*/
function inspectFirmware(bytes) {
	if (looksLikePartitionTable(bytes)) parsePartitionTable(bytes);
	return inspect(bytes, parseImage);
}
/** As `inspectFirmware`, but never throws: a damaged image or table is `data`, or no app of a merged file. */
function tryInspect(bytes) {
	return inspect(bytes, readIfWhole);
}
/**
* Whether the first 32 bytes can hardly be anything but the beginning of an image: magic, header, a known chip and a
* plausible first segment. What then does not parse is a damaged image and no file system.
*/
function beginsAsImage(bytes) {
	if (bytes.length < 32) return false;
	if (isEsp8266Image(bytes)) return attempt(() => parseSegmentHeader(bytes, 8, 0)) !== void 0;
	const chipId = attempt(() => {
		parseSegmentHeader(bytes, 24, 0);
		return parseHeader(bytes).chipId;
	});
	return chipId !== void 0 && isKnownImageChip(chipId);
}
function inspect(bytes, readImage) {
	if (bytes[0] === 233 || isEsp8266Image(bytes)) return inspectFromImage(bytes, readImage);
	const table = tableAt(bytes, 0);
	if (table === void 0) return inspectFromFlashStart(bytes, readImage);
	return isBlank(bytes.subarray(3072)) ? {
		kind: "partition-table",
		imageOffset: 0,
		table,
		apps: []
	} : data;
}
function noOffset(message) {
	return new FlashError("plan/no-offset", message);
}
function bootloaderOffset(content, image, chip) {
	if (image.chipId !== chip.imageChipId) throw new FlashError("chip/image-mismatch", `The firmware was built for ${imageChipLabel(image.chipId)}, not for ${chip.label}.`, {
		imageChip: imageChipLabel(image.chipId),
		chip: chip.label
	});
	const offset = chip.bootloaderOffset - content.imageOffset;
	if (content.flashStart !== void 0 && content.flashStart !== offset) {
		const wanted = content.flashStart + content.imageOffset;
		throw noOffset(`The firmware's partition table fits a bootloader at ${hex32(wanted)}, but ${chip.label} starts the one at ${hex32(chip.bootloaderOffset)}: was it merged for another chip?`);
	}
	return offset;
}
/**
* The offset of firmware that proves where it belongs on `chip`: a bootloader, or a merged file. Throws plan/no-offset
* for everything else, and chip/image-mismatch for a bootloader of another chip.
*/
function defaultOffset(content, chip) {
	if (content.kind === "app" && content.image?.chipId === void 0) throw noOffset("The firmware is an ESP8266 app for a boot loader. Usual: 0x1000, and 0x81000 for the second slot.");
	if (content.kind === "app") throw noOffset("The firmware is an app, and where it goes depends on the board's partition table. Usual: 0x10000 (factory, or the first OTA slot), 0x20000 (with a larger NVS), and the later OTA slots of the table.");
	if (content.kind === "partition-table") throw noOffset("The firmware is a partition table. Unless the project moved it, it goes to 0x8000.");
	if (content.image === void 0) throw noOffset("The firmware is neither a bootloader nor a merged image, so nothing tells where it belongs.");
	return bootloaderOffset(content, content.image, chip);
}
// src/flash/content.ts
const known = /* @__PURE__ */ new WeakMap();
/** What a file is; damaged images count as data. Each file is looked at once, as hashing megabytes takes a while. */
function contentOf(file) {
	const content = known.get(file.bytes) ?? tryInspect(file.bytes);
	known.set(file.bytes, content);
	return content;
}
// src/flash/damage.ts
/** Where an image header says that a SHA-256 follows the image. */
const DIGEST_FLAG_AT = 23;
/** Whether the image is followed by the digest that it would have, if its header said so. */
function lostItsDigest(bytes, offset, image) {
	if (image.digest !== void 0 || image.chipId === void 0) return false;
	const end = offset + image.lengthBytes;
	const flagged = bytes.slice(offset, end);
	flagged[DIGEST_FLAG_AT] = 1;
	return Buffer.compare(sha256(flagged), bytes.subarray(end, end + 32)) === 0;
}
/**
* Refuses (image/\u2026) a file that is plainly a damaged image, whatever the job allows and a lenient ROM would start. Bytes
* that only happen to begin with E9 are data.
*/
function checkUndamaged(file) {
	if (beginsAsImage(file.bytes)) inspectFirmware(file.bytes);
	const { image, imageOffset, apps } = contentOf(file);
	if (![...image === void 0 ? [] : [{
		offset: imageOffset,
		image
	}], ...apps].some((part) => lostItsDigest(file.bytes, part.offset, part.image))) return;
	throw new FlashError("image/digest", `${file.name} has the right SHA-256 behind an image whose header says that there is none: the header is damaged.`, { image: file.name });
}
// src/flash/refuse.ts
/** Stops the job with the guard's own error, unless the job allows it by name. */
function refuse(job, guard, message, details = {}) {
	if (!job.allow.has(guard)) throw new FlashError(guards[guard], message, {
		...details,
		allow: guard
	});
}
// src/flash/guards.ts
/** The flash that an image of the job takes. */
function rangeOf(image) {
	return {
		offset: image.offset,
		lengthBytes: image.bytes.length
	};
}
/** Flash that the largest known chip can address: nothing can lie beyond it, whichever board it is. */
const LARGEST_FLASH_BYTES = Math.max(...Object.values(chips).map((chip) => chip.maxFlashBytes));
const revisionText = (revision) => `v${Math.floor(revision / 100)}.${revision % 100}`;
/** How much flash the loader reaches: a ROM 16 MiB, the stubs of some chips more (esptool `__init__.py` at v5.3.1). */
function addressableBytes(chip, loader) {
	return loader === "rom" ? Math.min(chip.maxFlashBytes, ROM_MAX_FLASH_BYTES) : chip.maxFlashBytes;
}
function checkEnd(job, image, known) {
	const { chip, flashSizeBytes } = known;
	const end = image.offset + image.bytes.length;
	const which = `${image.name} (${formatBytes(image.bytes.length)} at ${hex32(image.offset)})`;
	const details = {
		image: image.name,
		offset: hex32(image.offset),
		lengthBytes: image.bytes.length
	};
	const flashBytes = flashSizeBytes ?? LARGEST_FLASH_BYTES;
	if (image.offset < 0 || end > flashBytes) refuse(job, "out-of-range", `${which} does not fit a flash of ${formatBytes(flashBytes)}.`, {
		...details,
		flashBytes
	});
	if (chip === void 0) return;
	const loader = known.loader ?? (job.stub && chip.loadStub !== void 0 ? "stub" : "rom");
	const reachBytes = addressableBytes(chip, loader);
	if (end <= reachBytes) return;
	const who = loader === "stub" ? "stub" : "ROM loader";
	refuse(job, "above-16mib", `${which} reaches above ${formatBytes(reachBytes)}, the most that the ${who} of ${chip.label} can address.`, {
		...details,
		reachBytes
	});
}
function checkPlacement(job, known) {
	const { images } = job;
	for (const image of images) {
		checkEnd(job, image, known);
		if (image.offset % 4096 === 0) continue;
		const message = `${image.name} shall go to ${hex32(image.offset)}, which is not the start of a 4096-byte sector.`;
		throw new FlashError("plan/alignment", message, {
			image: image.name,
			offset: hex32(image.offset)
		});
	}
	images.forEach((image, index) => {
		const other = images.slice(0, index).find((placed) => overlaps(sectorsOf(rangeOf(placed)), sectorsOf(rangeOf(image))));
		if (other === void 0) return;
		const span = (of) => `${of.name} (${hex32(of.offset)} to ${hex32(of.offset + of.bytes.length)})`;
		refuse(job, "overlap", `${span(other)} and ${span(image)} share flash sectors.`, { images: [other.name, image.name] });
	});
}
function checkChip(job, name, image, chip) {
	if (image.chipId === chip.imageChipId) return;
	const builtFor = imageChipLabel(image.chipId);
	refuse(job, "image-mismatch", `${name} was built for ${builtFor}, not for ${chip.label}.`, {
		image: name,
		builtFor,
		chip: chip.label
	});
}
function checkRevision(job, name, image, revision) {
	const { minRevision, maxRevision } = image;
	if (revision >= minRevision && revision <= (maxRevision ?? revision)) return;
	const wanted = revision < minRevision ? `${revisionText(minRevision)} or later` : `${revisionText(maxRevision ?? 0)} or earlier`;
	const found = revisionText(revision);
	refuse(job, "chip-revision", `${name} needs a chip of revision ${wanted}; this one is ${found}.`, {
		image: name,
		revision: found
	});
}
/** The ROM starts a bootloader from one place only; anywhere else it is a slip of the offset. */
function checkBootloaderPlace(job, image, content, chip) {
	if (content.image?.kind !== "bootloader") return;
	const place = image.offset + content.imageOffset;
	if (place === chip.bootloaderOffset) return;
	const offset = chip.bootloaderOffset - content.imageOffset;
	const remedy = offset < 0 ? "" : ` Its offset would be ${hex32(offset)}.`;
	refuse(job, "bootloader-offset", `${image.name} has its bootloader at ${hex32(place)}, but ${chip.label} starts the one at ${hex32(chip.bootloaderOffset)}.${remedy}`, {
		image: image.name,
		place: hex32(place),
		bootloaderOffset: hex32(chip.bootloaderOffset)
	});
}
/**
* Everything about the job's images that needs no look into the flash: plan/alignment, plan/out-of-range,
* plan/above-16mib, plan/overlap, image/\u2026 for what is plainly a damaged image, chip/image-mismatch, chip/revision, and
* plan/bootloader-offset. What `known` leaves out is not checked; the job's allowances are respected.
*/
function checkImages(job, known) {
	checkPlacement(job, known);
	const { chip, revision } = known;
	for (const image of [...job.images, ...job.unplaced]) {
		checkUndamaged(image);
		if (chip === void 0) continue;
		const content = contentOf(image);
		const parts = [content.image, ...content.apps.map((app) => app.image)].filter((part) => part !== void 0);
		for (const part of parts) {
			checkChip(job, image.name, part, chip);
			if (revision !== void 0) checkRevision(job, image.name, part, revision);
		}
		if ("offset" in image) checkBootloaderPlace(job, image, content, chip);
	}
}
// src/image/patch.ts
const MODE_AT = 2;
const SIZE_FREQ_AT = 3;
const SECTOR_BYTES = 4096;
/** Secure Boot V2: first byte of a signature block, and the versions for RSA and ECDSA (esptool v5.3.1 `espsecure`). */
const SIGNATURE_MAGIC = 231;
const SIGNATURE_VERSIONS = [2, 3];
/** Secure Boot V1: a version word of zero and the signature (ESP-IDF v5.3 `esp_secure_boot.h`). */
const V1_VERSION_BYTES = 4;
const V1_SIGNATURE_BYTES = 64;
/** Secure Boot V1, in front of the bootloader: random bytes and digest (ESP-IDF v5.3 `esp_secure_boot.h`). */
const V1_DIGEST_BYTES = 192;
/** Whether all bytes are alike, as padding is; no bytes are. */
const isPadding = (bytes) => bytes.every((byte) => byte === bytes[0]);
function hasV2Signature(bytes, imageEnd) {
	const at = alignUp(imageEnd, SECTOR_BYTES);
	return bytes[at] === SIGNATURE_MAGIC && SIGNATURE_VERSIONS.includes(bytes[at + 1]);
}
function hasV1Signature(bytes, imageEnd) {
	const version = bytes.subarray(imageEnd, imageEnd + V1_VERSION_BYTES);
	const signature = bytes.subarray(imageEnd + V1_VERSION_BYTES, imageEnd + V1_VERSION_BYTES + V1_SIGNATURE_BYTES);
	return signature.length === V1_SIGNATURE_BYTES && version.every((byte) => byte === 0) && !isPadding(signature);
}
/** Whether Secure Boot would refuse the image at `imageOffset` if a byte of it were changed. ESP8266 has no such thing. */
function isSigned(bytes, imageOffset, image) {
	if (image.chipId === void 0) return false;
	const place = bytes.subarray(imageOffset);
	const before = bytes.subarray(0, Math.min(imageOffset, V1_DIGEST_BYTES));
	return hasV2Signature(place, image.lengthBytes) || hasV1Signature(place, image.lengthBytes) || !isPadding(before);
}
/**
* A copy of `bytes` in which the image at `imageOffset` has other flash settings and, where it has a digest, one that
* fits. The checksum covers segments only and stays. Where nothing changes, `bytes` itself. Throws image/signed for a
* signed image, chip/unsupported for a version 2 image of the ESP8266, and image/\u2026 for one that is damaged.
*/
function patchFlashSettings(bytes, imageOffset, settings) {
	const image = parseImage(bytes, imageOffset);
	const mode = settings.flashModeByte ?? image.flashModeByte;
	const sizeFreq = (settings.sizeCode ?? image.sizeFreqByte & 240) | (settings.frequencyCode ?? image.sizeFreqByte & 15);
	if (mode === image.flashModeByte && sizeFreq === image.sizeFreqByte) return bytes;
	const details = { offset: hex32(imageOffset) };
	if (image.chipId === void 0 && image.kind === "app") throw new FlashError("chip/unsupported", "An ESP8266 image of version 2 takes its flash settings from the boot loader in front of it.", details);
	if (isSigned(bytes, imageOffset, image)) throw new FlashError("image/signed", `The image at ${hex32(imageOffset)} of the file is signed: other flash settings would break its signature.`, details);
	const patched = new Uint8Array(bytes);
	patched[imageOffset + MODE_AT] = mode;
	patched[imageOffset + SIZE_FREQ_AT] = sizeFreq;
	if (image.digest !== void 0) {
		const digestAt = imageOffset + image.lengthBytes - 32;
		patched.set(sha256(patched.subarray(imageOffset, digestAt)), digestAt);
	}
	return patched;
}
// src/flash/header-settings.ts
/** Bytes of flash that byte 3 of an image header declares; `undefined` for a code that the chip does not have. */
function declaredFlashBytes(chip, sizeFreqByte) {
	const name = Object.entries(chip.flashSizeCodes).find(([, code]) => code === (sizeFreqByte & 240))?.[0];
	return name === void 0 ? void 0 : flashSizeFromName(name);
}
/**
* The images with the job's flash settings in the header of the bootloader: the ROM takes them from there, and the
* bootloader hands them on. Throws chip/unsupported for a setting that the chip does not have, and image/signed.
*/
function applySettings(images, words, board) {
	const settings = flashSettingsFrom(words, board.chip, board.flashSizeBytes);
	return images.map((image) => {
		const { image: bootloader, imageOffset } = contentOf(image);
		if (bootloader === void 0 || image.offset + imageOffset !== board.chip.bootloaderOffset) return image;
		const bytes = patchFlashSettings(image.bytes, imageOffset, settings);
		return bytes === image.bytes ? image : {
			...image,
			bytes,
			sha256: toHex(sha256(bytes))
		};
	});
}
// src/flash/job-table.ts
function tableOf(image) {
	const { table, flashStart } = contentOf(image);
	if (table === void 0) return void 0;
	const at = flashStart === void 0 ? 0 : PARTITION_TABLE_OFFSET - flashStart;
	return {
		image: image.name,
		offset: image.offset + at,
		partitions: table
	};
}
const rowText = ({ name, type, subtype, offset, lengthBytes, flags }) => JSON.stringify([
	name,
	type,
	subtype,
	offset,
	lengthBytes,
	flags
]);
function sameTable(a, b) {
	return a.offset === b.offset && a.partitions.map(rowText).join() === b.partitions.map(rowText).join();
}
/** The partition table of the job's images, if they bring one. `plan/contradiction` where two of them differ. */
function tableOfJob(images) {
	const [first, ...others] = images.map(tableOf).filter((table) => table !== void 0);
	const other = others.find((table) => first !== void 0 && !sameTable(first, table));
	if (first !== void 0 && other !== void 0) throw new FlashError("plan/contradiction", `${first.image} and ${other.image} bring different partition tables (at ${hex32(first.offset)} and ${hex32(other.offset)}).`, { images: [first.image, other.image] });
	return first;
}
// src/flash/layout.ts
/** Bootloader and table as rows of the table (ESP-IDF v5.4 `esp_partition.h`): they may lie where they lie. */
const SELF_DESCRIBING_TYPES = [2, 3];
const span = ({ offset, lengthBytes }) => `${hex32(offset)} to ${hex32(offset + lengthBytes)}`;
function checkTableOverlap(job, partitions, tableOffset) {
	const rows = partitions.filter(({ type }) => !SELF_DESCRIBING_TYPES.includes(type));
	const tableEnd = tableOffset + SECTOR_BYTES$1;
	rows.forEach((row, index) => {
		if (row.offset < tableEnd) refuse(job, "table-overlap", `The partition ${row.name} (${span(row)}) begins before the end of the partition table at ${hex32(tableEnd)}.`, { partitions: [row.name] });
		const other = rows.slice(0, index).find((earlier) => overlaps(earlier, row));
		if (other === void 0) return;
		refuse(job, "table-overlap", `The partitions ${other.name} (${span(other)}) and ${row.name} (${span(row)}) overlap.`, { partitions: [other.name, row.name] });
	});
}
function checkTableEnd(job, partitions, layout) {
	const flashBytes = Math.min(layout.flashSizeBytes ?? 1e400, layout.declared?.flashBytes ?? 1e400);
	const beyond = partitions.find((row) => row.offset + row.lengthBytes > flashBytes);
	if (beyond === void 0) return;
	const whose = flashBytes === layout.flashSizeBytes ? "the board has" : "the bootloader declares";
	refuse(job, "table-beyond-flash", `The partition ${beyond.name} (${span(beyond)}) reaches beyond the ${formatBytes(flashBytes)} of flash that ${whose}.`, {
		partition: beyond.name,
		flashBytes
	});
}
function appsOf(image) {
	const { kind, apps } = contentOf(image);
	if (kind === "app") return [{
		name: image.name,
		offset: image.offset,
		lengthBytes: image.bytes.length
	}];
	return apps.map((app) => ({
		name: `The app in ${image.name}`,
		offset: image.offset + app.offset,
		lengthBytes: app.image.lengthBytes
	}));
}
function checkApp(job, app, partitions) {
	const place = partitions.find((row) => overlaps(row, {
		offset: app.offset,
		lengthBytes: 1
	}));
	if (place !== void 0 && !isAppPartition(place)) return void 0;
	if (place?.offset !== app.offset) {
		const places = partitions.filter(isAppPartition).map((row) => `${hex32(row.offset)} (${row.name})`);
		refuse(job, "app-offset", `${app.name} shall go to ${hex32(app.offset)}, but the partition table has its apps at ${places.join(", ")}.`, {
			app: app.name,
			offset: hex32(app.offset)
		});
		return place;
	}
	if (app.lengthBytes > place.lengthBytes) refuse(job, "app-too-large", `${app.name} has ${formatBytes(app.lengthBytes)}, its partition ${place.name} only ${formatBytes(place.lengthBytes)}.`, {
		app: app.name,
		partition: place.name,
		lengthBytes: app.lengthBytes,
		partitionBytes: place.lengthBytes
	});
	return place;
}
function checkApps(job, partitions) {
	const taken = /* @__PURE__ */ new Map();
	for (const app of job.images.flatMap(appsOf)) {
		const place = checkApp(job, app, partitions);
		if (place === void 0) continue;
		const other = taken.get(place);
		if (other !== void 0) throw new FlashError("plan/contradiction", `${other} and ${app.name} both go to the partition ${place.name}.`, { images: [other, app.name] });
		taken.set(place, app.name);
	}
}
function checkDeclared(job, declared, layout) {
	const { flashBytes, isNew } = declared;
	const { flashSizeBytes } = layout;
	if (isNew && flashSizeBytes !== void 0 && flashBytes > flashSizeBytes) refuse(job, "flash-size", `The bootloader's header declares ${formatBytes(flashBytes)} of flash, but the board has ${formatBytes(flashSizeBytes)}.`, {
		declaredBytes: flashBytes,
		flashBytes: flashSizeBytes
	});
	const beyond = job.images.find((image) => image.offset + image.bytes.length > flashBytes);
	if (beyond === void 0) return;
	refuse(job, "declared-size", `${beyond.name} (${formatBytes(beyond.bytes.length)} at ${hex32(beyond.offset)}) reaches beyond the ${formatBytes(flashBytes)} of flash that the bootloader's header declares.`, {
		image: beyond.name,
		declaredBytes: flashBytes
	});
}
/**
* The guards that need the partition table and the bootloader's header: plan/table-overlap, plan/table-beyond-flash,
* plan/app-offset, plan/app-too-large, plan/flash-size, plan/declared-size; plan/contradiction for two apps in one
* partition. What `layout` leaves out is not checked.
*/
function checkLayout(job, layout) {
	const { table, declared } = layout;
	if (declared !== void 0) checkDeclared(job, declared, layout);
	if (table === void 0) return;
	if (table.isNew) {
		checkTableOverlap(job, table.partitions, table.offset);
		checkTableEnd(job, table.partitions, layout);
	}
	checkApps(job, table.partitions);
}
// src/flash/place.ts
/** The partition of that name; `plan/no-partition` where there is none, or no table at all. */
function partitionNamed({ name, intent, details }, table, whose = "the board's partition table") {
	const partition = table?.find((row) => row.name === name);
	if (partition !== void 0) return partition;
	const names = table?.map((row) => row.name);
	const message = `${intent}, but ${names === void 0 ? "the board has no partition table" : `${whose} has only ${names.join(", ")}`}.`;
	throw new FlashError("plan/no-partition", message, {
		...details,
		partition: name,
		...names && { partitions: names }
	});
}
/** Gives the image the address of its partition. As `partitionNamed`. */
function placeInTable({ partition: name, ...image }, table, whose) {
	const intent = `${image.name} shall go to the partition ${name}`;
	const details = { image: image.name };
	return {
		...image,
		offset: partitionNamed({
			name,
			intent,
			details
		}, table, whose).offset
	};
}
// src/flash/preserve.ts
const spanText = ({ offset, lengthBytes }) => `${hex32(offset)} to ${hex32(offset + lengthBytes)}`;
/** The partition to keep, or why it cannot be kept. */
function findPartition(name, { ofJob, ofBoard }) {
	const named = (row) => row.name === name;
	const inJob = ofJob?.find(named);
	const onBoard = ofBoard?.find(named);
	if (ofJob === void 0 && ofBoard === void 0) return "neither the job nor the board has a partition table";
	if (ofJob === void 0) return onBoard ?? "the board's table has no such partition";
	if (ofBoard === void 0) return inJob ?? "the new table has no such partition";
	if (onBoard === void 0) return "the board's table has no such partition";
	if (inJob === void 0) return `the new table drops it (the board has it from ${spanText(onBoard)})`;
	if (inJob.offset !== onBoard.offset || inJob.lengthBytes !== onBoard.lengthBytes) return `the new table moves it from ${spanText(onBoard)} to ${spanText(inJob)}`;
	return inJob;
}
/**
* The partitions that the job keeps. `plan/preserve` for one that no table has, or that the new table moves or drops; a
* job that allows this keeps the others.
*/
function preservedPartitions(job, tables) {
	return job.preserve.flatMap((name) => {
		const found = findPartition(name, tables);
		if (typeof found !== "string") return [found];
		refuse(job, "preserve", `The partition ${name} cannot be preserved: ${found}.`, { partition: name });
		return [];
	});
}
/** Refuses (plan/preserve) an image of which nothing would be written. */
function checkWritable(job, keep) {
	const image = job.images.find((candidate) => subtract(sectorsOf(rangeOf(candidate)), keep).length === 0);
	if (image === void 0) return;
	throw new FlashError("plan/preserve", `${image.name} at ${hex32(image.offset)} lies wholly in what \`preserve\` keeps, so it would not be written.`, { image: image.name });
}
// src/flash/plan.ts
/** The chip that an image was built for; `undefined` for one that nobody knows. Images of the ESP8266 name none. */
function chipOf$2(image) {
	return image.chipId === void 0 ? chips.esp8266 : chipByImageId(image.chipId);
}
/** Refuses (plan/contradiction) images of several chips where nothing says which of them the board has. */
function checkOneChip(request) {
	if (request.chip !== "auto" || request.allow.has("image-mismatch")) return;
	const images = request.parts.flatMap((part) => {
		const { image } = contentOf(part);
		return image === void 0 ? [] : [{
			name: part.name,
			chip: imageChipLabel(image.chipId)
		}];
	});
	const [first] = images;
	const other = images.find((image) => image.chip !== first?.chip);
	if (first === void 0 || other === void 0) return;
	throw new FlashError("plan/contradiction", `${first.name} was built for ${first.chip}, ${other.name} for ${other.chip}.`, { images: [first.name, other.name] });
}
/** The chip that is known before a board is there: the one named, or that of the files. */
function plannedChip(chip, files) {
	if (chip !== "auto") return chips[chip];
	const [image] = files.flatMap((file) => contentOf(file).image ?? []);
	return image === void 0 ? void 0 : chipOf$2(image);
}
/** What the job's own images say about the flash, as long as its settings leave that alone. */
function knownLayout(job, chip, table) {
	const declared = chip === void 0 ? void 0 : declaredByJob(job, chip);
	return {
		...table === void 0 ? {} : { table: {
			...table,
			isNew: true
		} },
		...declared === void 0 ? {} : { declared: {
			flashBytes: declared,
			isNew: true
		} }
	};
}
/** Flash size in the header of the job's bootloader. */
function declaredByJob(job, chip) {
	const { size = "keep" } = job.settings;
	if (size !== "keep") return void 0;
	const [header] = job.images.filter((image) => image.offset + contentOf(image).imageOffset === chip.bootloaderOffset).flatMap((image) => contentOf(image).image ?? []);
	return header === void 0 ? void 0 : declaredFlashBytes(chip, header.sizeFreqByte);
}
function offsetFor(content, chip) {
	if (chip !== void 0) return defaultOffset(content, chip);
	const id = content.image?.chipId;
	throw id === void 0 ? new FlashError("plan/no-offset", "The firmware does not prove where it belongs; set `offset`.") : new FlashError("chip/unknown", `The firmware was built for a chip with the id ${id}, which is not known.`, { id });
}
function placed(part, chip) {
	const { name, bytes, sha256, place } = part;
	if (place?.kind === "partition") return {
		name,
		bytes,
		sha256,
		partition: place.name
	};
	return {
		name,
		bytes,
		sha256,
		offset: place?.offset ?? offsetFor(inspectFirmware(bytes), chip)
	};
}
/**
* Makes the job, and does everything that can fail without a board: damaged images (image/\u2026), a missing, crooked or
* impossible offset (plan/\u2026), an image for another chip than the one named (chip/image-mismatch), and all that is wrong
* with a partition table that the job brings along. Images for a named
* partition stay unplaced where the job itself brings no partition table.
*/
function planFlash(request) {
	const { parts, ...rest } = request;
	checkOneChip(request);
	const chip = plannedChip(request.chip, parts);
	const all = parts.map((part) => placed(part, chip));
	const table = tableOfJob(all.filter((image) => "offset" in image));
	const resolved = all.map((image) => "offset" in image || table === void 0 ? image : placeInTable(image, table.partitions, `the table in ${table.image}`));
	const job = {
		...rest,
		images: resolved.filter((image) => "offset" in image),
		unplaced: resolved.filter((image) => "partition" in image)
	};
	checkImages(job, chip === void 0 ? {} : { chip });
	checkLayout(job, knownLayout(job, chip, table));
	if (table !== void 0) preservedPartitions(job, {
		ofJob: table.partitions,
		ofBoard: void 0
	});
	return job;
}
// src/flash/flashed-app.ts
function appsIn(image) {
	const { kind, image: own, apps } = contentOf(image);
	return (kind === "app" && own !== void 0 ? [{
		offset: 0,
		image: own
	}] : apps).flatMap(({ offset, image: app }) => {
		if (app.app === void 0) return [];
		const { version, project, elfSha256 } = app.app;
		return [{
			image: image.name,
			offset: image.offset + offset,
			version,
			project,
			elfSha256
		}];
	});
}
/** The app at the lowest address that describes itself, if the job has one. */
function flashedApp(images) {
	return images.flatMap(appsIn).sort((a, b) => a.offset - b.offset)[0];
}
/** The app that a board runs after the job; undefined where the job has none that describes itself, or several. */
function onlyApp(job) {
	const [app, ...others] = [...job.images, ...job.unplaced.map((image) => ({
		...image,
		offset: 0
	}))].flatMap(appsIn);
	const isSame = ({ project, version, elfSha256 }) => project === app?.project && version === app.version && elfSha256 === app.elfSha256;
	return others.every(isSame) ? app : void 0;
}
// src/flash/journal.ts
/** For a board that does not tell its MAC: a note about it could be taken for one about another board. */
const noJournal = {
	suspects: () => [],
	open: () => void 0,
	mark: () => void 0,
	clear: () => void 0
};
// src/flash/baud-memory.ts
/** By then somebody may have changed the cable. */
const FORGET_MS = 2592e6;
/** One small file a board in `directory`, which may not be there yet. What cannot be read counts as unknown. */
function fileBaudMemory(directory) {
	const pathOf = (mac) => join(directory, `${mac.replaceAll(":", "")}.baud`);
	return {
		recall(mac) {
			try {
				const note = JSON.parse(readNote(pathOf(mac)));
				if (typeof note?.baud !== "number" || typeof note.atMs !== "number") return void 0;
				if (!Number.isSafeInteger(note.baud) || note.baud <= 0) return void 0;
				if (Date.now() - note.atMs >= FORGET_MS) return void 0;
				return {
					baud: note.baud,
					byRom: note.byRom !== false
				};
			} catch {
				return;
			}
		},
		note(mac, { baud, byRom }) {
			mkdirSync(directory, { recursive: true });
			const staged = `${pathOf(mac)}.${process.pid}`;
			writeFileSync(staged, JSON.stringify({
				baud,
				byRom,
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
/** Whole sectors, or none, within what an address can name: they will be erased, also outside of what the job is about. */
function isRange(value) {
	const { offset = NaN, lengthBytes = NaN } = value ?? {};
	return [offset, lengthBytes].every((part) => Number.isSafeInteger(part) && part % 4096 === 0) && offset >= 0 && lengthBytes >= 0 && offset + lengthBytes <= 2 ** 32;
}
function isNote(value) {
	const note = value;
	return Array.isArray(note?.planned) && note.planned.every(isRange) && Array.isArray(note.underWay) && note.underWay.every(isRange);
}
/** The name of a new file is on disk when its directory is. Windows opens no directories, and keeps names by itself. */
function flushDirectory(directory) {
	if (process.platform === "win32") return;
	const handle = openSync(directory, "r");
	try {
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
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
			if (durable === "flushed") flushDirectory(directory);
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
				text = readNote(pathOf(mac));
			} catch (error) {
				if (error.code === "ENOENT") return [];
				throw new FlashError("job/state", `The note about board ${mac} cannot be read: ${String(error)}`, {}, error);
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
// src/action/board-journal.ts
/**
* Where unfinished work on the board at `port` is noted: by its MAC. Virtual boards may share one, so each flash file has
* notes of its own, and a board that ends with its step has none.
*/
function boardJournal(env, port) {
	const folder = notesDirectory(env, "boards");
	if (!port.startsWith("virtual:")) return fileJournal(folder);
	const name = lockNameOfRemote(port);
	return name === void 0 ? noJournal : fileJournal(join(folder, name));
}
// src/files/links.ts
/** Whether `path` is `folder` or lies in it, by its words alone. */
function isWithin(folder, path) {
	const way = relative(folder, path);
	return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
/** The workspace of the job, to which paths in inputs are relative. */
function workspaceFolder() {
	return process.env.GITHUB_WORKSPACE ?? process.cwd();
}
/**
* Where `path` really lies, if it is in the workspace by its words and a link leads out of it; `undefined` where none
* does. What was checked out there may be others' work: a link in it would pass off any file of this machine as firmware,
* or let a report be written over it. The runner's folder for temporary files counts as inside. Files need not be there.
*/
function linkedOutside(path, workspace = workspaceFolder()) {
	if (!isWithin(workspace, path)) return void 0;
	const real = realPlace(path);
	return [workspace, process.env.RUNNER_TEMP ?? workspace].map(realPlace).some((folder) => isWithin(folder, real)) ? void 0 : real;
}
/** As realpath(3), but also for what is not there yet: writing to a link makes what it leads to. */
function realPlace(path) {
	try {
		return realpathSync(path);
	} catch (thrown) {
		const parent = dirname(path);
		if (thrown.code !== "ENOENT" || parent === path) return path;
		const target = linkTarget(path);
		return target === void 0 ? join(realPlace(parent), basename(path)) : realPlace(resolve(realPlace(parent), target));
	}
}
function linkTarget(path) {
	try {
		return readlinkSync(path);
	} catch {
		return;
	}
}
// src/action/save-file.ts
/**
* Writes a file that an input names, relative to the workspace, with the folders above it. Returns its path. Throws
* `job/file`, also where a link in the workspace leads out of it.
*/
async function saveFile(workspace, file, content) {
	const path = resolve(workspace, file);
	try {
		const elsewhere = linkedOutside(path, workspace);
		if (elsewhere !== void 0) throw new Error(`a link leads to ${elsewhere}, outside of the workspace`);
		await mkdir(dirname(path), { recursive: true });
		await writeFile(path, content);
		return path;
	} catch (thrown) {
		throw new FlashError("job/file", `${path} cannot be written: ${String(thrown)}`, { path }, thrown);
	}
}
// src/action/choose-plan.ts
const MAC = /^(?:mac:)?((?:[0-9a-f]{2}:){5}[0-9a-f]{2})$/i;
function keyFits(key, { name, port }, known) {
	if (key === name || key === port) return "yes";
	const mac = MAC.exec(key)?.[1]?.toLowerCase();
	if (mac !== void 0) {
		const named = known?.mac ?? MAC.exec(name)?.[1]?.toLowerCase();
		if (named === void 0) return "unknown";
		return named === mac ? "yes" : "no";
	}
	const selector = /^[/\\]|^COM/i.test(key) ? parsePortSelector(key) : void 0;
	if (selector?.kind !== "glob") return "no";
	const { folder, pattern } = selector;
	const isLike = (path) => path.startsWith(folder) && pattern.test(path.slice(folder.length));
	return isLike(port) || isLike(name) ? "yes" : "no";
}
function fits({ board, chip }, candidate, known) {
	const byKey = board === void 0 ? "yes" : keyFits(board, candidate, known);
	if (byKey !== "yes" || chip === void 0) return byKey;
	if (known === void 0) return "unknown";
	return known.chip === chip ? "yes" : "no";
}
/** Plans that a board may get, the first that fits before all others; more than one only where the board has to tell. */
function possiblePlans(plans, candidate, known) {
	const possible = [];
	for (const plan of plans) {
		const answer = fits(plan, candidate, known);
		if (answer !== "no") possible.push(plan);
		if (answer === "yes") break;
	}
	return possible;
}
/**
* The job of a board, or how it is chosen once the board has told its chip and MAC; `onChosen` hears of the plan. Throws
* `plan/no-firmware`.
*/
function jobFor(plans, candidate, onChosen) {
	const [plan, ...more] = possiblePlans(plans, candidate);
	if (plan === void 0) throw noFirmware(`No entry of \`firmware-map\` fits this board`);
	if (more.length === 0 && plan.chip === void 0 && fits(plan, candidate, void 0) === "yes") {
		onChosen(plan);
		return plan.job;
	}
	return {
		wish: {
			...plan.job,
			chip: "auto",
			settings: {}
		},
		choose(known) {
			const [chosen] = possiblePlans(plans, candidate, known);
			if (chosen === void 0) throw noFirmware(`This board has the chip ${known.chip} and the MAC ${known.mac}`, known);
			onChosen(chosen);
			return chosen.job;
		}
	};
}
function noFirmware(what, known) {
	return new FlashError("plan/no-firmware", `${what}: the step has no firmware for it.`, known && { ...known });
}
// src/action/heal.ts
/**
* Whether the board runs the right app already: resets it once, without its loader, and watches. What was seen is noted.
* `plans` are those that it may get.
*/
async function isHealthy(transport, notes, plans, check, { clock, signal, reporter }) {
	const say = (level, text) => reporter.listener({
		kind: "message",
		level,
		text
	});
	if (!transport.capabilities.controlLines) {
		say("warning", `${transport.name} has no reset lines, so how the board boots cannot be seen: it is flashed.`);
		return false;
	}
	const apps = plans.map(({ job }) => onlyApp(job));
	const [app] = apps;
	const [chip, ...others] = new Set(plans.map(({ job }) => plannedChip(job.chip, job.images)?.name));
	const owner = chip === void 0 || others.length > 0 ? {} : { chip };
	await check.boot.begin({
		...check.wish,
		...apps.length === 1 && app && { app }
	}, owner);
	await hardReset(transport, clock, signal);
	const seen = await check.boot.finish();
	if (seen === void 0) return false;
	const { report, logFile } = seen;
	notes.boot = report;
	notes.bootLog = logFile;
	if (report.verdict !== "running" || report.missing.length > 0) {
		say("info", "The board does not run as it should: it is flashed.");
		return false;
	}
	if (apps.length > 1 && !apps.some((each) => isSame(report.app, each))) {
		say("info", "The log does not show that this is the app for this board: it is flashed.");
		return false;
	}
	const isTold = report.app !== void 0 && app !== void 0;
	if (!isTold && check.wish.expect.length === 0) {
		say("info", "The log does not tell which app runs, and no `expect` says what it prints: the board is flashed.");
		return false;
	}
	say("info", `The board ${isTold ? "runs the right app" : "prints what is expected"}: it is left alone.`);
	return true;
}
function isSame(seen, wanted) {
	return seen !== void 0 && wanted !== void 0 && differs(seen, wanted) === void 0;
}
// src/action/kept-log.ts
/** The log of one of several boards, so that their lines do not mingle. `name`: of the board, for annotations. */
function keepLog(log, name) {
	let entries = [];
	const later = (entry) => void entries.push(entry);
	return {
		info: (message) => later(() => log.info(message)),
		warning: (message, properties) => later(() => log.warning(`${plainLine(name)}: ${String(message)}`, properties)),
		debug: (message) => later(() => log.debug(message)),
		isDebug: log.isDebug,
		startGroup: (title) => later(() => log.info(title)),
		endGroup: () => void 0,
		tell(title) {
			if (entries.length === 0) return;
			log.startGroup(plainLine(title));
			for (const entry of entries) entry();
			log.endGroup();
			entries = [];
		}
	};
}
const PERCENT_STEP = 20;
function shortProgress(log, name) {
	let told = 0;
	let isAtWork = false;
	return {
		begin: () => void (isAtWork = true),
		listener(event) {
			if (event.kind === "started") isAtWork = true;
			if (event.kind === "message" && event.level !== "debug" && !isAtWork) log.info(plainLine(`[${name}] ${event.text}`));
			if (event.kind !== "progress" || event.totalBytes === 0) return;
			const percent = Math.floor(event.doneBytes / event.totalBytes * 100);
			if (percent < told + PERCENT_STEP) return;
			told = percent - percent % PERCENT_STEP;
			log.info(plainLine(`[${name}] ${told} %`));
		}
	};
}
// src/action/board-lane.ts
/** `step`: the surroundings of the step as a whole. */
function boardLane(place, task, shared) {
	const { step, time } = shared;
	const { notes } = task;
	const { name } = place;
	const log = keepLog(stepLog, name);
	const reporter = createReporter(log, step.clock);
	const { signal, listener: watchChanges } = shared.failFast.share();
	const progress = shortProgress(stepLog, name);
	const listeners = [
		watchChanges,
		progress.listener,
		reporter.listener
	];
	const listener = (event) => listeners.forEach((hear) => hear(event));
	const openGroup = (title) => {
		progress.begin();
		reporter.openGroup(title);
	};
	const cutShort = () => log.tell(`${name}: cut short`);
	step.signal.addEventListener("abort", cutShort, { once: true });
	return {
		...place,
		task,
		surroundings: {
			...step,
			signal,
			time,
			reporter: {
				...reporter,
				openGroup,
				listener
			}
		},
		end() {
			step.signal.removeEventListener("abort", cutShort);
			time.end();
			log.tell(`${name}: ${notes.error === void 0 ? "done" : notes.error.code}`);
		}
	};
}
// src/action/board-places.ts
/**
* The boards that lines of `port` lead to. Opens nothing. Throws `port/same-board` where two lines lead to one board, and
* what `selectAll` throws for `every:`.
*/
async function placeBoards(lines, deps) {
	const places = [];
	for (const line of lines) places.push(...line.kind === "one" ? [await placeOne(line.port, deps)] : await placeAll(line.selector, deps));
	const sorted = inLockOrder(places);
	const double = sorted.find(({ lockName }, at) => lockName !== void 0 && lockName === sorted[at - 1]?.lockName);
	if (double === void 0) return places;
	const names = places.filter(({ lockName }) => lockName === double.lockName).map(({ name }) => name);
	throw new FlashError("port/same-board", `${names.join(" and ")} lead to the same place (${double.lockName}).`, { ports: names });
}
/**
* The order in which all steps of this machine take their boards, so that two which want the same ones stand behind each
* other.
*/
function inLockOrder(places) {
	return [...places].sort((a, b) => compareNames(a.lockName ?? LAST, b.lockName ?? LAST));
}
/** Behind all names of locks. */
const LAST = "\uffff";
/** The same on every machine, whatever its language. */
function compareNames(one, other) {
	if (one === other) return 0;
	return one < other ? -1 : 1;
}
async function placeOne(port, { discover }) {
	const selector = parsePortSelector(port);
	if (selector === void 0) return named(port, lockNameOfRemote(port));
	try {
		const found = await selectPort(selector, await discover());
		return named(port, found.kind === "port" ? lockNameOfPort(found.port) : void 0);
	} catch (thrown) {
		if (hasCode(thrown, "port/not-found", "port/ambiguous")) return { name: port };
		throw thrown;
	}
}
async function placeAll(text, deps) {
	const { discover, waitForPortMs, clock, signal, say } = deps;
	const selector = parsePortSelector(text);
	if (selector === void 0 || selector.kind === "mac") throw new Error(`no selector of several ports: ${text}`);
	const onWait = () => say(portWaitText(`every: ${text}`, waitForPortMs));
	return (await waitForPort(async () => selectAll(selector, await discover()), {
		timeoutMs: waitForPortMs,
		clock,
		signal,
		onWait
	})).map((port) => named(port.path, lockNameOfPort(port)));
}
function named(name, lockName) {
	return lockName === void 0 ? { name } : {
		name,
		lockName
	};
}
// src/action/fail-fast.ts
/** Half a job must not be left on a board because another one failed: those under way are brought to their end. */
function createFailFast(stepSignal) {
	const shares = [];
	let reason;
	return {
		share() {
			const share = {
				controller: new AbortController(),
				isChanging: false
			};
			shares.push(share);
			if (reason !== void 0) share.controller.abort(reason);
			return {
				signal: AbortSignal.any([stepSignal, share.controller.signal]),
				listener(event) {
					if (event.kind === "started" && (event.phase === "erase" || event.phase === "write")) share.isChanging = true;
				}
			};
		},
		failed(name) {
			reason ??= new FlashError("job/fail-fast", `${name} failed, and \`fail-fast\` is on.`);
			for (const { controller, isChanging } of shares) if (!isChanging) controller.abort(reason);
		}
	};
}
// src/action/shared-time.ts
/** The step's time for `count` boards: it stands still only while all that are left wait for other jobs. */
function shareTime(time, count) {
	const waiting = /* @__PURE__ */ new Set();
	const left = new Set(Array.from({ length: count }, (_, index) => index));
	const update = () => {
		if (left.size > 0 && [...left].every((index) => waiting.has(index))) time.pause();
		else time.resume();
	};
	const change = (set, how, index) => () => {
		set[how](index);
		update();
	};
	return Array.from({ length: count }, (_, index) => ({
		pause: change(waiting, "add", index),
		resume: change(waiting, "delete", index),
		end: change(left, "delete", index)
	}));
}
// src/action/slots.ts
/** Runs at most `count` pieces of work at a time, in the order in which they come; 0 is all at once. */
function createSlots(count) {
	let free = count === 0 ? 1e400 : count;
	const queue = [];
	return async (work) => {
		if (free > 0) free--;
		else await new Promise((resolve) => queue.push(resolve));
		try {
			return await work();
		} finally {
			const next = queue.shift();
			if (next === void 0) free++;
			else next();
		}
	};
}
// src/action/input-conflicts.ts
const lineText = (line) => line.kind === "one" ? line.port : `every: ${line.selector}`;
/** A line that stands there twice would be two jobs on one board. */
function doubleLine(ports) {
	const texts = ports.map(lineText);
	return texts.find((text, index) => texts.indexOf(text) < index);
}
const mayBeSeveral = ({ ports }) => ports.length > 1 || ports[0]?.kind === "every";
const chipsOfFiles = ({ files }) => files.flatMap((line) => line.chip ?? []);
const bothSet = (one, other, clash) => ({
	inputs: [one, other],
	clash,
	message: () => `\`${one}\` and \`${other}\` are both set, but only one of them can count.`
});
const conflicts = [
	{
		inputs: ["port"],
		clash: ({ ports }) => doubleLine(ports) !== void 0,
		message: ({ ports }) => `\`port\` names ${doubleLine(ports) ?? ""} twice.`
	},
	{
		inputs: ["expect-mac", "port"],
		clash: (inputs) => inputs.expectMac !== void 0 && mayBeSeveral(inputs),
		message: () => "`expect-mac` names one board, but `port` may lead to several."
	},
	{
		inputs: ["console-port", "port"],
		clash: (inputs) => inputs.consolePort !== void 0 && mayBeSeveral(inputs),
		message: () => "`console-port` is the console of one board, but `port` may lead to several."
	},
	{
		inputs: ["power-cycle", "port"],
		clash: (inputs) => inputs.powerCycle !== void 0 && mayBeSeveral(inputs),
		message: () => "`power-cycle` switches the power of one board, but `port` may lead to several: one that is being written could lose it."
	},
	{
		inputs: ["chip", "files"],
		clash: (inputs) => {
			const named = chipsOfFiles(inputs);
			return inputs.chip !== "auto" && named.length > 0 && !named.includes(inputs.chip);
		},
		message: (inputs) => `\`chip\` is ${inputs.chip}, but \`files\` has nothing for it: ${chipsOfFiles(inputs).join(", ")}.`
	},
	{
		inputs: ["reset-sequence", "before"],
		clash: ({ resetSequence, before }) => resetSequence !== void 0 && before.startsWith("no-reset"),
		message: ({ before }) => `\`reset-sequence\` says how the board is reset, but \`before: ${before}\` that it is not.`
	},
	bothSet("firmware-url", "files", ({ firmwareUrl, files }) => firmwareUrl !== void 0 && files.length > 0),
	bothSet("offset", "files", ({ offset, files }) => offset !== void 0 && files.length > 0),
	bothSet("sha256", "files", ({ sha256, files }) => sha256 !== void 0 && files.length > 0),
	{
		inputs: ["after", "stub"],
		clash: ({ after, stub }) => after === "no-reset-stub" && !stub,
		message: () => "`after: no-reset-stub` leaves the stub running, but `stub: false` says that there is none."
	},
	{
		inputs: ["when", "boot-check"],
		clash: ({ when, bootCheck }) => when === "unhealthy" && bootCheck === "off",
		message: () => "`when: unhealthy` asks how the board boots, but `boot-check: off` says that nobody looks."
	},
	{
		inputs: ["when", "rewrite"],
		clash: ({ when, rewrite }) => when === "unhealthy" && rewrite,
		message: () => "`when: unhealthy` leaves a board alone that boots, but `rewrite` writes even what is in place."
	},
	{
		inputs: ["rewrite", "erase"],
		clash: ({ rewrite, erase }) => rewrite && erase === "none",
		message: () => "`rewrite` erases what is in place, but `erase: none` says that nothing is erased."
	}
];
/** Throws `input/conflict` for inputs that contradict each other. */
function refuseConflicts(inputs) {
	const conflict = conflicts.find(({ clash }) => clash(inputs));
	if (conflict === void 0) return;
	throw new FlashError("input/conflict", conflict.message(inputs), { inputs: conflict.inputs });
}
// src/action/inputs.ts
/** The inputs of the main action, in the order of its action.yml. */
const mainInputs = [
	"ports",
	"expectMac",
	"waitForPortMs",
	"lock",
	"lockTimeoutMs",
	"lockDir",
	"failFast",
	"maxParallel",
	"powerCycle",
	"chip",
	"firmwareUrl",
	"offset",
	"sha256",
	"files",
	"firmwareMap",
	"token",
	"flashMode",
	"flashFreq",
	"flashSize",
	"baud",
	"erase",
	"preserve",
	"keepGaps",
	"before",
	"after",
	"resetSequence",
	"stub",
	"compress",
	"connectAttempts",
	"timeoutMs",
	"bootCheck",
	"consolePort",
	"consoleBaud",
	"expect",
	"failOn",
	"bootTimeoutMs",
	"settleMs",
	"elf",
	"when",
	"rewrite",
	"allow",
	"dryRun",
	"junit"
];
/** One of them has to be there. */
function firmwareProblems(read) {
	if (read("firmware-url").trim() !== "" || read("firmware-map").trim() !== "") return [];
	if (fileLines(read("files")).length > 0) return [];
	return [{
		code: "input/required",
		name: "firmware-url",
		text: "`firmware-url` is not set, and neither is `files` or `firmware-map`: one of them says what to flash"
	}];
}
/**
* Reads and checks every input; `read` gives an input's text by its name in the workflow, "" where it is not set.
* Throws `input/required` or `input/invalid` with a line for each bad input, or `input/conflict`.
*/
function readInputs(read) {
	const inputs = readRows(mainInputs, read, firmwareProblems(read));
	refuseConflicts(inputs);
	return inputs;
}
// src/action/outcome.ts
/**
* What the step failed with: its own error, then those of its boards. Of several boards, those that failed alike are told
* together, and those that `fail-fast` left alone come after the one that failed.
*/
function failuresOf({ error, boards }) {
	if (boards.length <= 1) return [error ?? boards[0]?.error ?? []].flat();
	const ofBoards = failuresOfBoards(boards).filter((one) => one.code !== error?.code);
	const [spared, failed] = [ofBoards.filter(spares), ofBoards.filter((one) => !spares(one))];
	return [
		...error === void 0 ? [] : [error],
		...failed,
		...spared
	];
}
const spares = (error) => error?.code === "job/fail-fast";
/** Whether a board has failed by itself; one that `fail-fast` left as it was has not. */
function hasFailed({ error }) {
	return error !== void 0 && !spares(error);
}
function failuresOfBoards(boards) {
	const alike = /* @__PURE__ */ new Map();
	for (const { name, port = name, error } of boards) {
		if (error === void 0) continue;
		const key = `${error.code} ${withoutName(error.message, port)}`;
		const group = alike.get(key) ?? {
			names: [],
			errors: []
		};
		group.names.push(port);
		group.errors.push(error);
		alike.set(key, group);
	}
	return [...alike.values()].map(({ names, errors }) => toldTogether(names, errors));
}
const withoutName = (message, name) => message.replaceAll(name, "\u2026");
/** One error for all of `errors`, which say the same but for the boards' names; its details are those that all have. */
function toldTogether(names, [first, ...others]) {
	const [name = ""] = names;
	if (first === void 0) throw new Error("no error to tell");
	const { code, details, cause } = first;
	if (others.length === 0) return new FlashError(code, `${name}: ${first.message}`, details, cause);
	const message = withoutName(first.message, name);
	const isShared = ([name, value]) => others.every((other) => JSON.stringify(other.details[name]) === JSON.stringify(value));
	const shared = Object.fromEntries(Object.entries(details).filter(isShared));
	const shownCause = message === first.message ? cause : void 0;
	return new FlashError(code, `${names.length} boards: ${message}\n${names.join(", ")}`, shared, shownCause);
}
/** The board of a step that has only one. */
function soleBoard({ boards }) {
	return boards.length === 1 ? boards[0] : void 0;
}
// src/action/result-document.ts
/**
* The output `result`, in the shape that `docs/result.schema.json` publishes; what is not known is left out. `error` is
* the first of all.
*/
function resultDocument(outcome) {
	const [error] = failuresOf(outcome);
	return {
		ok: error === void 0,
		durationMs: Math.round(outcome.durationMs),
		error: error && errorDocument(error),
		boards: outcome.boards.map(boardDocument)
	};
}
/** One entry of `boards`. `ok`: the board is as it was asked for. */
function boardDocument({ error, firmware, result, boot, ...board }) {
	return {
		name: board.name,
		port: board.port,
		ok: error === void 0 && (result !== void 0 || board.leftAlone === true),
		durationMs: Math.round(board.durationMs),
		leftAlone: board.leftAlone ?? false,
		error: error && errorDocument(error),
		firmware: firmware && firmwareDocument(firmware),
		board: result && identityDocument(result),
		flash: result && flashDocument(result),
		boot: boot && bootDocument(boot, board.bootLog)
	};
}
function errorDocument({ code, message, hint, details }) {
	return {
		code,
		message,
		hint,
		details
	};
}
function firmwareDocument(firmware) {
	return {
		name: firmware.name,
		lengthBytes: totalBytes(firmware),
		sha256: firmware.sha256,
		source: firmware.source,
		fromCache: firmware.fromCache,
		downloadedBytes: firmware.downloadedBytes
	};
}
function identityDocument({ chip, identity, flashId, flashSizeBytes }) {
	return {
		chip,
		package: identity.packageName,
		revision: formatRevision(identity.revision),
		mac: identity.mac,
		features: identity.features,
		crystalMhz: identity.crystalMhz,
		flashId,
		flashSizeBytes
	};
}
function flashDocument(result) {
	return {
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
		phases: result.phases.map(({ phase, durationMs }) => ({
			phase,
			durationMs: Math.round(durationMs)
		}))
	};
}
function bootDocument(boot, log) {
	return {
		verdict: boot.verdict,
		reason: boot.reason,
		durationMs: Math.round(boot.durationMs),
		resets: boot.resets,
		app: boot.app,
		panic: boot.panic,
		matched: boot.matched,
		missing: boot.missing,
		lines: boot.lines,
		log
	};
}
/** Of all parts that are flashed. */
function totalBytes(firmware) {
	return firmware.parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
}
// src/action/outputs.ts
/** A fact that an error carries: what was learnt about the board before the job failed. */
function errorDetail(outcome, name) {
	if (outcome.boards.length > 1) return "";
	const value = failuresOf(outcome)[0]?.details[name];
	return typeof value === "string" ? value : "";
}
/** Where the step's only board was found, or was asked for. */
function portOf(outcome) {
	const board = soleBoard(outcome);
	return board?.port ?? board?.name;
}
const ofResult = (text, unknown = "") => (outcome) => {
	const result = soleBoard(outcome)?.result;
	return result === void 0 ? unknown : text(result);
};
/** Every output of the action. */
const outputTable = {
	mac: (outcome) => soleBoard(outcome)?.result?.identity.mac ?? errorDetail(outcome, "mac"),
	duration: (outcome) => formatSeconds(outcome.durationMs),
	chip: (outcome) => soleBoard(outcome)?.result?.chip ?? errorDetail(outcome, "chip"),
	"chip-revision": ofResult((result) => formatRevision(result.identity.revision)),
	"flash-size": ofResult((result) => formatFlashSize(result.flashSizeBytes)),
	port: (outcome) => portOf(outcome) ?? "",
	"bytes-written": ofResult((result) => String(result.bytesWritten)),
	"bytes-sent": ofResult((result) => String(result.bytesSent)),
	skipped: ofResult((result) => String(result.skipped), "false"),
	verified: ofResult((result) => String(result.verified), "false"),
	"firmware-sha256": (outcome) => soleBoard(outcome)?.firmware?.sha256 ?? "",
	"app-version": ofResult((result) => plainLine(result.app?.version ?? "")),
	"app-project": ofResult((result) => plainLine(result.app?.project ?? "")),
	"app-elf-sha256": ofResult((result) => result.app?.elfSha256 ?? ""),
	"boot-verdict": (outcome) => soleBoard(outcome)?.boot?.verdict ?? "",
	"boot-log": (outcome) => soleBoard(outcome)?.bootLog ?? "",
	boards: (outcome) => JSON.stringify(outcome.boards.map(boardDocument)),
	result: (outcome) => JSON.stringify(resultDocument(outcome)),
	"error-code": (outcome) => failuresOf(outcome)[0]?.code ?? ""
};
/** Every output as text; what is not known is "". */
function stepOutputs(outcome) {
	const texts = Object.entries(outputTable).map(([name, text]) => [name, text(outcome)]);
	return Object.fromEntries(texts);
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
/** Of several boards, how many are as they were asked for, have failed, and were not come to an end with. */
function countLine(boards) {
	const failed = boards.filter(hasFailed).length;
	const done = boards.filter(({ error, result, leftAlone }) => !error && (result ?? leftAlone)).length;
	const unfinished = boards.length - done - failed;
	const parts = [
		`${done} done`,
		failed > 0 && `${failed} failed`,
		unfinished > 0 && `${unfinished} not finished`
	];
	return `${boards.length} boards: ${parts.filter(Boolean).join(", ")}`;
}
// src/action/markdown.ts
/** Cells are Markdown already; texts from outside have gone through `markdownText`. */
function table(head, rows) {
	const line = (cells) => `| ${cells.join(" | ")} |`;
	return [
		line(head),
		line(head.map(() => "---")),
		...rows.map(line)
	].join("\n");
}
/** A part that folds. `title` is plain text, `body` is Markdown. */
function folded(title, body, state = "closed") {
	return `${state === "open" ? "<details open>" : "<details>"}<summary>${htmlText(title)}</summary>\n\n${body}\n\n</details>`;
}
/** Lines from outside as they stand: the fence is longer than any in them. */
function codeBlock(lines, language = "") {
	const text = lines.map(plainLine).join("\n");
	const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([ticks]) => ticks.length));
	const fence = "`".repeat(longest + 1);
	return `${fence}${language}\n${text}\n${fence}`;
}
// src/action/board-summary.ts
/** What happened and what to do about it. */
function failureSection(error) {
	return `${plainLines(error.message).map(markdownText).join("<br>")}\n\n**Way out:** ${markdownText(error.hint)}`;
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
		lost === "" ? "" : `\u26a0\ufe0f Partitions that lost data: ${lost}`,
		kept === "" ? "" : `Partitions that were kept: ${kept}`,
		result.resumed ? "An earlier run had not ended; its sectors were erased anew." : "",
		result.retries > 0 ? `Begun again after trouble: ${result.retries.toString()}\u00d7` : ""
	].filter((remark) => remark !== "");
}
function boardFacts(result) {
	const { identity, app, flashId } = result;
	const phases = result.phases.map(({ phase, durationMs }) => `${phase} ${formatDuration(durationMs)}`);
	return [
		["Chip", markdownText(`${identity.packageName} ${formatRevision(identity.revision)}`)],
		["Flash", `${formatFlashSize(result.flashSizeBytes)} (id ${markdownText(flashId)})`],
		["Link", `${formatCount(result.baud)} baud, ${formatBytes(result.bytesSent)} sent`],
		["Erased on request", formatBytes(result.bytesErased)],
		...app === void 0 ? [] : [["SHA-256 of the app's ELF file", markdownText(app.elfSha256)]],
		["Phases", phases.join(", ")]
	];
}
function firmwareFacts(firmware) {
	const origin = firmware.fromCache ? ", from the cache" : "";
	return [["Firmware", `${markdownText(firmware.name)} (${formatBytes(totalBytes(firmware))}${origin})`], ...firmware.sha256 === void 0 ? [] : [["Firmware SHA-256", firmware.sha256]]];
}
function bootSection({ reason, resets, panic, tail, lines }, { error, bootLog }) {
	const causes = resets.map(({ cause, count }) => `${markdownText(cause)} (${count}\u00d7)`);
	return [
		...error?.message === reason ? [] : [`**Boot:** ${markdownText(reason)}`],
		...causes.length === 0 ? [] : [`Resets: ${causes.join(", ")}`],
		...panic.length === 0 ? [] : [codeBlock(panic)],
		...tail.length === 0 ? [] : [folded(`Console: the last ${tail.length} of ${lines} lines`, codeBlock(tail))],
		...bootLog === void 0 ? [] : [`The whole log is in ${markdownText(bootLog)}`]
	];
}
/** All that there is to tell of one board, in Markdown. */
function boardSection(board) {
	const { error, result, firmware, boot } = board;
	const facts = [...result ? boardFacts(result) : [], ...firmware ? firmwareFacts(firmware) : []];
	return [
		...error === void 0 ? [] : [failureSection(error)],
		...result === void 0 ? [] : [imageTable(result), ...remarks(result)],
		...boot === void 0 ? [] : bootSection(boot, board),
		...facts.length === 0 ? [] : [folded("Chip, link and firmware", table(["Fact", "Value"], facts))]
	].join("\n\n");
}
// src/action/board-verdict.ts
function flashText({ dryRun, skipped, verified }) {
	if (dryRun) return skipped ? "dry run: up to date" : "dry run: nothing was changed";
	return `${skipped ? "already up to date" : "flashed"}, ${verified ? "verified" : "not verified"}`;
}
function boardVerdict(board) {
	const { port, error, result, boot, leftAlone } = board;
	if (hasFailed(board)) return {
		sign: "\u274c",
		text: `failed: ${error?.code ?? ""}`
	};
	if (error !== void 0) return {
		sign: "\u2796",
		text: `as it was: ${error.code}`
	};
	if (leftAlone === true) return {
		sign: "\u2705",
		text: "healthy, left alone"
	};
	if (result === void 0) return {
		sign: "\u2796",
		text: port === void 0 ? "not reached" : "cut short"
	};
	const text = boot === void 0 ? flashText(result) : `${flashText(result)}, ${boot.verdict}`;
	if (result.dryRun) return {
		sign: "\ud83d\udd0d",
		text
	};
	return {
		sign: boot?.verdict === "silent" ? "\u26a0\ufe0f" : "\u2705",
		text
	};
}
// src/action/gantt.ts
/** How the time axis is divided, by the length of the chart. */
const axes = [
	{
		belowMs: 2e3,
		tick: "200millisecond",
		format: "%S.%L"
	},
	{
		belowMs: 2e4,
		tick: "1second",
		format: "%M:%S"
	},
	{
		belowMs: 2e5,
		tick: "10second",
		format: "%M:%S"
	},
	{
		belowMs: 1e400,
		tick: "1minute",
		format: "%H:%M"
	}
];
/** Mermaid ends a section's name at `:`, `#` and `;`, and takes equal names for one section. */
function sectionName(name, index) {
	const [place = ""] = name.replace(/^\w+:\/\//, "").split("?");
	return `${index + 1} ${place.replace(/[^\w./-]+/g, " ").trim().slice(-22)}`;
}
/** What a bar of the chart stands for: short phases go together, as their names would cover each other. */
const barNames = {
	connect: "connect",
	identify: "connect",
	stub: "connect",
	baud: "connect",
	compare: "compare",
	erase: "write",
	write: "write",
	verify: "verify",
	read: "read",
	reset: "boot",
	boot: "boot"
};
/** The part of the chart below which no name fits into a bar. */
const SHORTEST_NAMED = .06;
function barsOf({ result, boot }) {
	return [...result?.phases ?? [], ...boot ? [{
		phase: "boot",
		durationMs: boot.durationMs
	}] : []].reduce((bars, { phase, durationMs }) => {
		const lengthMs = Math.round(durationMs);
		const name = barNames[phase];
		const last = bars.at(-1);
		if (last === void 0) return [{
			name,
			startMs: 0,
			lengthMs
		}];
		if (last.name === name) return [...bars.slice(0, -1), {
			...last,
			lengthMs: last.lengthMs + lengthMs
		}];
		return [...bars, {
			name,
			startMs: last.startMs + last.lengthMs,
			lengthMs
		}];
	}, []);
}
function endMs(bars) {
	const last = bars.at(-1);
	return last === void 0 ? 0 : last.startMs + last.lengthMs;
}
/**
* What every board's time went into as a Mermaid chart, which GitHub draws; each begins at 0. `undefined` where no
* board has any.
*/
function phaseChart(boards) {
	const rows = boards.map((board) => ({
		place: board.port ?? board.name,
		bars: barsOf(board)
	}));
	const longestMs = Math.max(0, ...rows.map(({ bars }) => endMs(bars)));
	const axis = axes.find(({ belowMs }) => longestMs < belowMs);
	if (longestMs === 0 || axis === void 0) return void 0;
	const sections = rows.flatMap(({ place, bars }, index) => {
		const lines = bars.map(({ name, startMs, lengthMs }) => {
			return `    ${lengthMs < longestMs * SHORTEST_NAMED ? "\u00b7" : name} :${startMs}, ${lengthMs}ms`;
		});
		return lines.length === 0 ? [] : [`  section ${sectionName(place, index)}`, ...lines];
	});
	return codeBlock([...[
		"%%{init: {\"gantt\": {\"displayMode\": \"compact\", \"leftPadding\": 170}}}%%",
		"gantt",
		"  dateFormat x",
		`  axisFormat ${axis.format}`,
		`  tickInterval ${axis.tick}`
	], ...sections], "mermaid");
}
// src/action/summary.ts
/** The runner drops a summary above 1 MiB with an error (actions/runner, FileCommandManager.cs). */
const LONGEST_SUMMARY_BYTES = 1e6;
function title(outcome) {
	const [error] = failuresOf(outcome);
	const [board, ...others] = outcome.boards;
	if (board === void 0 || others.length === 0 && outcome.error !== void 0) return error === void 0 ? "\u2796 ESP32: no board" : `\u274c ESP32 failed: ${error.code}`;
	if (others.length === 0) {
		const { sign, text } = boardVerdict(board);
		return `${sign} ESP32 ${text}`;
	}
	const count = outcome.boards.length;
	const wrong = outcome.boards.filter(hasFailed).length;
	if (wrong > 0) return `\u274c ESP32: ${wrong} of ${count} boards failed`;
	return error === void 0 ? `\u2705 ESP32: ${count} boards` : `\u274c ESP32 failed: ${error.code}`;
}
/** The app that was flashed, or the one that the board says it runs. */
function appText({ result, boot }) {
	const { project = "", version = "" } = result?.app ?? boot?.app ?? {};
	return markdownText(`${project} ${version}`.trim());
}
function boardRow(board) {
	const { result, error } = board;
	const { sign, text } = boardVerdict(board);
	const learnt = error?.details.mac;
	return [
		markdownText(board.port ?? board.name),
		`${sign} ${text}`,
		markdownText(result?.chip ?? ""),
		result?.identity.mac ?? (typeof learnt === "string" ? markdownText(learnt) : ""),
		appText(board),
		result === void 0 ? "" : formatBytes(result.bytesWritten),
		`${formatSeconds(board.durationMs)} s`
	];
}
/** One board stands open; of several, those that failed do. */
function boardSections(boards) {
	if (boards.length === 1) return boards.map(boardSection);
	return boards.flatMap((board) => {
		const section = boardSection(board);
		if (section === "") return [];
		const { sign, text } = boardVerdict(board);
		const state = hasFailed(board) ? "open" : "closed";
		return folded(`${sign} ${board.port ?? board.name}: ${text}`, section, state);
	});
}
/** The job summary of the step as Markdown, in which no text from outside is taken for markup. */
function summaryMarkdown(outcome) {
	const { boards, error } = outcome;
	const head = [
		"Board",
		"Verdict",
		"Chip",
		"MAC",
		"App",
		"Written",
		"Time"
	];
	const chart = phaseChart(boards);
	const short = [
		`### ${title(outcome)}`,
		...error === void 0 ? [] : [failureSection(error)],
		...boards.length === 0 ? [] : [table(head, boards.map(boardRow))]
	];
	const text = `${[
		...short,
		...boardSections(boards),
		...chart === void 0 ? [] : [chart]
	].filter((section) => section !== "").join("\n\n")}\n`;
	if (Buffer.byteLength(text) <= LONGEST_SUMMARY_BYTES) return text;
	return `${[...short, "The rest is too long for a summary; the outputs and the log have it."].join("\n\n")}\n`;
}
// src/action/junit.ts
/** What XML 1.0 has no way to write: control characters but tab and line ends, halves of surrogate pairs, U+FFFE, U+FFFF. */
const UNWRITABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
function xmlText(text) {
	return text.replace(UNWRITABLE, "").replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\"", "&quot;");
}
/** An attribute on one line: XML would make a blank of each line end anyway. */
function attribute(name, value) {
	return ` ${name}="${xmlText(value.toString()).replaceAll(/[\t\n\r]+/g, " ")}"`;
}
const seconds = (durationMs) => (durationMs / 1e3).toFixed(3);
function problem(kind, { code, message, hint }) {
	const text = xmlText(`${message}\nWay out: ${hint}`);
	return `<${kind}${attribute("type", code)}${attribute("message", message)}>${text}</${kind}>`;
}
function boardCase(board) {
	const { name, durationMs, error, result, boot, leftAlone } = board;
	const output = `<system-out>${xmlText([boardVerdict(board).text, ...boot === void 0 ? [] : [boot.reason, ...boot.tail]].join("\n"))}</system-out>`;
	if (error !== void 0 && !hasFailed(board)) return {
		name,
		durationMs,
		kind: "skipped",
		body: [`<skipped${attribute("message", error.message)}/>`]
	};
	if (error !== void 0) return {
		name,
		durationMs,
		kind: "failure",
		body: [problem("failure", error), output]
	};
	const reached = result !== void 0 || leftAlone === true;
	return {
		name,
		durationMs,
		kind: reached ? "passed" : "skipped",
		body: reached ? [output] : ["<skipped/>"]
	};
}
function counts(cases) {
	const count = (kind) => cases.filter((one) => one.kind === kind).length;
	return [
		attribute("tests", cases.length),
		attribute("failures", count("failure")),
		attribute("errors", count("error")),
		attribute("skipped", count("skipped"))
	].join("");
}
/**
* The step as a JUnit report: a test case for each board, named as it was asked for, with the end of its console log; an
* error of the step itself is a case of its own.
*/
function junitXml({ boards, error, durationMs }) {
	const step = error === void 0 ? [] : [{
		name: "step",
		durationMs,
		kind: "error",
		body: [problem("error", error)]
	}];
	const cases = [...boards.map(boardCase), ...step];
	const lines = cases.flatMap((one) => {
		const names = `${attribute("classname", "esp32-flash-action")}${attribute("name", one.name)}`;
		const body = one.body.map((element) => `      ${element}`);
		return [
			`    <testcase${names}${attribute("time", seconds(one.durationMs))}>`,
			...body,
			"    </testcase>"
		];
	});
	const suite = `${attribute("name", "ESP32 boards")}${counts(cases)}${attribute("time", seconds(durationMs))}`;
	return [
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
		`<testsuites${counts(cases)}${attribute("time", seconds(durationMs))}>`,
		`  <testsuite${suite}>`,
		...lines,
		"  </testsuite>",
		"</testsuites>",
		""
	].join("\n");
}
// src/action/write-junit.ts
/**
* Writes the JUnit report to `file`, relative to the workspace. One that cannot be written changes nothing about the
* board: that is a warning, and no failure.
*/
async function writeJunit(file, workspace, outcome) {
	try {
		await saveFile(workspace, file, junitXml(outcome));
	} catch (thrown) {
		const text = `The JUnit report cannot be written: ${toFlashError(thrown).message}`;
		warning(plainLine(text), { title: "ESP32 flash" });
	}
}
// src/action/flash-step.ts
/**
* The step behind its first line: reads inputs, flashes the board, writes outputs, log and summary, and sets the exit
* code. `startedMs`: when the step began, on `clock`.
*/
async function flashStep(host, clock, startedMs) {
	const boards = [];
	let junit;
	await runFramed({
		readInputs: (text) => {
			const inputs = readInputs(text);
			junit = inputs.junit;
			return inputs;
		},
		work: (inputs, surroundings) => work(inputs, boards, surroundings),
		publish: async (error) => {
			const outcome = {
				durationMs: clock.nowMs() - startedMs,
				boards,
				...error && { error }
			};
			if (junit !== void 0) await writeJunit(junit, host.env.GITHUB_WORKSPACE ?? host.cwd(), outcome);
			return publish(outcome);
		}
	}, host, clock);
}
/** The way of the data. What can fail without hardware fails before a port is opened. */
async function work(inputs, boards, surroundings) {
	const { reporter } = surroundings;
	const [line, ...more] = inputs.ports;
	boards.push(...inputs.ports.flatMap((each) => each.kind === "one" ? [{
		name: each.port,
		durationMs: 0
	}] : []));
	const { makePlans } = await import("./plans.js");
	reporter.openGroup("Get the firmware");
	const plans = await makePlans(inputs, surroundings, (firmware) => {
		for (const board of boards) board.firmware = firmware;
	});
	const symbolize = inputs.elf === void 0 ? void 0 : await loadElf(inputs.elf, surroundings);
	reporter.closeGroup();
	const [board] = boards;
	if (line?.kind === "one" && more.length === 0 && board !== void 0) {
		const { flashBoard } = await import("./flash-board2.js");
		await flashBoard({
			notes: board,
			inputs,
			plans,
			symbolize
		}, surroundings);
		return;
	}
	const { flashBoards } = await import("./flash-boards.js");
	await flashBoards(boards, {
		inputs,
		plans,
		symbolize
	}, surroundings);
}
async function loadElf(elf, { host, signal }) {
	const { loadSymbols } = await import("./symbols-file.js");
	return loadSymbols(elf, host, signal);
}
async function publish(outcome) {
	await writeSummary(summaryMarkdown(outcome));
	for (const [name, text] of Object.entries(stepOutputs(outcome))) setOutput(name, text);
	const failures = failuresOf(outcome);
	for (const line of closingLines(outcome)) info(plainLine(line));
	return failures;
}
/** What became of each board that is as it was asked for; of several boards, last how many those are. */
function closingLines({ boards, durationMs, error: ofStep }) {
	const isSole = boards.length === 1;
	const lines = boards.flatMap(({ name, port = name, result, error, leftAlone, ...board }) => {
		const prefix = isSole ? "" : `${port}: `;
		if (error !== void 0 || isSole && ofStep !== void 0) return [];
		if (leftAlone === true) return [`${prefix}Left alone: the board runs as it should`];
		if (result === void 0) return [];
		const closing = `${prefix}${closingLine(result, isSole ? durationMs : board.durationMs)}`;
		return isSole ? [boardLine(result), closing] : [closing];
	});
	return boards.length > 1 ? [...lines, countLine(boards)] : lines;
}
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
const maxTextBytes$1 = 262144;
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
	const isUtf8 = !text.slice(0, 128).includes("\ufffd");
	if (json === void 0 && isUtf8 && /^text\/html\b/i.test(origin.contentType)) return {
		code: "firmware/html",
		what: "text that the server calls an HTML page"
	};
}
/** The first characters; undefined for binary data, which has control characters early on. */
function leadingText(bytes) {
	const head = bytes.subarray(0, maxTextBytes$1);
	if (!head.subarray(0, 512).every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13)) return void 0;
	return new TextDecoder("utf-8", { ignoreBOM: true }).decode(head);
}
function describePointer(text) {
	const sizeBytes = /^size (\d+)$/m.exec(text)?.[1];
	return `a Git LFS pointer${sizeBytes === void 0 ? "" : ` to a file of ${sizeBytes} bytes`}`;
}
function parseJson(text, lengthBytes) {
	if (lengthBytes > maxTextBytes$1 || !/^[[{]/.test(text)) return void 0;
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
	throw layoutError(name, `is not as it should be${path.length === 0 ? "" : ` at ${path.join(".")}`}: ${issue.message}`, offsetOf(...path));
}
// src/firmware/flasher-args.ts
const documentSchema = looseObject({
	flash_files: record(string(), string()),
	flash_settings: optional$1(object({
		flash_mode: optional$1(string()),
		flash_freq: optional$1(string()),
		flash_size: optional$1(string())
	})),
	write_flash_args: optional$1(array(string())),
	extra_esptool_args: optional$1(looseObject({ chip: optional$1(string()) }))
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
		settings: settingsOf$1(document),
		chip: document.extra_esptool_args?.chip
	};
}
function encryptedOffsets(document) {
	const sections = Object.values(document).filter((section) => is(encryptedPart, section));
	return new Set(sections.map((section) => parseAddress(section.offset)));
}
function settingsOf$1({ flash_settings: found = {} }) {
	return {
		...found.flash_mode === void 0 ? {} : { mode: found.flash_mode },
		...found.flash_freq === void 0 ? {} : { frequency: found.flash_freq },
		...found.flash_size === void 0 ? {} : { size: found.flash_size }
	};
}
// src/firmware/web-manifest.ts
const buildSchema = object({
	chipFamily: string(),
	serialType: optional$1(string()),
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
		chip: chipOf$1(chipFamily)
	};
}
function chooseBuild({ name, chip }, builds) {
	const families = [...new Set(builds.map((build) => build.chipFamily))];
	const refuse = (what) => new FlashError("firmware/chip", `${name} ${what}; it has builds for ${families.join(", ") || "no chip"}`, {
		name,
		families
	});
	if (chip === void 0 && families.length > 1) throw refuse("is for several chips, and `chip` does not say which");
	const ours = builds.filter((build) => chip === void 0 || chipOf$1(build.chipFamily) === chip);
	const [build, second] = ours.length > 1 ? ours.filter((candidate) => candidate.serialType === void 0) : ours;
	if (build !== void 0 && second === void 0) return build;
	throw refuse(ours.length === 0 ? `has no build for ${chip ?? "any chip"}` : `has several builds for one chip`);
}
/** `ESP32-S3` is `esp32s3`. */
function chipOf$1(family) {
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
* data may look alike, so there a layout, a HEX or an ELF file has to be named as such. Throws `firmware/\u2026`,
* `image/\u2026`, or `input/conflict` where both the user and the file say what goes where.
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
// src/firmware/nearby.ts
/** A host that others do not reach, but this machine does: why nobody else may send us there. Undefined for any other. */
function nearbyPlace(url) {
	const host = url.hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
	const family = isIPv6(host) ? "ipv6" : "ipv4";
	if (/^(.+\.)?localhost$/.test(host) || loopback.check(host, family)) return "this machine";
	return host === "metadata.google.internal" || linkLocal.check(host, family) ? "a link-local address" : void 0;
}
const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addSubnet("0.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");
loopback.addAddress("::", "ipv6");
const linkLocal = new BlockList();
linkLocal.addSubnet("169.254.0.0", 16, "ipv4");
linkLocal.addSubnet("fe80::", 10, "ipv6");
linkLocal.addAddress("fd00:ec2::254", "ipv6");
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
/**
* Why what came from `from` may not send us to `target`; completes "redirects". Undefined if it may. What is written in
* the workspace may name this machine, a server elsewhere may not: it would reach through us what it does not see itself.
*/
function objectionTo(from, target) {
	const shown = redactUrl(target.href);
	if (target.protocol !== "http:" && target.protocol !== "https:") return `to ${shown}, which is neither http nor https`;
	const fromPlace = from === "workspace" ? "this machine" : nearbyPlace(from);
	const place = nearbyPlace(target);
	if (place !== void 0 && place !== fromPlace) return `to ${shown}, which is ${place}`;
	return from !== "workspace" && from.protocol === "https:" && target.protocol === "http:" ? `from https to ${shown}, which is not encrypted` : void 0;
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
// src/firmware/part-location.ts
/**
* The location of a part that a layout names: below the layout's folder, at an http or https URL, or an asset of the
* same release. `request` is what led to the layout; its credentials go along within one origin. Throws
* `firmware/layout-path` for every other place.
*/
async function partLocation(layout, path, request) {
	const { name, base } = layout;
	if (base.kind === "url") return urlOf(name, new URL(base.url), path, request);
	if (/^https?:\/\//i.test(path)) return urlOf(name, base.kind === "folder" ? "workspace" : new URL(request.github.apiUrl), path, request);
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
	if (realFolder !== void 0 && realWanted !== void 0 && !isWithin(realFolder, realWanted)) throw pathError(layoutName, path, "a link that leads out of its folder");
	return wanted;
}
/** Undefined for what is not there: reading it will tell better. */
function realOf(path) {
	return realpath(path).catch(() => void 0);
}
function urlOf(layoutName, from, path, request) {
	const base = from === "workspace" ? void 0 : from;
	if (!URL.canParse(path, base?.href)) throw pathError(layoutName, path, "which is not a URL");
	const target = withoutCredentials(new URL(path, base));
	const objection = objectionTo(from, target);
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
	refuseLinkOut(path, request.workspace);
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
/** Throws `firmware/link` for what a link in the workspace leads out of it. */
function refuseLinkOut(path, workspace) {
	const realPath = linkedOutside(path, workspace);
	if (realPath === void 0) return;
	throw new FlashError("firmware/link", `${path} leads to ${realPath}, outside of the workspace`, {
		path,
		realPath
	});
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
	const systemCode = systemCodeOf$1(error);
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
* Gets one file. Only what the user wrote leads to a local one; no server does. Throws `firmware/\u2026`, `input/invalid`,
* or the signal's reason as soon as it aborts.
*/
async function loadFile(request, deps) {
	deps.signal.throwIfAborted();
	const { input, location } = request;
	const scheme = schemeOf(location);
	const source = Object.hasOwn(firmwareSources, scheme) ? firmwareSources[scheme] : void 0;
	const isMistaken = location.trim() === "" || scheme === "path" && location.includes("://");
	if (source === void 0 || isMistaken) throw new FlashError("input/invalid", `${input} does not take "${redactUrl(location)}"; it takes an http:// or https:// URL, a file:/// URL, github-release:owner/repo@tag/asset, or a path (with ./ in front if its name has a colon)`, { input });
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
		if (totalBytes > 134217728) throw tooLarge(`the content of ${archive} up to the member at byte ${hex32(claimedAt)}`, totalBytes, { offset: hex32(claimedAt) });
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
			else if (systemCodeOf$1(error) === "ERR_BUFFER_TOO_LARGE") resolve({ kind: "too-long" });
			else resolve({
				kind: "damaged",
				systemCode: systemCodeOf$1(error)
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
	if (inflated.kind === "too-long") throw tooLarge(`the content of ${file.name}`, 134217729);
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
* Gets a file, unpacks it and reads what it holds, with all the parts that a layout names. Throws `firmware/\u2026`,
* `image/\u2026`, `input/invalid`, `input/conflict`, or the signal's reason.
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
	const more = archive.members.length > members.length ? ", \u2026" : "";
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
* `firmware/\u2026`, `image/\u2026`, `input/invalid`, `input/conflict`, or the signal's reason as soon as it aborts.
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
// src/action/plan-request.ts
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
	const { erase, preserve, keepGaps, before, after, baud, stub, compress, connectAttempts, allow, dryRun, rewrite } = inputs;
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
		rewrite,
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
// src/action/plans.ts
/** What is to be fetched, the particular before the general. */
function firmwareWishes(inputs) {
	const { firmwareMap, firmwareUrl, sha256, offset, files, chip } = inputs;
	const mapped = firmwareMap.map(({ board, item }) => ({
		board,
		items: [item]
	}));
	if (firmwareUrl !== void 0) {
		const place = offset === void 0 ? void 0 : {
			kind: "offset",
			offset
		};
		return [...mapped, { items: [{
			location: firmwareUrl,
			sha256,
			place
		}] }];
	}
	if (files.length === 0) return mapped;
	const named = [...new Set(files.flatMap((line) => line.chip ?? []))];
	if (named.length === 0) return [...mapped, { items: files }];
	const linesFor = (one) => files.filter((line) => line.chip === void 0 || line.chip === one);
	if (chip !== "auto") return [...mapped, { items: linesFor(chip) }];
	return [...mapped, ...named.map((one) => ({
		chip: one,
		items: linesFor(one)
	}))];
}
/**
* Gets all firmware of the step, checks and plans it. What several boards shall hold is fetched once. `onFirmware` hears of
* firmware that all boards shall hold, before it is planned.
*/
async function makePlans(inputs, surroundings, onFirmware) {
	const plans = [];
	const byItems = /* @__PURE__ */ new Map();
	const wishes = firmwareWishes(inputs);
	for (const { items, ...fit } of wishes) {
		const key = JSON.stringify([items, fit.chip]);
		let known = byItems.get(key);
		if (known === void 0) {
			const forChip = fit.chip === void 0 ? inputs : {
				...inputs,
				chip: fit.chip
			};
			const firmware = await getFirmware(forChip, items, surroundings);
			if (wishes.length === 1) onFirmware(firmware);
			known = {
				firmware,
				job: planJob(forChip, firmware)
			};
		}
		byItems.set(key, known);
		plans.push({
			...known,
			...fit
		});
	}
	return plans;
}
async function getFirmware(inputs, items, { host, clock, signal, reporter }) {
	const say = (level, text) => reporter.listener({
		kind: "message",
		level,
		text
	});
	const firmware = await resolveFirmware({
		input: inputs.files.some((line) => items.includes(line)) ? "files" : "firmware-url",
		items,
		chip: inputs.chip === "auto" ? void 0 : inputs.chip,
		workspace: host.env.GITHUB_WORKSPACE ?? host.cwd(),
		github: {
			apiUrl: githubApiUrl(host.env),
			token: inputs.token
		}
	}, {
		clock,
		signal,
		onMessage: say
	});
	const remark = encryptionRemark(firmware);
	if (remark !== void 0) say("warning", remark);
	return firmware;
}
function planJob(inputs, firmware) {
	const job = planFlash(planRequest(inputs, firmware));
	for (const image of [...job.images, ...job.unplaced]) {
		const place = "offset" in image ? hex32(image.offset) : `the partition ${image.partition}`;
		info(plainLine(`${image.name}: ${formatBytes(image.bytes.length)} for ${place}, SHA-256 ${image.sha256}`));
	}
	return job;
}
// src/action/symbols-file.ts
/** The symbols of the ELF file that the input `elf` names. Throws `firmware/unreadable`, `firmware/link`, `image/elf`. */
async function loadSymbols(elf, host, signal) {
	const workspace = host.env.GITHUB_WORKSPACE ?? host.cwd();
	const path = resolve(workspace, elf);
	refuseLinkOut(path, workspace);
	let bytes;
	try {
		bytes = await readFile(path, { signal });
	} catch (thrown) {
		signal.throwIfAborted();
		const { message } = toFlashError(thrown);
		throw new FlashError("firmware/unreadable", `\`elf\`: ${path} cannot be read: ${message}`, { path }, thrown);
	}
	return readSymbols(bytes);
}
export { mmuPageBytesOf as $, attachStubFlash as $t, planFlash as A, isEspressifUsb as An, formatSeconds as At, checkImages as B, describeOwner as Bn, parseTcpUrl as Bt, possiblePlans as C, timeouts as Cn, claimBoard as Ct, noJournal as D, hardReset as Dn, formatDuration as Dt, boardJournal as E, encodeRequest as En, describeWedged as Et, checkLayout as F, lockBoard as Fn, lockNameOfMac as Ft, PARTITION_TABLE_BYTES as G, meaningOf as Gt, refuse as H, releaseBoard as Hn, readConsole as Ht, tableOfJob as I, lockPaths as In, lockNameOfPort as It, isAppPartition as J, looksLikeElf as Jt, PARTITION_TABLE_OFFSET as K, meet as Kt, applySettings as L, ownerOfBoard as Ln, usbIds as Lt, preservedPartitions as M, isBoardAtWork as Mn, knownBoards as Mt, partitionNamed as N, isKeptBoard as Nn, rememberedPorts as Nt, flashedApp as O, resetByLines as On, formatFlashSize as Ot, placeInTable as P, stateNames as Pn, discovery as Pt, buildAppDescription as Q, attachRomFlash as Qt, declaredFlashBytes as R, defaultLockDir as Rn, openTransport as Rt, jobFor as S, readRegister as Sn, notesDirectory as St, linkedOutside as T, decodeReply as Tn, boardHealth as Tt, contentOf as U, shownLine as Ut, rangeOf as V, jobIdentity as Vn, openBootLog as Vt, beginsAsImage as W, consoleRates as Wt, parsePartitionTable as X, createFlightRecorder as Xt, looksLikePartitionTable as Y, parseElf as Yt, parseImage as Z, CONNECT_BAUD as Zt, createFailFast as _, changeUartDivider as _n, sha256 as _t, redirectTarget as a, spiSetParams as an, parseSegmentHeader as at, boardLane as b, memoryEnd as bn, writeSummary as bt, sha256Of as c, statusCodes as cn, parseHeader as ct, checkSize as d, flashSizeFromName as dn, needsFlashMapping as dt, openDevice as en, parseAppDescription as et, httpLimits as f, leaveLoader as fn, SECTOR_BYTES$1 as ft, shareTime as g, changeBaudrate as gn, subtract as gt, createSlots as h, writeWord as hn, sectorsOf as ht, isRedirect as i, readFlashSlow as in, imageLength as it, checkWritable as j, isUsbOtg as jn, createBootCheck as jt, onlyApp as k, OTG_BLOCK_BYTES as kn, formatRevision as kt, checkContent as l, esp32 as ln, truncated as lt, flashStep as m, writeCommand as mn, overlaps as mt, firmwareWishes as n, LOWEST_BAUD as nn, isEsp8266Image as nt, refused as o, MAGIC_ADDRESS as on, segmentChecksum as ot, maxFirmwareBytes as p, readWord as pn, desiredRanges as pt, buildPartitionTable as q, elfError as qt, makePlans as r, autoBauds as rn, checksumOffset as rt, joinChunks as s, Connection as sn, malformed as st, loadSymbols as t, readFlashRange as tn, ESP8266_IROM as tt, checkNotEmpty as u, stubDialect as un, isFlashMapped as ut, inLockOrder as v, memoryBegin as vn, runFramed as vt, saveFile as w, opcodes as wn, followPort as wt, isHealthy as x, memoryStay as xn, readRows as xt, placeBoards as y, memoryData as yn, whatHappened as yt, addressableBytes as z, lockFile as zn, parseRfc2217Url as zt };
