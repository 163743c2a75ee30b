import { $ as sleep, Y as FlashError } from "./first-line.js";
import { randomUUID } from "node:crypto";
import { spawn } from "node:child_process";
import { accessSync, chmodSync, closeSync, constants, existsSync, fchmodSync, fstatSync, ftruncateSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeSync } from "node:fs";
import path, { join } from "node:path";
import { hostname } from "node:os";
// src/ports/shared-file.ts
/**
* Opens a file that every user may read and write, and makes it if need be. It opens before it creates: with
* `fs.protected_regular`, Linux refuses O_CREAT on another user's file in a folder like /tmp. Throws what the system throws.
*/
function openShared(path) {
	for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
		const fd = tryOpen(path, constants.O_RDWR, "ENOENT") ?? create(path);
		if (fd !== void 0) return fd;
	}
	throw new Error(`${path} is there and is not: does it link to nowhere?`);
}
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
		return openSync(path, flags, 438);
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
function titleOf(repository = "unknown repository", run = "?", job = "?", runner = "?") {
	return `${repository}, run ${run}, job ${job}, runner ${runner}`;
}
/** One sentence part for a waiter's log. */
function describeOwner(owner) {
	return owner === void 0 ? "a job that has not given its name" : `${owner.title}, since ${owner.since}`;
}
/** What stands at `path`; `undefined` where nothing does, or where it is just being written. */
function readOwner(path) {
	try {
		const owner = JSON.parse(readFileSync(path, "utf8"));
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
			await sleep(deps.clock, POLL_MS, deps.signal);
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
const POLL_MS = 100;
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
	const child = spawn("flock", [...patience === "now" ? ["-x", "-n"] : ["-x"], "3"], { stdio: [
		"ignore",
		"ignore",
		"pipe",
		fd
	] });
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
		const message = `\`lock-dir\` ${lockDir} cannot be used: ${String(thrown)}`;
		throw new FlashError("lock/unavailable", message, { path: lockDir }, thrown);
	}
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
/** The mount that `folder` lies in, as proc(5) lists them in mountinfo. */
function mountOf(folder, root) {
	let text;
	try {
		text = readFileSync(path.join(root, "proc/self/mountinfo"), "utf8");
	} catch {
		return;
	}
	const mounts = text.split("\n").flatMap((line) => {
		const [before = "", after = ""] = line.split(" - ");
		const [, , , source, point] = before.split(" ");
		const [type] = after.split(" ");
		return source !== void 0 && point !== void 0 && type !== void 0 ? [{
			source,
			point,
			type
		}] : [];
	});
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
	const cancel = timeoutMs === 0 ? noTimer : clock.schedule(timeoutMs, () => deadline.abort());
	try {
		return await claim(name, {
			...options,
			signal: AbortSignal.any([signal, deadline.signal])
		});
	} catch (thrown) {
		if (!deadline.signal.aborted || signal.aborted || thrown instanceof FlashError) throw thrown;
		throw heldError(name, options);
	} finally {
		cancel();
	}
}
const noTimer = () => void 0;
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
export { isContainer as a, keepForJob as c, privateLockDir as i, releaseBoard as l, ownerOfBoard as n, describeOwner as o, defaultLockDir as r, jobIdentity as s, lockBoard as t, systemCodeOf as u };
