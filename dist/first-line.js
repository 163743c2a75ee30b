import * as os from "os";
import { EOL } from "os";
import * as crypto from "crypto";
import * as fs from "fs";
import { constants, promises } from "fs";
import "path";
import { createHash, randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { closeSync, constants as constants$1, fstatSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mkdir, rename, rm, writeFile as writeFile$1 } from "node:fs/promises";
// node_modules/@actions/core/lib/utils.js
/**
* Sanitizes an input into a string so it can be passed into issueCommand safely
* @param input input to sanitize into a string
*/
function toCommandValue(input) {
	if (input === null || input === void 0) return "";
	else if (typeof input === "string" || input instanceof String) return input;
	return JSON.stringify(input);
}
/**
*
* @param annotationProperties
* @returns The command properties to send with the actual annotation command
* See IssueCommandProperties: https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs#L646
*/
function toCommandProperties(annotationProperties) {
	if (!Object.keys(annotationProperties).length) return {};
	return {
		title: annotationProperties.title,
		file: annotationProperties.file,
		line: annotationProperties.startLine,
		endLine: annotationProperties.endLine,
		col: annotationProperties.startColumn,
		endColumn: annotationProperties.endColumn
	};
}
// node_modules/@actions/core/lib/command.js
/**
* Issues a command to the GitHub Actions runner
*
* @param command - The command name to issue
* @param properties - Additional properties for the command (key-value pairs)
* @param message - The message to include with the command
* @remarks
* This function outputs a specially formatted string to stdout that the Actions
* runner interprets as a command. These commands can control workflow behavior,
* set outputs, create annotations, mask values, and more.
*
* Command Format:
*   ::name key=value,key=value::message
*
* @example
* ```typescript
* // Issue a warning annotation
* issueCommand('warning', {}, 'This is a warning message');
* // Output: ::warning::This is a warning message
*
* // Set an environment variable
* issueCommand('set-env', { name: 'MY_VAR' }, 'some value');
* // Output: ::set-env name=MY_VAR::some value
*
* // Add a secret mask
* issueCommand('add-mask', {}, 'secretValue123');
* // Output: ::add-mask::secretValue123
* ```
*
* @internal
* This is an internal utility function that powers the public API functions
* such as setSecret, warning, error, and exportVariable.
*/
function issueCommand(command, properties, message) {
	const cmd = new Command(command, properties, message);
	process.stdout.write(cmd.toString() + os.EOL);
}
function issue(name, message = "") {
	issueCommand(name, {}, message);
}
const CMD_STRING = "::";
var Command = class {
	constructor(command, properties, message) {
		if (!command) command = "missing.command";
		this.command = command;
		this.properties = properties;
		this.message = message;
	}
	toString() {
		let cmdStr = CMD_STRING + this.command;
		if (this.properties && Object.keys(this.properties).length > 0) {
			cmdStr += " ";
			let first = true;
			for (const key in this.properties) if (this.properties.hasOwnProperty(key)) {
				const val = this.properties[key];
				if (val) {
					if (first) first = false;
					else cmdStr += ",";
					cmdStr += `${key}=${escapeProperty(val)}`;
				}
			}
		}
		cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
		return cmdStr;
	}
};
function escapeData(s) {
	return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
function escapeProperty(s) {
	return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/:/g, "%3A").replace(/,/g, "%2C");
}
// node_modules/@actions/core/lib/file-command.js
function issueFileCommand(command, message) {
	const filePath = process.env[`GITHUB_${command}`];
	if (!filePath) throw new Error(`Unable to find environment variable for file command ${command}`);
	if (!fs.existsSync(filePath)) throw new Error(`Missing file at path: ${filePath}`);
	fs.appendFileSync(filePath, `${toCommandValue(message)}${os.EOL}`, { encoding: "utf8" });
}
function prepareKeyValueMessage(key, value) {
	const delimiter = `ghadelimiter_${crypto.randomUUID()}`;
	const convertedValue = toCommandValue(value);
	if (key.includes(delimiter)) throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
	if (convertedValue.includes(delimiter)) throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
	return `${key}<<${delimiter}${os.EOL}${convertedValue}${os.EOL}${delimiter}`;
}
// node_modules/@actions/core/lib/summary.js
var __awaiter$1 = function(thisArg, _arguments, P, generator) {
	function adopt(value) {
		return value instanceof P ? value : new P(function(resolve) {
			resolve(value);
		});
	}
	return new (P || (P = Promise))(function(resolve, reject) {
		function fulfilled(value) {
			try {
				step(generator.next(value));
			} catch (e) {
				reject(e);
			}
		}
		function rejected(value) {
			try {
				step(generator["throw"](value));
			} catch (e) {
				reject(e);
			}
		}
		function step(result) {
			result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected);
		}
		step((generator = generator.apply(thisArg, _arguments || [])).next());
	});
};
const { access, appendFile, writeFile } = promises;
const SUMMARY_ENV_VAR = "GITHUB_STEP_SUMMARY";
var Summary = class {
	constructor() {
		this._buffer = "";
	}
	/**
	* Finds the summary file path from the environment, rejects if env var is not found or file does not exist
	* Also checks r/w permissions.
	*
	* @returns step summary file path
	*/
	filePath() {
		return __awaiter$1(this, void 0, void 0, function* () {
			if (this._filePath) return this._filePath;
			const pathFromEnv = process.env[SUMMARY_ENV_VAR];
			if (!pathFromEnv) throw new Error(`Unable to find environment variable for $${SUMMARY_ENV_VAR}. Check if your runtime environment supports job summaries.`);
			try {
				yield access(pathFromEnv, constants.R_OK | constants.W_OK);
			} catch (_a) {
				throw new Error(`Unable to access summary file: '${pathFromEnv}'. Check if the file has correct read/write permissions.`);
			}
			this._filePath = pathFromEnv;
			return this._filePath;
		});
	}
	/**
	* Wraps content in an HTML tag, adding any HTML attributes
	*
	* @param {string} tag HTML tag to wrap
	* @param {string | null} content content within the tag
	* @param {[attribute: string]: string} attrs key-value list of HTML attributes to add
	*
	* @returns {string} content wrapped in HTML element
	*/
	wrap(tag, content, attrs = {}) {
		const htmlAttrs = Object.entries(attrs).map(([key, value]) => ` ${key}="${value}"`).join("");
		if (!content) return `<${tag}${htmlAttrs}>`;
		return `<${tag}${htmlAttrs}>${content}</${tag}>`;
	}
	/**
	* Writes text in the buffer to the summary buffer file and empties buffer. Will append by default.
	*
	* @param {SummaryWriteOptions} [options] (optional) options for write operation
	*
	* @returns {Promise<Summary>} summary instance
	*/
	write(options) {
		return __awaiter$1(this, void 0, void 0, function* () {
			const overwrite = !!(options === null || options === void 0 ? void 0 : options.overwrite);
			const filePath = yield this.filePath();
			yield (overwrite ? writeFile : appendFile)(filePath, this._buffer, { encoding: "utf8" });
			return this.emptyBuffer();
		});
	}
	/**
	* Clears the summary buffer and wipes the summary file
	*
	* @returns {Summary} summary instance
	*/
	clear() {
		return __awaiter$1(this, void 0, void 0, function* () {
			return this.emptyBuffer().write({ overwrite: true });
		});
	}
	/**
	* Returns the current summary buffer as a string
	*
	* @returns {string} string of summary buffer
	*/
	stringify() {
		return this._buffer;
	}
	/**
	* If the summary buffer is empty
	*
	* @returns {boolen} true if the buffer is empty
	*/
	isEmptyBuffer() {
		return this._buffer.length === 0;
	}
	/**
	* Resets the summary buffer without writing to summary file
	*
	* @returns {Summary} summary instance
	*/
	emptyBuffer() {
		this._buffer = "";
		return this;
	}
	/**
	* Adds raw text to the summary buffer
	*
	* @param {string} text content to add
	* @param {boolean} [addEOL=false] (optional) append an EOL to the raw text (default: false)
	*
	* @returns {Summary} summary instance
	*/
	addRaw(text, addEOL = false) {
		this._buffer += text;
		return addEOL ? this.addEOL() : this;
	}
	/**
	* Adds the operating system-specific end-of-line marker to the buffer
	*
	* @returns {Summary} summary instance
	*/
	addEOL() {
		return this.addRaw(EOL);
	}
	/**
	* Adds an HTML codeblock to the summary buffer
	*
	* @param {string} code content to render within fenced code block
	* @param {string} lang (optional) language to syntax highlight code
	*
	* @returns {Summary} summary instance
	*/
	addCodeBlock(code, lang) {
		const attrs = Object.assign({}, lang && { lang });
		const element = this.wrap("pre", this.wrap("code", code), attrs);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML list to the summary buffer
	*
	* @param {string[]} items list of items to render
	* @param {boolean} [ordered=false] (optional) if the rendered list should be ordered or not (default: false)
	*
	* @returns {Summary} summary instance
	*/
	addList(items, ordered = false) {
		const tag = ordered ? "ol" : "ul";
		const listItems = items.map((item) => this.wrap("li", item)).join("");
		const element = this.wrap(tag, listItems);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML table to the summary buffer
	*
	* @param {SummaryTableCell[]} rows table rows
	*
	* @returns {Summary} summary instance
	*/
	addTable(rows) {
		const tableBody = rows.map((row) => {
			const cells = row.map((cell) => {
				if (typeof cell === "string") return this.wrap("td", cell);
				const { header, data, colspan, rowspan } = cell;
				const tag = header ? "th" : "td";
				const attrs = Object.assign(Object.assign({}, colspan && { colspan }), rowspan && { rowspan });
				return this.wrap(tag, data, attrs);
			}).join("");
			return this.wrap("tr", cells);
		}).join("");
		const element = this.wrap("table", tableBody);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds a collapsable HTML details element to the summary buffer
	*
	* @param {string} label text for the closed state
	* @param {string} content collapsable content
	*
	* @returns {Summary} summary instance
	*/
	addDetails(label, content) {
		const element = this.wrap("details", this.wrap("summary", label) + content);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML image tag to the summary buffer
	*
	* @param {string} src path to the image you to embed
	* @param {string} alt text description of the image
	* @param {SummaryImageOptions} options (optional) addition image attributes
	*
	* @returns {Summary} summary instance
	*/
	addImage(src, alt, options) {
		const { width, height } = options || {};
		const attrs = Object.assign(Object.assign({}, width && { width }), height && { height });
		const element = this.wrap("img", null, Object.assign({
			src,
			alt
		}, attrs));
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML section heading element
	*
	* @param {string} text heading text
	* @param {number | string} [level=1] (optional) the heading level, default: 1
	*
	* @returns {Summary} summary instance
	*/
	addHeading(text, level) {
		const tag = `h${level}`;
		const allowedTag = [
			"h1",
			"h2",
			"h3",
			"h4",
			"h5",
			"h6"
		].includes(tag) ? tag : "h1";
		const element = this.wrap(allowedTag, text);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML thematic break (<hr>) to the summary buffer
	*
	* @returns {Summary} summary instance
	*/
	addSeparator() {
		const element = this.wrap("hr", null);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML line break (<br>) to the summary buffer
	*
	* @returns {Summary} summary instance
	*/
	addBreak() {
		const element = this.wrap("br", null);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML blockquote to the summary buffer
	*
	* @param {string} text quote text
	* @param {string} cite (optional) citation url
	*
	* @returns {Summary} summary instance
	*/
	addQuote(text, cite) {
		const attrs = Object.assign({}, cite && { cite });
		const element = this.wrap("blockquote", text, attrs);
		return this.addRaw(element).addEOL();
	}
	/**
	* Adds an HTML anchor tag to the summary buffer
	*
	* @param {string} text link text/content
	* @param {string} href hyperlink
	*
	* @returns {Summary} summary instance
	*/
	addLink(text, href) {
		const element = this.wrap("a", text, { href });
		return this.addRaw(element).addEOL();
	}
};
const summary = new Summary();
/**
* The code to exit an action
*/
var ExitCode;
(function(ExitCode) {
	/**
	* A code indicating that the action was successful
	*/
	ExitCode[ExitCode["Success"] = 0] = "Success";
	/**
	* A code indicating that the action was a failure
	*/
	ExitCode[ExitCode["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
/**
* Registers a secret which will get masked from logs
*
* @param secret - Value of the secret to be masked
* @remarks
* This function instructs the Actions runner to mask the specified value in any
* logs produced during the workflow run. Once registered, the secret value will
* be replaced with asterisks (***) whenever it appears in console output, logs,
* or error messages.
*
* This is useful for protecting sensitive information such as:
* - API keys
* - Access tokens
* - Authentication credentials
* - URL parameters containing signatures (SAS tokens)
*
* Note that masking only affects future logs; any previous appearances of the
* secret in logs before calling this function will remain unmasked.
*
* @example
* ```typescript
* // Register an API token as a secret
* const apiToken = "abc123xyz456";
* setSecret(apiToken);
*
* // Now any logs containing this value will show *** instead
* console.log(`Using token: ${apiToken}`); // Outputs: "Using token: ***"
* ```
*/
function setSecret(secret) {
	issueCommand("add-mask", {}, secret);
}
/**
* Gets the value of an input.
* Unless trimWhitespace is set to false in InputOptions, the value is also trimmed.
* Returns an empty string if the value is not defined.
*
* @param     name     name of the input to get
* @param     options  optional. See InputOptions.
* @returns   string
*/
function getInput(name, options) {
	const val = process.env[`INPUT_${name.replace(/ /g, "_").toUpperCase()}`] || "";
	if (options && options.required && !val) throw new Error(`Input required and not supplied: ${name}`);
	if (options && options.trimWhitespace === false) return val;
	return val.trim();
}
/**
* Sets the value of an output.
*
* @param     name     name of the output to set
* @param     value    value to store. Non-string values will be converted to a string via JSON.stringify
*/
function setOutput(name, value) {
	if (process.env["GITHUB_OUTPUT"] || "") return issueFileCommand("OUTPUT", prepareKeyValueMessage(name, value));
	process.stdout.write(os.EOL);
	issueCommand("set-output", { name }, toCommandValue(value));
}
/**
* Gets whether Actions Step Debug is on or not
*/
function isDebug() {
	return process.env["RUNNER_DEBUG"] === "1";
}
/**
* Writes debug message to user log
* @param message debug message
*/
function debug(message) {
	issueCommand("debug", {}, message);
}
/**
* Adds an error issue
* @param message error issue message. Errors will be converted to string via toString()
* @param properties optional properties to add to the annotation.
*/
function error(message, properties = {}) {
	issueCommand("error", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
* Adds a warning issue
* @param message warning issue message. Errors will be converted to string via toString()
* @param properties optional properties to add to the annotation.
*/
function warning(message, properties = {}) {
	issueCommand("warning", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
* Writes info to log with console.log.
* @param message info message
*/
function info(message) {
	process.stdout.write(message + os.EOL);
}
/**
* Begin an output group.
*
* Output until the next `groupEnd` will be foldable in this group
*
* @param name The name of the output group
*/
function startGroup(name) {
	issue("group", name);
}
/**
* End an output group.
*/
function endGroup() {
	issue("endgroup");
}
/**
* Saves state for current action, the state can only be retrieved by this action's post job execution.
*
* @param     name     name of the state to store
* @param     value    value to store. Non-string values will be converted to a string via JSON.stringify
*/
function saveState(name, value) {
	if (process.env["GITHUB_STATE"] || "") return issueFileCommand("STATE", prepareKeyValueMessage(name, value));
	issueCommand("save-state", { name }, toCommandValue(value));
}
/**
* Gets the value of an state set by this action's main execution.
*
* @param     name     name of the state to get
* @returns   string
*/
function getState(name) {
	return process.env[`STATE_${name}`] || "";
}
// src/base/clock.ts
/** The machine's own time. */
const systemClock = {
	nowMs: () => performance.now(),
	schedule(delayMs, callback) {
		const timer = setTimeout(callback, delayMs);
		return () => clearTimeout(timer);
	},
	breathe: () => new Promise((resolve) => setImmediate(resolve)),
	aside: (work) => work
};
/** A timer that comes so late shows that this process stood still. */
const STOOD_STILL_MS = 5;
/** Reading what came meanwhile takes a few turns of the event loop, on a serial port also a thread's help. */
const CATCH_UP_MS = 100;
/**
* As `schedule`, for the end of a wait for bytes. A process that stood still runs its timers before it reads, so what has
* come in time would count for nothing: it is read first. `delayMs` may be negative, where the time is up already.
*/
function scheduleDeadline(clock, delayMs, callback) {
	const dueMs = clock.nowMs() + delayMs;
	let cancel = clock.schedule(delayMs, () => {
		if (clock.nowMs() - dueMs < STOOD_STILL_MS) callback();
		else cancel = clock.schedule(CATCH_UP_MS, callback);
	});
	return () => cancel();
}
/** Resolves after `delayMs`. Rejects with the signal's reason as soon as `signal` aborts. */
function sleep(clock, delayMs, signal) {
	return wait((wake) => clock.schedule(delayMs, wake), signal);
}
/** As `sleep`, for a time in which bytes are waited for; see `scheduleDeadline`. */
function sleepReading(clock, delayMs, signal) {
	return wait((wake) => scheduleDeadline(clock, delayMs, wake), signal);
}
function wait(schedule, signal) {
	return new Promise((resolve, reject) => {
		if (signal?.aborted) {
			reject(signal.reason);
			return;
		}
		const onAbort = () => {
			cancel();
			reject(signal?.reason);
		};
		const cancel = schedule(() => {
			signal?.removeEventListener("abort", onAbort);
			resolve();
		});
		signal?.addEventListener("abort", onAbort, { once: true });
	});
}
// src/base/error-catalogue.ts
/** Every error code of the project. A new error is a new row here. */
const errorCatalogue = {
	"input/required": {
		meaning: "An input that the step needs is missing.",
		hint: "Set the input under `with:` in the workflow."
	},
	"input/invalid": {
		meaning: "An input has a value that it does not take.",
		hint: "Use one of the values that the message names."
	},
	"input/conflict": {
		meaning: "Two inputs contradict each other.",
		hint: "Drop one of the two that the message names."
	},
	"firmware/not-found": {
		meaning: "There is no firmware file at the given path.",
		hint: "Check the path; it is relative to the workspace. Does the build step run before this one?"
	},
	"firmware/not-a-file": {
		meaning: "The firmware path is a directory or a device.",
		hint: "Name the image file itself."
	},
	"firmware/unreadable": {
		meaning: "The firmware file cannot be read.",
		hint: "Give the user of the runner the right to read it."
	},
	"firmware/empty": {
		meaning: "The firmware has no bytes.",
		hint: "Look at the step that makes or uploads it."
	},
	"firmware/too-large": {
		meaning: "The firmware, or what is packed in it, is larger than any flash that these chips can address.",
		hint: "Check that the path or URL leads to the firmware and not to a disk image or an archive of something else."
	},
	"firmware/unreachable": {
		meaning: "The firmware server could not be reached.",
		hint: "Check host name, network and proxy of the runner."
	},
	"firmware/http-status": {
		meaning: "The firmware server answered with an error.",
		hint: "Open the URL by hand; 401 or 403 asks for credentials, 404 means that the file is not there."
	},
	"firmware/redirect": {
		meaning: "The firmware server redirects too often, or to a place that is not allowed.",
		hint: "Use the final http or https URL of the file."
	},
	"firmware/timeout": {
		meaning: "The firmware server stopped sending, or the download took too long.",
		hint: "Try again, or host the firmware nearer to the runner."
	},
	"firmware/truncated": {
		meaning: "The download ended before all announced bytes had come.",
		hint: "Try again; if it stays, the server or a proxy cuts the file."
	},
	"firmware/certificate": {
		meaning: "The certificate of the firmware server is not accepted.",
		hint: "Correct the host name, or give the runner the CA of your network in NODE_EXTRA_CA_CERTS."
	},
	"firmware/encoding": {
		meaning: "The firmware server compresses the file in a way that cannot be undone.",
		hint: "Let the server send the file as it is (no Content-Encoding)."
	},
	"firmware/sha256": {
		meaning: "The firmware is not the one that `sha256` names.",
		hint: "Update `sha256` if the firmware was meant to change; otherwise find out who changed it."
	},
	"firmware/html": {
		meaning: "What came is a web page, not firmware.",
		hint: "Use the direct (raw) URL of the file; a login page also ends here."
	},
	"firmware/json": {
		meaning: "What came is a JSON document, neither firmware nor a layout.",
		hint: "An API answers with JSON on errors and for metadata: use the URL that delivers the file itself."
	},
	"firmware/lfs-pointer": {
		meaning: "What came is a Git LFS pointer, not the file that it stands for.",
		hint: "Check out with `lfs: true`, or use the media URL of the file."
	},
	"firmware/link": {
		meaning: "The path lies in the workspace, but a link leads out of it.",
		hint: "Name the file where it really is, by its whole path, if that is meant; otherwise find out who made the link."
	},
	"firmware/layout": {
		meaning: "The layout (flasher_args.json, flash_args or manifest.json) cannot be used as it stands.",
		hint: "Let the build make it anew, or name the images one by one in `files`."
	},
	"firmware/layout-path": {
		meaning: "The layout names a part outside the place that it came from.",
		hint: "Keep the parts beside or below the layout, or name the images one by one in `files`."
	},
	"firmware/chip": {
		meaning: "The firmware is for another chip, or does not say for which of several.",
		hint: "Set `chip` to the chip of this board."
	},
	"firmware/archive": {
		meaning: "The archive is damaged, unsafe, or of a kind that is not read.",
		hint: "Make it anew as a plain .zip or .tgz that holds files and folders only."
	},
	"firmware/no-member": {
		meaning: "The archive does not hold what was asked for.",
		hint: "Name a file in it: `archive.zip#app.bin`."
	},
	"firmware/release": {
		meaning: "The GitHub release or its asset was not found.",
		hint: "Check owner, repository, tag and asset; a private repository needs `token` with the right to read contents."
	},
	"image/malformed": {
		meaning: "The firmware looks like an Espressif image, but its structure is broken.",
		hint: "Build it again; if it is not meant to be an image, give its `offset`."
	},
	"image/truncated": {
		meaning: "The image ends before its last segment, checksum or digest.",
		hint: "The build or the upload was cut short: make the file again and compare its size."
	},
	"image/checksum": {
		meaning: "The image's checksum does not fit its bytes: no boot loader would start it.",
		hint: "The file is damaged: build or download it again."
	},
	"image/digest": {
		meaning: "The SHA-256 inside the image does not fit its bytes.",
		hint: "The file is damaged or was patched without renewing its digest: build or download it again."
	},
	"image/elf": {
		meaning: "The ELF file is broken, or no image can be made of it.",
		hint: "Build it again, or flash the .bin that its build system makes; `chip` must be the one it was built for."
	},
	"image/hex": {
		meaning: "The Intel HEX file is broken.",
		hint: "Make it again; the message has the line."
	},
	"image/signed": {
		meaning: "The image is signed, so its flash settings cannot be changed.",
		hint: "Set mode, frequency and size in the project and sign it again, or leave them at `keep`."
	},
	"plan/no-offset": {
		meaning: "The firmware does not prove where it belongs, and `offset` is not set.",
		hint: "Set `offset`. Usual: 0x1000 for an ESP32 bootloader or merged image, 0x8000 for a table, 0x10000 for an app."
	},
	"plan/no-firmware": {
		meaning: "The step has no firmware for this board.",
		hint: "Add a line for its chip to `files`, an entry for the board to `firmware-map`, or `firmware-url` for all others."
	},
	"plan/overlap": {
		meaning: "Two images want the same flash sectors.",
		hint: "Correct the offsets; sectors are 4096 bytes."
	},
	"plan/out-of-range": {
		meaning: "The image does not fit the flash at this offset.",
		hint: "Lower the offset, use a smaller image, or check which board is at this port."
	},
	"plan/alignment": {
		meaning: "The offset does not lie on a flash sector.",
		hint: "Use a multiple of 0x1000."
	},
	"plan/would-not-boot": {
		meaning: "Afterwards the board would have no bootable bootloader, or its table would lead to no bootable app.",
		hint: "Use `erase: touched` to keep the rest of the flash, flash a merged image, or `allow: would-not-boot`."
	},
	"plan/contradiction": {
		meaning: "Two images of the job contradict each other.",
		hint: "Leave out one of the two images that the message names."
	},
	"plan/no-partition": {
		meaning: "An image names a partition that no table has.",
		hint: "Use one of the names that the message lists, an offset, or flash a partition table along."
	},
	"plan/bootloader-offset": {
		meaning: "The bootloader lies where this chip never starts one.",
		hint: "Use the offset that the message names; it differs from chip to chip. `allow: bootloader-offset` keeps it."
	},
	"plan/app-offset": {
		meaning: "The app lies where the partition table has no partition for an app begin.",
		hint: "Use one of the offsets that the message names, or `allow: app-offset`."
	},
	"plan/app-too-large": {
		meaning: "The app is larger than its partition.",
		hint: "Make the app smaller, flash a table with a larger partition along, or `allow: app-too-large`."
	},
	"plan/table-overlap": {
		meaning: "The partition table's partitions overlap each other, the bootloader or the table itself.",
		hint: "Correct the table; gen_esp32part.py checks it too. `allow: table-overlap` takes it as it is."
	},
	"plan/table-beyond-flash": {
		meaning: "The partition table reaches beyond the flash, so the bootloader would refuse it.",
		hint: "Use a table for this flash size, or `allow: table-beyond-flash`."
	},
	"plan/declared-size": {
		meaning: "An image lies beyond the flash size that the bootloader's header declares.",
		hint: "Set `flash-size: detect` or the right size, or `allow: declared-size`."
	},
	"plan/flash-size": {
		meaning: "The bootloader's header declares more flash than the board has: the app would restart over and over.",
		hint: "Set `flash-size: detect`, build for the right size, or `allow: flash-size`."
	},
	"plan/above-16mib": {
		meaning: "An image, or what an earlier run left half done, lies above 16 MiB, where this chip's loader cannot write.",
		hint: "Move it below; S3, P4, C5, C61 and S31 can with `stub: true`. `allow: above-16mib` tries it."
	},
	"plan/preserve": {
		meaning: "A partition of `preserve` cannot be kept.",
		hint: "Drop it from `preserve`, or `allow: preserve` to keep only those that can be kept."
	},
	"plan/unverified": {
		meaning: "The loader cannot compare what it wrote, so nothing could be verified.",
		hint: "Use `stub: true`, or `allow: unverified`; then the output `verified` is false."
	},
	"plan/data-loss": {
		meaning: "The job would erase data that cannot be made again.",
		hint: "Use `erase: touched` to keep it, or `allow: data-loss` if it may go."
	},
	"plan/not-blank": {
		meaning: "With `erase: none`, a sector that must change is not blank.",
		hint: "Use `erase: touched` or `erase: all`."
	},
	"port/not-found": {
		meaning: "There is no such port.",
		hint: "Is the board plugged in and powered? In a container, pass the device with `--device` or mount /dev."
	},
	"port/busy": {
		meaning: "Another process has the port open.",
		hint: "Stop the other job, monitor or ModemManager; `fuser -v <port>` names it."
	},
	"port/permission": {
		meaning: "The user of the runner may not open the port.",
		hint: "Add the user to the group of the device (dialout or uucp) and start the runner again."
	},
	"port/not-serial": {
		meaning: "The path is not a serial port.",
		hint: "Use the device of the board, such as /dev/ttyUSB0 or /dev/serial/by-id/\u2026."
	},
	"port/open-failed": {
		meaning: "The port could not be opened.",
		hint: "The message has the system's own words."
	},
	"port/lost": {
		meaning: "The link to the board broke during the job.",
		hint: "Check cable, hub and power; the next run goes on from what is in place."
	},
	"port/no-lines": {
		meaning: "The port does not let DTR and RTS be set, so the board cannot be reset through it.",
		hint: "Put the board into download mode yourself and use `before: no-reset` and `after: no-reset`."
	},
	"port/native-addon": {
		meaning: "The serial port's native part does not load on this machine.",
		hint: "It needs glibc \u2265 2.28 or musl, and libstdc++ (Alpine: `apk add libstdc++`)."
	},
	"port/power-cycle": {
		meaning: "The command that switches the board's power failed.",
		hint: "Run the command of `power-cycle` by hand as the user of the runner; hubs often need a udev rule for that."
	},
	"port/ambiguous": {
		meaning: "`port` fits several boards.",
		hint: "Name one of the boards by its `location:`, `serial:`, `mac:` or path; the message lists what tells them apart."
	},
	"port/same-board": {
		meaning: "Two ports that `port` leads to are one board, or lie on one USB device.",
		hint: "Drop one of the two that the message names; of a USB device with two ports, name one: `location:1-1.2:1.0`."
	},
	"port/other-board": {
		meaning: "Another board is at the place of the one that the job works on.",
		hint: "Put the board back to its USB port, and start the job again when nobody changes plugs."
	},
	"lock/timeout": {
		meaning: "Another job holds the board.",
		hint: "Wait for the job that the message names, or raise `lock-timeout`."
	},
	"lock/unavailable": {
		meaning: "The lock that keeps other jobs from the board cannot be taken.",
		hint: "`lock-dir` must be a local folder that every runner's user may write; Linux needs the `flock` command (util-linux)."
	},
	"connect/silent": {
		meaning: "The board sent nothing at all.",
		hint: "Check power and cable, and that TX and RX are the board's. Is EN held low, or is it another device?"
	},
	"connect/brownout": {
		meaning: "The board's supply breaks down again and again, so it never gets as far as its loader.",
		hint: "Use a shorter cable, a powered hub or another supply; what hangs on the board may draw too much."
	},
	"connect/run-mode": {
		meaning: "The board was reset but started its firmware instead of the loader.",
		hint: "IO0 did not go low: hold BOOT, or check the auto-reset circuit; `before: no-reset` if it is in the loader already."
	},
	"connect/no-reply": {
		meaning: "The board is in download mode but does not answer.",
		hint: "The line from the host to the board (its RX) seems to be down."
	},
	"connect/no-sync": {
		meaning: "The board sends bytes, but no loader answers.",
		hint: "Something else talks on this port, or at another baud rate; check port and wiring."
	},
	"connect/not-reset": {
		meaning: "DTR and RTS do not reach the board's EN and IO0.",
		hint: "Wire them, or press EN with BOOT held; `before: no-reset` goes on with the stub that still runs."
	},
	"chip/unknown": {
		meaning: "The chip is none that the step knows.",
		hint: "Update the action; the message has the chip's own numbers."
	},
	"chip/mismatch": {
		meaning: "The board at this port has another chip than `chip` says.",
		hint: "Check which board is at this port, or correct `chip`."
	},
	"chip/wrong-board": {
		meaning: "The board at this port does not have the MAC that `expect-mac` names.",
		hint: "Check which board is at this port, or let `port: mac:\u2026` find the right one."
	},
	"chip/image-mismatch": {
		meaning: "The image was built for another chip.",
		hint: "Build for the chip of this board, or choose the right board."
	},
	"chip/revision": {
		meaning: "The image needs another revision of the chip.",
		hint: "Lower the minimum revision in the project's configuration, or use a newer board."
	},
	"security/secure-boot-v1": {
		meaning: "The chip has Secure Boot V1, and the job would replace or erase its signed bootloader.",
		hint: "Flash apps only, with `erase: touched`. `allow: secure-boot-v1` risks a board that never starts again."
	},
	"security/secure-boot-v2": {
		meaning: "The chip has Secure Boot V2, and the job would replace or erase its signed bootloader.",
		hint: "Flash apps only, with `erase: touched`. `allow: secure-boot-v2` if the images are signed with its key."
	},
	"security/flash-encryption": {
		meaning: "The chip decrypts its flash, and the job would write in plain.",
		hint: "Use `allow: flash-encryption` if the images are encrypted for this chip already."
	},
	"security/key-manager": {
		meaning: "The key manager holds the chip's flash key, and the job would write over its key data below 0x2000.",
		hint: "Leave what lies below 0x2000 alone, or `allow: key-manager`."
	},
	"security/secure-download": {
		meaning: "The chip is in Secure Download Mode: it neither compares nor reads.",
		hint: "Use `erase: touched` and `allow: unverified`; then the output `verified` is false."
	},
	"chip/unsupported": {
		meaning: "This chip cannot do what an input asks for.",
		hint: "Use another value for the input that the message names."
	},
	"device/timeout": {
		meaning: "The chip did not answer in time.",
		hint: "Check cable and power; a lower `baud` helps on a noisy line."
	},
	"device/bad-reply": {
		meaning: "The chip's answer does not have the form that it must have.",
		hint: "The line is noisy: check the cable, or set a lower `baud`."
	},
	"device/rejected": {
		meaning: "The chip refused a command.",
		hint: "The message has the chip's reason."
	},
	"device/checksum": {
		meaning: "A block arrived damaged at the chip.",
		hint: "The line is noisy: check the cable, or set a lower `baud`."
	},
	"device/stub": {
		meaning: "The flasher stub did not start.",
		hint: "Try again; `stub: false` works with the chip's ROM alone, slower."
	},
	"device/baud": {
		meaning: "The link does not work at the given baud rate.",
		hint: "Use `baud: auto`, or a lower rate."
	},
	"device/flash-id": {
		meaning: "The chip cannot talk to its flash.",
		hint: "Check the module's power and strapping pins; a flash at 1.8 V needs the right VDD_SDIO setting."
	},
	"verify/mismatch": {
		meaning: "After writing, the flash does not hold what it should.",
		hint: "Try again; if it stays, the flash chip or its supply is faulty."
	},
	"boot/loop": {
		meaning: "After the reset, the board restarts over and over.",
		hint: "The message has the cause. Brownout: supply and cable. No bootloader or app: flash all parts. Watchdog: the log."
	},
	"boot/panic": {
		meaning: "After the reset, the app crashed.",
		hint: "The first lines of the panic are in the log; with `elf`, addresses come with their functions."
	},
	"boot/download-mode": {
		meaning: "After the reset, the chip waits for a download instead of starting the app.",
		hint: "IO0 (on some chips IO9, IO28 or IO35) is held low at reset: look at the button, the wiring and the other port."
	},
	"boot/wrong-app": {
		meaning: "The board runs another app than the one that was flashed.",
		hint: "Flash the table and otadata too, or `erase: all`: the bootloader may choose another slot."
	},
	"boot/silent": {
		meaning: "The console said nothing that could be read, although something was expected.",
		hint: "Check `console-port` and `console-baud`, and that the app writes to that console."
	},
	"boot/expect": {
		meaning: "The app runs, but an expected line did not come in time.",
		hint: "Compare the pattern with the log, or raise `boot-timeout` (`listen-timeout` in `monitor`)."
	},
	"job/timeout": {
		meaning: "The step took longer than `timeout`.",
		hint: "Raise `timeout`, or find out what slowed the job: the log has the time of each phase."
	},
	"job/cancelled": {
		meaning: "The workflow was cancelled.",
		hint: "The board may hold half of the firmware: the next run mends it."
	},
	"job/fail-fast": {
		meaning: "With `fail-fast`, another board failed before this one was changed.",
		hint: "Nothing was changed here: mend the board that the message names, then run the job again."
	},
	"job/state": {
		meaning: "The note about unfinished work on this board cannot be kept.",
		hint: "Check that RUNNER_TOOL_CACHE is writable and has room."
	},
	"job/file": {
		meaning: "A file that the step makes cannot be written.",
		hint: "Name a path in the workspace that no link leads out of, and check that its disk has room."
	},
	"internal/unexpected": {
		meaning: "Something happened that the step does not know.",
		hint: "Please report it with the log of a run with step debug logging on."
	}
};
// src/base/errors.ts
/** The only error that leaves a module: what happened in its message, what to do about it from the catalogue. */
var FlashError = class extends Error {
	code;
	details;
	constructor(code, message, details = {}, cause) {
		super(message, cause === void 0 ? void 0 : { cause });
		this.name = "FlashError";
		this.code = code;
		this.details = details;
	}
	/** The way out, for the person who reads the log. */
	get hint() {
		return errorCatalogue[this.code].hint;
	}
};
/** Whatever was thrown, as a `FlashError`; what nobody foresaw becomes `internal/unexpected`. */
function toFlashError(thrown) {
	if (thrown instanceof FlashError) return thrown;
	return new FlashError("internal/unexpected", thrown instanceof Error ? thrown.message : String(thrown), {}, thrown);
}
function hasCode(thrown, ...codes) {
	return thrown instanceof FlashError && codes.includes(thrown.code);
}
// src/firmware/url.ts
/** A scheme of one letter is a Windows drive. */
const schemePattern = /^([a-z][a-z0-9+.-]+):/i;
/** A URL in the midst of a text. */
const embeddedUrl = /[a-z][a-z0-9+.-]+:\/\/[^\s"'<>]+/gi;
/** Masking a shorter text would blacken half of the log. */
const minMaskedLength = 4;
const minMaskedValueLength = 8;
/** `http`, `https`, `file`, \u2026; `path` where there is no scheme. */
function schemeOf(location) {
	return schemePattern.exec(location)?.[1]?.toLowerCase() ?? "path";
}
/** Throws `input/invalid` without repeating what may hold a password. */
function parseHttpUrl(location, input) {
	if (!/^https?:\/\//i.test(location) || !URL.canParse(location)) throw new FlashError("input/invalid", `${input} is not a valid URL: ${redactUrl(location)}`, { input });
	const url = new URL(location);
	url.hash = "";
	return url;
}
/** Throws `input/invalid` for a relative file URL, and for one of another host where paths have no hosts. */
function parseFileUrl(location, input) {
	try {
		if (!/^file:\//i.test(location)) throw new Error("a file URL needs an absolute path");
		return fileURLToPath(location);
	} catch (error) {
		throw new FlashError("input/invalid", `${input} is not a usable file URL: ${error instanceof Error ? error.message : String(error)}`, { input });
	}
}
/** A URL without credentials, query and fragment, for people to read; in a text, each of its URLs is made so. */
function redactUrl(text) {
	const scheme = schemePattern.exec(text)?.[1];
	if (scheme === void 0) return text.replace(embeddedUrl, redactUrl);
	if (scheme === "github-release") return text;
	if (!URL.canParse(text)) return `${scheme}:\u2026`;
	const url = new URL(text);
	return url.host === "" && url.protocol !== "file:" ? `${url.protocol}\u2026` : `${url.protocol}//${url.host}${url.pathname}`;
}
/** The parts of a location that no log may show; of a text, those of each URL in it. */
function secretsOf(location) {
	if (schemeOf(location) === "path") return (location.match(embeddedUrl) ?? []).flatMap(secretsOf);
	if (!URL.canParse(location)) return [];
	const url = new URL(location);
	const credentials = [url.password, url.password === "" ? url.username : ""];
	const values = [...url.searchParams.values()].filter((value) => value.length >= minMaskedValueLength);
	const secrets = [
		...[...credentials, ...credentials.map(decoded)].filter((part) => part.length >= minMaskedLength),
		...values,
		...values.map(encodeURIComponent),
		url.search.slice(1),
		decoded(url.search.slice(1)),
		basicCredentials(url) ?? "",
		url.password === "" ? "" : `${url.username}:${url.password}`
	];
	return [...new Set(secrets)].filter((secret) => secret !== "");
}
/** What follows `Basic ` in the Authorization header of a URL with credentials. */
function basicCredentials(url) {
	if (url.username === "" && url.password === "") return void 0;
	return Buffer.from(`${decoded(url.username)}:${decoded(url.password)}`).toString("base64");
}
/** A stray `%` is taken as it stands. */
function decoded(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
// src/action/plain-text.ts
/**
* Characters that would move the cursor, break the line or reorder it: C0, DEL, C1, the two Unicode line ends and the
* bidirectional marks and controls.
*/
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
function escaped(character) {
	const code = character.codePointAt(0) ?? 0;
	return code <= 255 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
/**
* Text from outside as one line of the log, in which the runner finds no workflow command. It takes `::` at the start
* of a line and `##[` anywhere in it for one (actions/runner, ActionCommand.cs at 079cdb1).
*/
function plainLine(text) {
	return text.replace(UNPRINTABLE, escaped).replace(/^(\s*):(?=:)/, "$1: ").replaceAll("##[", "## [");
}
/** As `plainLine`, but line ends stay line ends. */
function plainLines(text) {
	return text.split(/\r\n|[\r\n]/).map(plainLine);
}
/**
* What GitHub makes something of without any mark: mentions, formulas, and addresses of pages and people. It looks for
* them in each text by itself, so an element of its own takes the sign out of its text.
*/
const ACTIVE = /[@$]|:(?=\/\/)|(?<=\bwww)\./gi;
/** Text as it stands, in Markdown: no mark in it makes a heading, a list, a link, a mention, a table cell or HTML. */
function markdownText(text) {
	return plainLine(text).replace(/[\\`*_{}[\]#~|>]/g, "\\$&").replace(/^\s*([-+=]|\d+(?=[.)]))/, (start) => /\d$/.test(start) ? `${start}\\` : `\\${start.trim()}`).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replace(ACTIVE, "<span>$&</span>");
}
/** Text as it stands, in HTML. */
function htmlText(text) {
	return plainLine(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\"", "&quot;").replace(ACTIVE, "<span>$&</span>");
}
// src/action/secrets.ts
/** Inputs that may hold URLs, with a password or a signature in them. They are not checked yet. */
const inputsWithUrls = [
	"firmware-url",
	"files",
	"firmware-map",
	"port",
	"console-port",
	"power-cycle"
];
/** Lets the runner blacken all that no log may show, before anything is said. */
function maskSecrets() {
	const locations = inputsWithUrls.flatMap((name) => getInput(name).split(/[\s"']+/)).filter((word) => !word.startsWith("virtual:"));
	const secrets = /* @__PURE__ */ new Set([...locations.flatMap(secretsOf), getInput("token")]);
	for (const secret of secrets) if (secret !== "") setSecret(secret);
}
// src/action/run.ts
function boardsText(port) {
	if (port === "") return "no board";
	return /[\r\n]|^every:/.test(port) ? "several boards" : `the board at ${port}`;
}
/** What is asked for, as it is written: whether it makes sense is found out behind this line. */
function firstLine() {
	const firmware = getInput("firmware-url");
	const several = getInput("files") !== "" || getInput("firmware-map") !== "";
	return `Flash ${firmware !== "" ? redactUrl(firmware) : several ? "several files" : "no firmware"} onto ${boardsText(getInput("port"))}`;
}
/**
* Runs the step: masks secrets, says what it is about to do, and loads all the rest only then, so that the first line
* comes at once.
*/
async function run(host = process, clock = systemClock) {
	const startedMs = clock.nowMs();
	maskSecrets();
	info(plainLine(redactUrl(firstLine())));
	const { flashStep } = await import("./flash-step.js");
	await flashStep(host, clock, startedMs);
}
// src/files/plain-file.ts
/** The journal of a flash of 64 MiB, of which every other sector is under way, has less than one. */
const LONGEST_NOTE_BYTES = 4194304;
const NO_FOLLOW = constants$1.O_NOFOLLOW ?? 0;
const NO_WAIT = constants$1.O_NONBLOCK ?? 0;
/**
* The bytes of a file in a folder that other jobs and users may write. Whatever they put there instead, reading it ends:
* a pipe would wait for its other end, and a link could lead anywhere. Throws what the system throws, and an Error for
* what is no plain file or longer than `maxBytes`.
*/
function readPlainFile(path, maxBytes) {
	const fd = openSync(path, constants$1.O_RDONLY | NO_FOLLOW | NO_WAIT);
	try {
		const found = fstatSync(fd);
		if (!found.isFile()) throw new Error(`${path} is not a plain file`);
		if (found.size > maxBytes) throw new Error(`${path} has ${found.size} bytes, which is too much`);
		return readFileSync(fd);
	} finally {
		closeSync(fd);
	}
}
/** The text of a note that this or another job has left. Throws as `readPlainFile`. */
function readNote(path, maxBytes = LONGEST_NOTE_BYTES) {
	return Buffer.from(readPlainFile(path, maxBytes)).toString("utf8");
}
// src/base/bytes.ts
/** `0x` and eight digits: the one way in which addresses are printed. */
function hex32(value) {
	return `0x${(value >>> 0).toString(16).padStart(8, "0")}`;
}
/** Lower-case hex of any bytes, without separators. */
function toHex(bytes) {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}
function concatBytes(...parts) {
	const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		joined.set(part, at);
		at += part.length;
	}
	return joined;
}
/**
* The parts behind each other, to be read only: a view where they lie so in one buffer already, a copy elsewhere.
*/
function joinedView(parts) {
	const [first] = parts;
	if (first === void 0) return /* @__PURE__ */ new Uint8Array(0);
	let end = first.byteOffset;
	for (const part of parts) {
		if (part.buffer !== first.buffer || part.byteOffset !== end) return concatBytes(...parts);
		end += part.length;
	}
	return new Uint8Array(first.buffer, first.byteOffset, end - first.byteOffset);
}
/** Little-endian 32-bit words, as the loader's payloads are made of. */
function words(...values) {
	const bytes = new Uint8Array(values.length * 4);
	const view = new DataView(bytes.buffer);
	values.forEach((value, index) => view.setUint32(index * 4, value >>> 0, true));
	return bytes;
}
function readUint32(bytes, offset) {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(offset, true);
}
function readUint16(bytes, offset) {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint16(offset, true);
}
function alignDown(value, unit) {
	return value - value % unit;
}
function alignUp(value, unit) {
	return alignDown(value + unit - 1, unit);
}
function isBlank(bytes) {
	return bytes.every((byte) => byte === 255);
}
/** A whole number as `1,247,280`. Without `toLocaleString`, whose first call takes 10 ms to load the tables of ICU. */
function formatCount(count) {
	return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}
/** `1,247,280 bytes` as a person reads it. */
function formatBytes(count) {
	return `${formatCount(count)} ${count === 1 ? "byte" : "bytes"}`;
}
const DEFAULT_CONFIG = {
	lang: void 0,
	message: void 0,
	abortEarly: void 0,
	abortPipeEarly: void 0
};
/**
* Returns the global configuration.
*
* @param config The config to merge.
*
* @returns The configuration.
*/
/* @__NO_SIDE_EFFECTS__ */
function getGlobalConfig(config$1) {
	if (!config$1 && true) return DEFAULT_CONFIG;
	return {
		lang: config$1?.lang ?? void 0,
		message: config$1?.message,
		abortEarly: config$1?.abortEarly ?? void 0,
		abortPipeEarly: config$1?.abortPipeEarly ?? void 0
	};
}
/**
* Stringifies an unknown input to a literal or type string.
*
* @param input The unknown input.
*
* @returns A literal or type string.
*
* @internal
*/
/* @__NO_SIDE_EFFECTS__ */
function _stringify(input) {
	const type = typeof input;
	if (type === "string") return `"${input}"`;
	if (type === "number" || type === "bigint" || type === "boolean") return `${input}`;
	if (type === "object" || type === "function") return (input && Object.getPrototypeOf(input)?.constructor?.name) ?? "null";
	return type;
}
/**
* Adds an issue to the dataset.
*
* @param context The issue context.
* @param label The issue label.
* @param dataset The input dataset.
* @param config The configuration.
* @param other The optional props.
*
* @internal
*/
function _addIssue(context, label, dataset, config$1, other) {
	const input = other && "input" in other ? other.input : dataset.value;
	const expected = other?.expected ?? context.expects ?? null;
	const received = other?.received ?? /* @__PURE__ */ _stringify(input);
	const issue = {
		kind: context.kind,
		type: context.type,
		input,
		expected,
		received,
		message: `Invalid ${label}: ${expected ? `Expected ${expected} but r` : "R"}eceived ${received}`,
		requirement: context.requirement,
		path: other?.path,
		issues: other?.issues,
		lang: config$1.lang,
		abortEarly: config$1.abortEarly,
		abortPipeEarly: config$1.abortPipeEarly
	};
	const isSchema = context.kind === "schema";
	const message$1 = other?.message ?? context.message ?? (context.reference, issue.lang, void 0) ?? (isSchema ? (issue.lang, void 0) : null) ?? config$1.message ?? (issue.lang, void 0);
	if (message$1 !== void 0) issue.message = typeof message$1 === "function" ? message$1(issue) : message$1;
	if (isSchema) dataset.typed = false;
	if (dataset.issues) dataset.issues.push(issue);
	else dataset.issues = [issue];
}
/**
* Compares two values using the SameValueZero algorithm, which treats `NaN`
* as equal to itself unlike `===`.
*
* @param value1 The first value.
* @param value2 The second value.
*
* @returns Whether the values are equal.
*
* @internal
*/
/* @__NO_SIDE_EFFECTS__ */
function _isSameValueZero(value1, value2) {
	return value1 === value2 || Number.isNaN(value1) && Number.isNaN(value2);
}
/**
* Disallows inherited object properties and prevents object prototype
* pollution by disallowing certain keys.
*
* @param object The object to check.
* @param key The key to check.
*
* @returns Whether the key is allowed.
*
* @internal
*/
/* @__NO_SIDE_EFFECTS__ */
function _isValidObjectKey(object$1, key) {
	return Object.prototype.hasOwnProperty.call(object$1, key) && key !== "__proto__" && key !== "prototype" && key !== "constructor";
}
/**
* Joins multiple `expects` values with the given separator.
*
* @param values The `expects` values.
* @param separator The separator.
*
* @returns The joined `expects` property.
*
* @internal
*/
/* @__NO_SIDE_EFFECTS__ */
function _joinExpects(values$1, separator) {
	const list = [...new Set(values$1)];
	if (list.length > 1) return `(${list.join(` ${separator} `)})`;
	return list[0] ?? "never";
}
/**
* Eagerly creates and attaches the Standard Schema properties of a schema.
*
* Hint: The contextual `this` type includes the standard properties that are
* attached before the schema is returned.
*
* @param schema The schema to attach standard properties to.
*
* @returns The schema with standard properties attached.
*
* @internal
*/
function _standardSchema(schema) {
	schema["~standard"] = {
		version: 1,
		vendor: "valibot",
		validate: (value$1) => schema["~run"]({ value: value$1 }, /* @__PURE__ */ getGlobalConfig())
	};
	return schema;
}
/* @__NO_SIDE_EFFECTS__ */
function getDotPath(issue) {
	if (issue.path) {
		let key = "";
		for (const item of issue.path) if (typeof item.key === "string" || typeof item.key === "number") if (key) key += `.${item.key}`;
		else key += item.key;
		else return null;
		return key;
	}
	return null;
}
/* @__NO_SIDE_EFFECTS__ */
function check(requirement, message$1) {
	return {
		kind: "validation",
		type: "check",
		reference: check,
		async: false,
		expects: null,
		requirement,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && !this.requirement(dataset.value)) _addIssue(this, "input", dataset, config$1);
			return dataset;
		}
	};
}
/* @__NO_SIDE_EFFECTS__ */
function integer(message$1) {
	return {
		kind: "validation",
		type: "integer",
		reference: integer,
		async: false,
		expects: null,
		requirement: Number.isInteger,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && !this.requirement(dataset.value)) _addIssue(this, "integer", dataset, config$1);
			return dataset;
		}
	};
}
/* @__NO_SIDE_EFFECTS__ */
function maxLength(requirement, message$1) {
	return {
		kind: "validation",
		type: "max_length",
		reference: maxLength,
		async: false,
		expects: `<=${requirement}`,
		requirement,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && dataset.value.length > this.requirement) _addIssue(this, "length", dataset, config$1, { received: `${dataset.value.length}` });
			return dataset;
		}
	};
}
/* @__NO_SIDE_EFFECTS__ */
function maxValue(requirement, message$1) {
	return {
		kind: "validation",
		type: "max_value",
		reference: maxValue,
		async: false,
		expects: `<=${requirement instanceof Date ? requirement.toJSON() : /* @__PURE__ */ _stringify(requirement)}`,
		requirement,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && !(dataset.value <= this.requirement)) _addIssue(this, "value", dataset, config$1, { received: dataset.value instanceof Date ? dataset.value.toJSON() : /* @__PURE__ */ _stringify(dataset.value) });
			return dataset;
		}
	};
}
/* @__NO_SIDE_EFFECTS__ */
function minLength(requirement, message$1) {
	return {
		kind: "validation",
		type: "min_length",
		reference: minLength,
		async: false,
		expects: `>=${requirement}`,
		requirement,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && dataset.value.length < this.requirement) _addIssue(this, "length", dataset, config$1, { received: `${dataset.value.length}` });
			return dataset;
		}
	};
}
/* @__NO_SIDE_EFFECTS__ */
function minValue(requirement, message$1) {
	return {
		kind: "validation",
		type: "min_value",
		reference: minValue,
		async: false,
		expects: `>=${requirement instanceof Date ? requirement.toJSON() : /* @__PURE__ */ _stringify(requirement)}`,
		requirement,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && !(dataset.value >= this.requirement)) _addIssue(this, "value", dataset, config$1, { received: dataset.value instanceof Date ? dataset.value.toJSON() : /* @__PURE__ */ _stringify(dataset.value) });
			return dataset;
		}
	};
}
/* @__NO_SIDE_EFFECTS__ */
function nonEmpty(message$1) {
	return {
		kind: "validation",
		type: "non_empty",
		reference: nonEmpty,
		async: false,
		expects: "!0",
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && dataset.value.length === 0) _addIssue(this, "length", dataset, config$1, { received: "0" });
			return dataset;
		}
	};
}
/* @__NO_SIDE_EFFECTS__ */
function parseJson(config$1, message$1) {
	return {
		kind: "transformation",
		type: "parse_json",
		reference: parseJson,
		config: config$1,
		message: message$1,
		async: false,
		"~run"(dataset, config$2) {
			try {
				dataset.value = JSON.parse(dataset.value, this.config?.reviver);
			} catch (error) {
				if (error instanceof Error) {
					_addIssue(this, "JSON", dataset, config$2, { received: `"${error.message}"` });
					dataset.typed = false;
				} else throw error;
			}
			return dataset;
		}
	};
}
/**
* Creates a raw transformation action.
*
* @param action The transformation action.
*
* @returns A raw transform action.
*/
/* @__NO_SIDE_EFFECTS__ */
function rawTransform(action) {
	return {
		kind: "transformation",
		type: "raw_transform",
		reference: rawTransform,
		async: false,
		"~run"(dataset, config$1) {
			const output = action({
				dataset,
				config: config$1,
				addIssue: (info) => _addIssue(this, info?.label ?? "input", dataset, config$1, info),
				NEVER: null
			});
			if (dataset.issues) dataset.typed = false;
			else dataset.value = output;
			return dataset;
		}
	};
}
/* @__NO_SIDE_EFFECTS__ */
function regex(requirement, message$1) {
	return {
		kind: "validation",
		type: "regex",
		reference: regex,
		async: false,
		expects: `${requirement}`,
		requirement,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && !this.requirement.test(dataset.value)) _addIssue(this, "format", dataset, config$1);
			return dataset;
		}
	};
}
/* @__NO_SIDE_EFFECTS__ */
function safeInteger(message$1) {
	return {
		kind: "validation",
		type: "safe_integer",
		reference: safeInteger,
		async: false,
		expects: null,
		requirement: Number.isSafeInteger,
		message: message$1,
		"~run"(dataset, config$1) {
			if (dataset.typed && !this.requirement(dataset.value)) _addIssue(this, "safe integer", dataset, config$1);
			return dataset;
		}
	};
}
/**
* Creates a to lower case transformation action.
*
* @returns A to lower case action.
*/
/* @__NO_SIDE_EFFECTS__ */
function toLowerCase() {
	return {
		kind: "transformation",
		type: "to_lower_case",
		reference: toLowerCase,
		async: false,
		"~run"(dataset) {
			dataset.value = dataset.value.toLowerCase();
			return dataset;
		}
	};
}
/**
* Creates a custom transformation action.
*
* @param operation The transformation operation.
*
* @returns A transform action.
*/
/* @__NO_SIDE_EFFECTS__ */
function transform(operation) {
	return {
		kind: "transformation",
		type: "transform",
		reference: transform,
		async: false,
		operation,
		"~run"(dataset) {
			dataset.value = this.operation(dataset.value);
			return dataset;
		}
	};
}
const ABORT_EARLY_CONFIG = { abortEarly: true };
/**
* Returns the fallback value of the schema.
*
* @param schema The schema to get it from.
* @param dataset The output dataset if available.
* @param config The config if available.
*
* @returns The fallback value.
*/
/* @__NO_SIDE_EFFECTS__ */
function getFallback(schema, dataset, config$1) {
	return typeof schema.fallback === "function" ? schema.fallback(dataset, config$1) : schema.fallback;
}
/**
* Returns the default value of the schema.
*
* @param schema The schema to get it from.
* @param dataset The input dataset if available.
* @param config The config if available.
*
* @returns The default value.
*/
/* @__NO_SIDE_EFFECTS__ */
function getDefault(schema, dataset, config$1) {
	return typeof schema.default === "function" ? schema.default(dataset, config$1) : schema.default;
}
/**
* Checks if the input matches the schema. By using a type predicate, this
* function can be used as a type guard.
*
* @param schema The schema to be used.
* @param input The input to be tested.
*
* @returns Whether the input matches the schema.
*/
/* @__NO_SIDE_EFFECTS__ */
function is(schema, input) {
	return !schema["~run"]({ value: input }, ABORT_EARLY_CONFIG).issues;
}
/* @__NO_SIDE_EFFECTS__ */
function array(item, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "array",
		reference: array,
		expects: "Array",
		async: false,
		item,
		message: message$1,
		"~run"(dataset, config$1) {
			const input = dataset.value;
			if (Array.isArray(input)) {
				dataset.typed = true;
				dataset.value = [];
				for (let key = 0; key < input.length; key++) {
					const value$1 = input[key];
					const itemDataset = this.item["~run"]({ value: value$1 }, config$1);
					if (itemDataset.issues) {
						const pathItem = {
							type: "array",
							origin: "value",
							input,
							key,
							value: value$1
						};
						for (const issue of itemDataset.issues) {
							if (issue.path) issue.path.unshift(pathItem);
							else issue.path = [pathItem];
							dataset.issues?.push(issue);
						}
						if (!dataset.issues) dataset.issues = itemDataset.issues;
						if (config$1.abortEarly) {
							dataset.typed = false;
							break;
						}
					}
					if (!itemDataset.typed) dataset.typed = false;
					dataset.value.push(itemDataset.value);
				}
			} else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function literal(literal_, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "literal",
		reference: literal,
		expects: /* @__PURE__ */ _stringify(literal_),
		async: false,
		literal: literal_,
		message: message$1,
		"~run"(dataset, config$1) {
			if (/* @__PURE__ */ _isSameValueZero(dataset.value, this.literal)) dataset.typed = true;
			else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function looseObject(entries$1, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "loose_object",
		reference: looseObject,
		expects: "Object",
		async: false,
		entries: entries$1,
		message: message$1,
		"~run"(dataset, config$1) {
			const input = dataset.value;
			if (input && typeof input === "object") {
				dataset.typed = true;
				dataset.value = {};
				for (const key in this.entries) {
					const valueSchema = this.entries[key];
					if (key in input || (valueSchema.type === "exact_optional" || valueSchema.type === "optional" || valueSchema.type === "nullish") && valueSchema.default !== void 0) {
						const value$1 = key in input ? input[key] : /* @__PURE__ */ getDefault(valueSchema);
						const valueDataset = valueSchema["~run"]({ value: value$1 }, config$1);
						if (valueDataset.issues) {
							const pathItem = {
								type: "object",
								origin: "value",
								input,
								key,
								value: value$1
							};
							for (const issue of valueDataset.issues) {
								if (issue.path) issue.path.unshift(pathItem);
								else issue.path = [pathItem];
								dataset.issues?.push(issue);
							}
							if (!dataset.issues) dataset.issues = valueDataset.issues;
							if (config$1.abortEarly) {
								dataset.typed = false;
								break;
							}
						}
						if (!valueDataset.typed) dataset.typed = false;
						dataset.value[key] = valueDataset.value;
					} else if (valueSchema.fallback !== void 0) dataset.value[key] = /* @__PURE__ */ getFallback(valueSchema);
					else if (valueSchema.type !== "exact_optional" && valueSchema.type !== "optional" && valueSchema.type !== "nullish") {
						_addIssue(this, "key", dataset, config$1, {
							input: void 0,
							expected: `"${key}"`,
							path: [{
								type: "object",
								origin: "key",
								input,
								key,
								value: input[key]
							}]
						});
						if (config$1.abortEarly) break;
					}
				}
				if (!dataset.issues || !config$1.abortEarly) {
					for (const key in input) if (/* @__PURE__ */ _isValidObjectKey(input, key) && !Object.prototype.hasOwnProperty.call(this.entries, key)) dataset.value[key] = input[key];
				}
			} else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function nullish(wrapped, default_) {
	return _standardSchema({
		kind: "schema",
		type: "nullish",
		reference: nullish,
		expects: `(${wrapped.expects} | null | undefined)`,
		async: false,
		wrapped,
		default: default_,
		"~run"(dataset, config$1) {
			if (dataset.value === null || dataset.value === void 0) {
				if (this.default !== void 0) dataset.value = /* @__PURE__ */ getDefault(this, dataset, config$1);
				if (dataset.value === null || dataset.value === void 0) {
					dataset.typed = true;
					return dataset;
				}
			}
			return this.wrapped["~run"](dataset, config$1);
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function number(message$1) {
	return _standardSchema({
		kind: "schema",
		type: "number",
		reference: number,
		expects: "number",
		async: false,
		message: message$1,
		"~run"(dataset, config$1) {
			if (typeof dataset.value === "number" && !isNaN(dataset.value)) dataset.typed = true;
			else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function object(entries$1, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "object",
		reference: object,
		expects: "Object",
		async: false,
		entries: entries$1,
		message: message$1,
		"~run"(dataset, config$1) {
			const input = dataset.value;
			if (input && typeof input === "object") {
				dataset.typed = true;
				dataset.value = {};
				for (const key in this.entries) {
					const valueSchema = this.entries[key];
					if (key in input || (valueSchema.type === "exact_optional" || valueSchema.type === "optional" || valueSchema.type === "nullish") && valueSchema.default !== void 0) {
						const value$1 = key in input ? input[key] : /* @__PURE__ */ getDefault(valueSchema);
						const valueDataset = valueSchema["~run"]({ value: value$1 }, config$1);
						if (valueDataset.issues) {
							const pathItem = {
								type: "object",
								origin: "value",
								input,
								key,
								value: value$1
							};
							for (const issue of valueDataset.issues) {
								if (issue.path) issue.path.unshift(pathItem);
								else issue.path = [pathItem];
								dataset.issues?.push(issue);
							}
							if (!dataset.issues) dataset.issues = valueDataset.issues;
							if (config$1.abortEarly) {
								dataset.typed = false;
								break;
							}
						}
						if (!valueDataset.typed) dataset.typed = false;
						dataset.value[key] = valueDataset.value;
					} else if (valueSchema.fallback !== void 0) dataset.value[key] = /* @__PURE__ */ getFallback(valueSchema);
					else if (valueSchema.type !== "exact_optional" && valueSchema.type !== "optional" && valueSchema.type !== "nullish") {
						_addIssue(this, "key", dataset, config$1, {
							input: void 0,
							expected: `"${key}"`,
							path: [{
								type: "object",
								origin: "key",
								input,
								key,
								value: input[key]
							}]
						});
						if (config$1.abortEarly) break;
					}
				}
			} else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function optional(wrapped, default_) {
	return _standardSchema({
		kind: "schema",
		type: "optional",
		reference: optional,
		expects: `(${wrapped.expects} | undefined)`,
		async: false,
		wrapped,
		default: default_,
		"~run"(dataset, config$1) {
			if (dataset.value === void 0) {
				if (this.default !== void 0) dataset.value = /* @__PURE__ */ getDefault(this, dataset, config$1);
				if (dataset.value === void 0) {
					dataset.typed = true;
					return dataset;
				}
			}
			return this.wrapped["~run"](dataset, config$1);
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function picklist(options, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "picklist",
		reference: picklist,
		expects: /* @__PURE__ */ _joinExpects(options.map(_stringify), "|"),
		async: false,
		options,
		message: message$1,
		"~run"(dataset, config$1) {
			if (this.options.includes(dataset.value)) dataset.typed = true;
			else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function record(key, value$1, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "record",
		reference: record,
		expects: "Object",
		async: false,
		key,
		value: value$1,
		message: message$1,
		"~run"(dataset, config$1) {
			const input = dataset.value;
			if (input && typeof input === "object") {
				dataset.typed = true;
				dataset.value = {};
				for (const entryKey in input) if (/* @__PURE__ */ _isValidObjectKey(input, entryKey)) {
					const entryValue = input[entryKey];
					const keyDataset = this.key["~run"]({ value: entryKey }, config$1);
					if (keyDataset.issues) {
						const pathItem = {
							type: "object",
							origin: "key",
							input,
							key: entryKey,
							value: entryValue
						};
						for (const issue of keyDataset.issues) {
							issue.path = [pathItem];
							dataset.issues?.push(issue);
						}
						if (!dataset.issues) dataset.issues = keyDataset.issues;
						if (config$1.abortEarly) {
							dataset.typed = false;
							break;
						}
					}
					const valueDataset = this.value["~run"]({ value: entryValue }, config$1);
					if (valueDataset.issues) {
						const pathItem = {
							type: "object",
							origin: "value",
							input,
							key: entryKey,
							value: entryValue
						};
						for (const issue of valueDataset.issues) {
							if (issue.path) issue.path.unshift(pathItem);
							else issue.path = [pathItem];
							dataset.issues?.push(issue);
						}
						if (!dataset.issues) dataset.issues = valueDataset.issues;
						if (config$1.abortEarly) {
							dataset.typed = false;
							break;
						}
					}
					if (!keyDataset.typed || !valueDataset.typed) dataset.typed = false;
					if (keyDataset.typed) dataset.value[keyDataset.value] = valueDataset.value;
				}
			} else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function strictObject(entries$1, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "strict_object",
		reference: strictObject,
		expects: "Object",
		async: false,
		entries: entries$1,
		message: message$1,
		"~run"(dataset, config$1) {
			const input = dataset.value;
			if (input && typeof input === "object") {
				dataset.typed = true;
				dataset.value = {};
				for (const key in this.entries) {
					const valueSchema = this.entries[key];
					if (key in input || (valueSchema.type === "exact_optional" || valueSchema.type === "optional" || valueSchema.type === "nullish") && valueSchema.default !== void 0) {
						const value$1 = key in input ? input[key] : /* @__PURE__ */ getDefault(valueSchema);
						const valueDataset = valueSchema["~run"]({ value: value$1 }, config$1);
						if (valueDataset.issues) {
							const pathItem = {
								type: "object",
								origin: "value",
								input,
								key,
								value: value$1
							};
							for (const issue of valueDataset.issues) {
								if (issue.path) issue.path.unshift(pathItem);
								else issue.path = [pathItem];
								dataset.issues?.push(issue);
							}
							if (!dataset.issues) dataset.issues = valueDataset.issues;
							if (config$1.abortEarly) {
								dataset.typed = false;
								break;
							}
						}
						if (!valueDataset.typed) dataset.typed = false;
						dataset.value[key] = valueDataset.value;
					} else if (valueSchema.fallback !== void 0) dataset.value[key] = /* @__PURE__ */ getFallback(valueSchema);
					else if (valueSchema.type !== "exact_optional" && valueSchema.type !== "optional" && valueSchema.type !== "nullish") {
						_addIssue(this, "key", dataset, config$1, {
							input: void 0,
							expected: `"${key}"`,
							path: [{
								type: "object",
								origin: "key",
								input,
								key,
								value: input[key]
							}]
						});
						if (config$1.abortEarly) break;
					}
				}
				if (!dataset.issues || !config$1.abortEarly) {
					for (const key in input) if (!Object.prototype.hasOwnProperty.call(this.entries, key)) {
						_addIssue(this, "key", dataset, config$1, {
							input: key,
							expected: "never",
							path: [{
								type: "object",
								origin: "key",
								input,
								key,
								value: input[key]
							}]
						});
						break;
					}
				}
			} else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function string(message$1) {
	return _standardSchema({
		kind: "schema",
		type: "string",
		reference: string,
		expects: "string",
		async: false,
		message: message$1,
		"~run"(dataset, config$1) {
			if (typeof dataset.value === "string") dataset.typed = true;
			else _addIssue(this, "type", dataset, config$1);
			return dataset;
		}
	});
}
/**
* Returns the sub issues of the provided datasets for the union issue.
*
* @param datasets The datasets.
*
* @returns The sub issues.
*
* @internal
*/
/* @__NO_SIDE_EFFECTS__ */
function _subIssues(datasets) {
	let issues;
	if (datasets) for (const dataset of datasets) if (issues) for (const issue of dataset.issues) issues.push(issue);
	else issues = dataset.issues;
	return issues;
}
/* @__NO_SIDE_EFFECTS__ */
function union(options, message$1) {
	return _standardSchema({
		kind: "schema",
		type: "union",
		reference: union,
		expects: /* @__PURE__ */ _joinExpects(options.map((option) => option.expects), "|"),
		async: false,
		options,
		message: message$1,
		"~run"(dataset, config$1) {
			let validDataset;
			let typedDatasets;
			let untypedDatasets;
			for (const schema of this.options) {
				const optionDataset = schema["~run"]({ value: dataset.value }, config$1);
				if (optionDataset.typed) if (optionDataset.issues) if (typedDatasets) typedDatasets.push(optionDataset);
				else typedDatasets = [optionDataset];
				else {
					validDataset = optionDataset;
					break;
				}
				else if (untypedDatasets) untypedDatasets.push(optionDataset);
				else untypedDatasets = [optionDataset];
			}
			if (validDataset) return validDataset;
			if (typedDatasets) {
				if (typedDatasets.length === 1) return typedDatasets[0];
				_addIssue(this, "type", dataset, config$1, { issues: /* @__PURE__ */ _subIssues(typedDatasets) });
				dataset.typed = true;
			} else if (untypedDatasets?.length === 1) return untypedDatasets[0];
			else _addIssue(this, "type", dataset, config$1, { issues: /* @__PURE__ */ _subIssues(untypedDatasets) });
			return dataset;
		}
	});
}
/* @__NO_SIDE_EFFECTS__ */
function pipe(...pipe$1) {
	return _standardSchema({
		...pipe$1[0],
		pipe: pipe$1,
		"~run"(dataset, config$1) {
			for (const item of pipe$1) if (item.kind !== "metadata") {
				if (dataset.issues && (item.kind === "schema" || item.kind === "transformation")) {
					dataset.typed = false;
					break;
				}
				if (!dataset.issues || !config$1.abortEarly && !config$1.abortPipeEarly) dataset = item["~run"](dataset, config$1);
			}
			return dataset;
		}
	});
}
/**
* Parses an unknown input based on a schema.
*
* @param schema The schema to be used.
* @param input The input to be parsed.
* @param config The parse configuration.
*
* @returns The parse result.
*/
/* @__NO_SIDE_EFFECTS__ */
function safeParse(schema, input, config$1) {
	const dataset = schema["~run"]({ value: input }, /* @__PURE__ */ getGlobalConfig(config$1));
	return {
		typed: dataset.typed,
		success: !dataset.issues,
		output: dataset.value,
		issues: dataset.issues
	};
}
// src/firmware/system-code.ts
/** The `code` of an error of the system or of a library (`ENOENT`, `ECONNRESET`, \u2026); `unknown` without one. */
function systemCodeOf(error) {
	return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "unknown";
}
// src/firmware/url-record.ts
const urlRecordSchema = /* @__PURE__ */ object({
	/** It becomes a part of a path. */
	sha256: /* @__PURE__ */ pipe(/* @__PURE__ */ string(), /* @__PURE__ */ regex(/^[0-9a-f]{64}$/)),
	validator: /* @__PURE__ */ object({
		header: /* @__PURE__ */ picklist(["etag", "last-modified"]),
		/** It becomes a header. */
		value: /* @__PURE__ */ pipe(/* @__PURE__ */ string(), /* @__PURE__ */ regex(/^[\t -~\x80-\xff]+$/)),
		finalUrl: /* @__PURE__ */ string()
	})
});
/** Where all records lie, one file each. */
function recordsFolder(folder) {
	return join(folder, "urls");
}
/** Undefined if there is none, or none that can be read: the file is then fetched once more and noted anew. */
function readUrlRecord(folder, url) {
	let text;
	try {
		text = readNote(recordPath(folder, url));
	} catch (error) {
		if (systemCodeOf(error) === "ENOENT") return void 0;
		throw error;
	}
	const result = /* @__PURE__ */ safeParse(/* @__PURE__ */ pipe(/* @__PURE__ */ string(), /* @__PURE__ */ parseJson(), urlRecordSchema), text);
	return result.success ? result.output : void 0;
}
/** Readers see the old record or the new one, never a part of it. */
async function writeUrlRecord(folder, url, record) {
	const path = recordPath(folder, url);
	const half = `${path}.${randomUUID()}`;
	await mkdir(recordsFolder(folder), { recursive: true });
	try {
		await writeFile$1(half, JSON.stringify(record));
		await rename(half, path);
	} finally {
		await rm(half, { force: true });
	}
}
/** Credentials and query count, for they may choose the file; only their digest is kept. */
function recordPath(folder, url) {
	return join(recordsFolder(folder), `${createHash("sha256").update(url.href).digest("hex")}.json`);
}
export { plainLines as $, string as A, isBlank as B, pipe as C, summary as Ct, safeInteger as D, regex as E, alignUp as F, words as G, readUint16 as H, concatBytes as I, run as J, readNote as K, formatBytes as L, transform as M, union as N, safeParse as O, alignDown as P, plainLine as Q, formatCount as R, picklist as S, warning as St, record as T, readUint32 as U, joinedView as V, toHex as W, htmlText as X, maskSecrets as Y, markdownText as Z, nullish as _, info as _t, array as a, FlashError as at, optional as b, setOutput as bt, integer as c, scheduleDeadline as ct, looseObject as d, systemClock as dt, basicCredentials as et, maxLength as f, debug as ft, nonEmpty as g, getState as gt, minValue as h, getInput as ht, systemCodeOf as i, schemeOf as it, toLowerCase as j, strictObject as k, is as l, sleep as lt, minLength as m, error as mt, recordsFolder as n, parseHttpUrl as nt, check as o, hasCode as ot, maxValue as p, endGroup as pt, readPlainFile as q, writeUrlRecord as r, redactUrl as rt, getDotPath as s, toFlashError as st, readUrlRecord as t, parseFileUrl as tt, literal as u, sleepReading as ut, number as v, isDebug as vt, rawTransform as w, parseJson as x, startGroup as xt, object as y, saveState as yt, hex32 as z };
