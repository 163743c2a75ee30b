/**
 * Validates every `action.yml` and every workflow of this repository, those in documents too, with GitHub's own language
 * service: syntax, expressions, and the inputs and outputs of our own actions. `lint-workflows.mjs [root]`
 */
import { readFileSync } from "node:fs";
import { register } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { TextDocument } from "vscode-languageserver-textdocument";
import { actionFolders, actionMetadata, ownAction, withFullNames } from "./own-actions.mjs";
import { workflowSources } from "./workflow-sources.mjs";

// The packages import JSON without the attribute that Node asks for, as only bundlers allow.
const jsonHook = `export const load = (url, context, next) =>
  next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context);`;
register(`data:text/javascript,${encodeURIComponent(jsonHook)}`);
const { validate } = await import("@actions/languageservice");
const { data, DescriptionDictionary } = await import("@actions/expressions");

const root = process.argv[2] ?? path.join(import.meta.dirname, "..");

/** Of actions by others nothing is known without a network. */
const foreign = { name: "foreign", description: "an action of another repository" };

/** @type {import("@actions/languageservice").ValidationConfig} */
const config = {
  actionsMetadataProvider: {
    fetchActionMetadata({ owner, name, path: folder }) {
      const own = ownAction([owner, name, folder].filter(Boolean).join("/"));
      return Promise.resolve(own === undefined ? foreign : actionMetadata(root, own));
    },
  },
  contextProviderConfig: {
    getContext(name, context, { job }) {
      if (name === "steps" && context) {
        for (const step of job?.steps ?? []) if ("uses" in step) nameOutputs(context, step.id, step.uses.value);
      }
      return Promise.resolve(context);
    },
  },
};

/**
 * Of a step with one of our actions, only the outputs of its action.yml exist.
 * @param {InstanceType<typeof DescriptionDictionary>} steps @param {string} id @param {string} uses
 */
function nameOutputs(steps, id, uses) {
  const own = ownAction(uses);
  const known = own === undefined ? undefined : actionMetadata(root, own);
  const context = steps.get(id);
  const outputs = context instanceof DescriptionDictionary ? context.get("outputs") : undefined;
  if (known === undefined || !(outputs instanceof DescriptionDictionary)) return;
  for (const output of Object.keys(known.outputs ?? {})) outputs.add(output, new data.StringData(""));
  outputs.complete = true;
}

/** @param {import("./workflow-sources.mjs").WorkflowSource} source */
async function check({ file, firstLine, text }) {
  // The service goes by the name: an action.yml is an action, any other .yml a workflow. It remembers what it has read by
  // that name, so each block of a document needs one of its own.
  const uri = pathToFileURL(path.join(root, file)).href.replace(/\.md$/, `-${firstLine}.yml`);
  const document = TextDocument.create(uri, "yaml", 1, text);
  for (const { range, message } of await validate(document, config)) {
    const said = typeof message === "string" ? message : message.value;
    console.error(`${file}:${firstLine + range.start.line + 1}:${range.start.character + 1} ${said}`);
    process.exitCode = 1;
  }
}

/** What a copied workflow brings along has to be what it was when it was written. @param {string} file @param {string} text */
function checkPins(file, text) {
  for (const [, uses = ""] of text.matchAll(/\buses: (\S+)/g)) {
    if (ownAction(uses) !== undefined || /@[0-9a-f]{40}$/.test(uses)) continue;
    console.error(`${file}: ${uses} is not pinned by its commit`);
    process.exitCode = 1;
  }
}

const actions = actionFolders(root).map((folder) => path.join(folder, "action.yml"));
for (const file of actions) await check({ file, firstLine: 0, text: readFileSync(path.join(root, file), "utf8") });
const workflows = workflowSources(root);
for (const workflow of workflows) {
  await check({ ...workflow, text: withFullNames(workflow.text) });
  if (!workflow.file.endsWith(".md")) checkPins(workflow.file, workflow.text);
}
console.log(`${actions.length} actions and ${workflows.length} workflows validated`);
