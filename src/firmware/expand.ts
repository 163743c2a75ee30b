import { FlashError } from "../base/errors.js";
import type { Archive } from "./archive.js";
import { checkSize } from "./check.js";
import { checkedMember, readContent } from "./content.js";
import type { Content, ContentRequest, PartReader } from "./content.js";
import { layoutKinds } from "./layout-kinds.js";
import { partLocation, relativePath } from "./part-location.js";
import type { FileRequest, FirmwareDeps, FirmwareFile } from "./source.js";
import { loadFile } from "./sources.js";
import { gunzipped, hasPackedName, openArchive } from "./unpack.js";

/** What a file holds, and all files that were fetched for it. */
export interface Expanded extends Content {
  readonly files: readonly FirmwareFile[];
}

/** A file of a job, with the member of an archive that is meant. */
export interface ExpandRequest extends ContentRequest, FileRequest {
  readonly member?: string | undefined;
}

/**
 * Gets a file, unpacks it and reads what it holds, with all the parts that a layout names. Throws `firmware/…`,
 * `image/…`, `input/invalid`, `input/conflict`, or the signal's reason.
 */
export async function expandFile(request: ExpandRequest, deps: FirmwareDeps): Promise<Expanded> {
  const file = await loadFile(request, deps);
  const { member } = request;
  // Packed bytes at a place of the user's choice may be data of the app, such as a web page; then the name decides.
  const isPacked = request.purpose === "image" || member !== undefined || hasPackedName(file.name);
  const plain = isPacked ? await gunzipped(file) : file;
  const archive = isPacked ? openArchive({ name: file.name, bytes: plain.bytes }, deps.clock) : undefined;
  if (archive !== undefined) return { ...(await expandArchive(archive, request, deps)), files: [file] };
  if (member !== undefined) {
    throw new FlashError("input/invalid", `${request.input} asks for ${member} in ${file.name}, which is no archive`, {
      input: request.input,
    });
  }
  const files: FirmwareFile[] = [file];
  const readPart: PartReader = async (path) => {
    refuseLoosePin(file, request);
    const location = await partLocation(file, path, request);
    const part = await loadFile({ ...request, location, sha256: undefined, purpose: "data" }, deps);
    files.push(part);
    checkSize(`the firmware of ${file.name}`, sizeOf(files));
    return { name: path, bytes: part.bytes, sha256: part.sha256 };
  };
  return { ...(await readContent(plain, request, readPart, deps)), files };
}

function sizeOf(files: readonly FirmwareFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

/** A digest of the layout says nothing about the parts, though it looks as if it did. */
function refuseLoosePin({ name }: FirmwareFile, { sha256, input }: ExpandRequest): void {
  if (sha256 === undefined) return;
  throw new FlashError(
    "input/conflict",
    `\`sha256\` pins ${name} alone, and not the files that it names: use an archive with all of them, or \`files\` with ` +
      "a digest in each line.",
    { inputs: ["sha256", input] },
  );
}

async function expandArchive(archive: Archive, request: ExpandRequest, deps: FirmwareDeps): Promise<Content> {
  const path = request.member === undefined ? chooseMember(archive) : findMember(archive, request.member);
  const packed = { name: path, bytes: await archive.read(path) };
  const plain = await checkedMember(await gunzipped(packed), request.purpose, deps);
  if (openArchive(plain, deps.clock) !== undefined) {
    throw new FlashError("firmware/archive", `${archive.name} holds ${path}, which is an archive itself`, {
      archive: archive.name,
      path,
    });
  }
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const readPart: PartReader = async (partPath) => {
    const found = findMember(archive, relativePath(path, folder, partPath));
    return checkedMember({ name: found, bytes: await archive.read(found) }, "data", deps);
  };
  return readContent(plain, request, readPart, deps);
}

function noMember(archive: Archive, what: string): FlashError {
  const members = archive.members.slice(0, 10);
  const more = archive.members.length > members.length ? ", …" : "";
  return new FlashError(
    "firmware/no-member",
    `${archive.name} ${what}; in it: ${members.join(", ") || "nothing"}${more}`,
    { archive: archive.name, members: archive.members.slice(0, 100) },
  );
}

function findMember(archive: Archive, path: string): string {
  const wanted = path.replace(/^(\.\/)+/, "");
  if (!archive.members.includes(wanted)) throw noMember(archive, `does not hold ${wanted}`);
  return wanted;
}

/** Without a member of the user's choice: the layout nearest to the top, or the only file. */
function chooseMember(archive: Archive): string {
  // macOS adds files of its own to an archive.
  const members = archive.members.filter((path) => !/^__MACOSX\/|(^|\/)\.(_|DS_Store$)/.test(path));
  for (const { fileName } of layoutKinds) {
    const [first, second] = members
      .filter((path) => path === fileName || path.endsWith(`/${fileName}`))
      .sort((a, b) => depthOf(a) - depthOf(b));
    if (first === undefined) continue;
    if (second !== undefined && depthOf(second) === depthOf(first)) {
      throw noMember(archive, `holds ${first} and ${second}, and nothing says which is meant`);
    }
    return first;
  }
  const [only, another] = members;
  if (only !== undefined && another === undefined) return only;
  throw noMember(
    archive,
    `holds no ${layoutKinds.map(({ fileName }) => fileName).join(", no ")} and not one file alone`,
  );
}

function depthOf(path: string): number {
  return path.split("/").length;
}
