/** The actions of this repository, as workflows name them. */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";

/** How documents and examples call this repository. */
const REPOSITORY = "org/esp32-flash-action";

/**
 * @typedef {object} ActionMetadata
 * @property {string} name
 * @property {string} description
 * @property {Record<string, { description: string, required?: boolean, default?: string }>} [inputs]
 * @property {Record<string, { description: string }>} [outputs]
 */

/** Folders with an action: "" is the main one. @param {string} root @returns {string[]} */
export function actionFolders(root) {
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return ["", ...folders.map(({ name }) => name).filter((name) => existsSync(path.join(root, name, "action.yml")))];
}

/**
 * Which of our actions a step uses, as its folder; `undefined` for those of others. @param {string} uses
 * @returns {string | undefined}
 */
export function ownAction(uses) {
  const [, own] = /^\.\/(.*)$/.exec(uses) ?? [];
  if (own !== undefined) return own;
  const [name = ""] = uses.split("@");
  return name === REPOSITORY || name.startsWith(`${REPOSITORY}/`) ? name.slice(REPOSITORY.length + 1) : undefined;
}

/** A workflow of ours that others could use as it stands: `./` means this repository. @param {string} workflow */
export function withFullNames(workflow) {
  return workflow.replaceAll(/(?<=\buses: )\.\/([\w-]*)/g, (_, folder) =>
    folder === "" ? `${REPOSITORY}@v1` : `${REPOSITORY}/${folder}@v1`,
  );
}

/** @param {string} root @param {string} folder @returns {ActionMetadata | undefined} `undefined` if there is none. */
export function actionMetadata(root, folder) {
  if (!actionFolders(root).includes(folder)) return undefined;
  /** @type {unknown} */
  const metadata = parse(readFileSync(path.join(root, folder, "action.yml"), "utf8"));
  return /** @type {ActionMetadata} */ (metadata);
}
