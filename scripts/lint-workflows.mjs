/** Validates `action.yml` and the workflow files with GitHub's own language service. */
import { readdirSync, readFileSync } from "node:fs";
import { register } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { TextDocument } from "vscode-languageserver-textdocument";

// The packages import JSON without the attribute that Node asks for, as only bundlers allow.
const jsonHook = `export const load = (url, context, next) =>
  next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context);`;
register(`data:text/javascript,${encodeURIComponent(jsonHook)}`);
const { validate } = await import("@actions/languageservice");

const root = path.join(import.meta.dirname, "..");
const workflows = path.join(".github", "workflows");
const files = ["action.yml", ...readdirSync(path.join(root, workflows)).map((name) => path.join(workflows, name))];

for (const file of files) {
  const uri = pathToFileURL(path.join(root, file)).href;
  const document = TextDocument.create(uri, "yaml", 1, readFileSync(path.join(root, file), "utf8"));
  for (const { range, message } of await validate(document)) {
    console.error(
      `${file}:${range.start.line + 1}:${range.start.character + 1} ${typeof message === "string" ? message : message.value}`,
    );
    process.exitCode = 1;
  }
}
console.log(`${files.length} files validated`);
