/**
 * @typedef {object} Defence
 * @property {string} name What it keeps from happening.
 * @property {string} file Where it is.
 * @property {string} text What stands there; the first one is replaced.
 * @property {string} without What would stand there without it.
 * @property {string} tests A file below `__tests__/attacks`, without its end.
 * @property {string} [only] Of its tests, those whose names match.
 * @property {"built"} [runs] The tests run the built action, so it has to be built anew.
 */

/** Defences, each of which at least one test of an attack must miss. @type {readonly Defence[]} */
export const defences = [
  {
    name: "What a zip member holds is compared with its checksum",
    file: "src/firmware/zip.ts",
    text: "(await crc32Of(content, clock)) !== member.crc32",
    without: "(await crc32Of(content, clock)) < 0",
    tests: "archives",
  },
  {
    name: "No path of an archive or a layout leads out of its place",
    file: "src/firmware/part-location.ts",
    text: 'if (joined === ".." || joined.startsWith("../"))',
    without: 'if (joined === "..")',
    tests: "paths",
  },
  {
    name: "No link leads a layout out of its folder",
    file: "src/firmware/part-location.ts",
    text: "realWanted !== undefined && !isWithin(realFolder, realWanted)",
    without: "realWanted === realFolder",
    tests: "paths",
  },
  {
    name: "No redirect leads from https to http",
    file: "src/firmware/redirect.ts",
    text: 'from.protocol === "https:" && target.protocol === "http:"',
    without: "from === target",
    tests: "paths",
  },
  {
    name: "Credentials stay with their own origin",
    file: "src/firmware/download.ts",
    text: "if (url.origin !== start.origin) authorization = undefined;",
    without: "",
    tests: "credentials",
  },
  {
    name: "What is in the cache has its digest at each use",
    file: "src/firmware/cache-entry.ts",
    text: "(await sha256Of(bytes, clock)) !== place.sha256",
    without: "(await sha256Of(bytes, clock)) === place.root",
    tests: "cache",
  },
  {
    name: "What is in the cache is a plain file in its place",
    file: "src/firmware/cache-entry.ts",
    text: "if (!isPlain)",
    without: "if (isPlain === undefined)",
    tests: "cache",
    only: "link|ten gigabytes",
  },
  {
    name: "No link leads firmware out of the workspace",
    file: "src/firmware/local.ts",
    text: "if (realPath === undefined) return;",
    without: "if (realPath !== path) return;",
    tests: "paths",
  },
  {
    name: "No link leads a report or a saved flash out of the workspace",
    file: "src/action/save-file.ts",
    text: "if (elsewhere !== undefined) throw",
    without: "if (elsewhere === path) throw",
    tests: "links",
    only: "JUnit|saves",
    runs: "built",
  },
  {
    name: "No link leads the files of a virtual board out of the workspace",
    file: "src/virtual/own-path.ts",
    text: "if (elsewhere !== undefined) throw",
    without: "if (elsewhere === path) throw",
    tests: "links",
    only: "virtual",
    runs: "built",
  },
  {
    name: "A shared file with a second name is not written",
    file: "src/ports/shared-file.ts",
    text: "found.isFile() && found.nlink <= 1",
    without: "found.isFile()",
    tests: "notes",
    only: "second name",
    runs: "built",
  },
  {
    name: "A shared file is not opened through a link",
    file: "src/ports/shared-file.ts",
    text: "flags | NO_FOLLOW",
    without: "flags",
    tests: "paths",
    only: "folder that all users share",
  },
  {
    name: "A pipe in place of a note keeps no step waiting",
    file: "src/files/plain-file.ts",
    text: "constants.O_RDONLY | NO_FOLLOW | NO_WAIT",
    without: "constants.O_RDONLY",
    tests: "notes",
    only: "work that was begun",
    runs: "built",
  },
  {
    name: "The name of a lock's holder is short",
    file: "src/ports/lock-owner.ts",
    text: "readNote(path, LONGEST_OWNER_BYTES)",
    without: "readNote(path, 100 * LONGEST_OWNER_BYTES * LONGEST_OWNER_BYTES)",
    tests: "notes",
    only: "beside the lock",
    runs: "built",
  },
  {
    name: "The post step takes only a state that a step saves",
    file: "src/action/post.ts",
    text: "Array.isArray(boards) && boards.every(isBoard)",
    without: "Array.isArray(boards)",
    tests: "notes",
    only: "state that",
    runs: "built",
  },
  {
    name: "No line of the log begins with a command",
    file: "src/action/plain-text.ts",
    text: '.replace(/^(\\s*):(?=:)/, "$1: ")',
    without: "",
    tests: "injection",
  },
  {
    name: "No line of the log holds a command of the old form",
    file: "src/action/plain-text.ts",
    text: '.replaceAll("##[", "## [")',
    without: "",
    tests: "injection",
  },
  {
    name: "Text in the summary is no HTML",
    file: "src/action/plain-text.ts",
    text: '    .replaceAll("<", "&lt;")\n    .replace(ACTIVE',
    without: "    .replace(ACTIVE",
    tests: "injection",
  },
  {
    name: "Text in a report is no XML",
    file: "src/action/junit.ts",
    text: '.replaceAll("<", "&lt;")',
    without: "",
    tests: "injection",
  },
  {
    name: "The program of power-cycle gets nothing that is the action's",
    file: "src/action/power-cycle.ts",
    text: "!OF_THE_ACTION.test(name)",
    without: 'name !== ""',
    tests: "paths",
    only: "is not given",
  },
  {
    name: "A console that never falls silent fills no disk",
    file: "src/action/boot-log.ts",
    text: "roomBytes -= Buffer.byteLength(text);",
    without: "",
    tests: "endless",
    only: "fills no disk",
  },
];
