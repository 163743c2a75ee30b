import * as v from "valibot";
import { FlashError, hasCode } from "../base/errors.js";
import { download } from "./download.js";
import type { DownloadResult } from "./answer.js";
import { findPinned, loadRemote } from "./remote.js";
import type { FileRequest, FirmwareDeps, FirmwareFile, GithubAccess } from "./source.js";

/** An asset's name has no slash, a tag's may. */
const locationPattern = /^(github-release:((?!\.+\/)[\w.-]+)\/((?!\.+@)[\w.-]+)@([^#]+)\/)([^/#]+)$/i;

interface AssetName {
  /** All before the asset. */
  readonly prefix: string;
  readonly owner: string;
  readonly repo: string;
  readonly tag: string;
  readonly asset: string;
}

// GitHub REST API 2022-11-28, "Get a release by tag name". `digest` came in 2025; older assets have none.
const releaseSchema = v.object({
  assets: v.array(
    v.object({
      id: v.pipe(v.number(), v.safeInteger()),
      name: v.string(),
      state: v.string(),
      digest: v.nullish(v.string()),
    }),
  ),
});

/**
 * An asset of a GitHub release: `github-release:owner/repo@tag/asset`. The token goes to GitHub's API and not to the
 * storage that it redirects to. Throws `firmware/release` where there is no such release or asset.
 */
export async function loadAsset(request: FileRequest, deps: FirmwareDeps): Promise<FirmwareFile> {
  const wanted = parseLocation(request);
  const authorization = authorizationOf(request.github);
  const apiUrl = `${request.github.apiUrl}/repos/${wanted.owner}/${wanted.repo}/releases`;
  const base = { kind: "release", prefix: wanted.prefix } as const;
  const pinned = await findPinned({ name: wanted.asset, url: apiUrl }, request, deps);
  if (pinned !== undefined) return { ...pinned, base };
  const { id, digest } = await findAsset(wanted, apiUrl, authorization, deps);
  const file = await loadRemote(
    {
      name: wanted.asset,
      url: new URL(`${apiUrl}/assets/${id}`),
      authorization,
      announcedSha256: /^sha256:([0-9a-f]{64})$/.exec(digest ?? "")?.[1],
    },
    request,
    deps,
  );
  return { ...file, base };
}

function parseLocation(request: FileRequest): AssetName {
  const [, prefix, owner, repo, tag, asset] = locationPattern.exec(request.location) ?? [];
  if (prefix === undefined || owner === undefined || repo === undefined || tag === undefined || asset === undefined) {
    throw new FlashError(
      "input/invalid",
      `${request.input} has "${request.location}"; a release asset is github-release:owner/repo@tag/asset`,
      { input: request.input },
    );
  }
  return { prefix, owner, repo, tag, asset };
}

function authorizationOf({ token }: GithubAccess): string | undefined {
  return token === undefined ? undefined : `Bearer ${token}`;
}

async function findAsset(
  wanted: AssetName,
  apiUrl: string,
  authorization: string | undefined,
  deps: FirmwareDeps,
): Promise<v.InferOutput<typeof releaseSchema>["assets"][number]> {
  const { owner, repo, tag, asset } = wanted;
  const url = new URL(`${apiUrl}/tags/${encodeURIComponent(tag)}`);
  const accept = "application/vnd.github+json";
  const answer = await download({ url, authorization, accept }, undefined, deps).catch((error: unknown) => {
    if (!hasCode(error, "firmware/http-status") || error.details.status !== 404) throw error;
    const why = authorization === undefined ? "without `token` only public ones are seen" : "`token` shows none";
    throw new FlashError("firmware/release", `${owner}/${repo} has no release with the tag "${tag}": ${why}`, {
      repository: `${owner}/${repo}`,
      tag,
    });
  });
  const { assets } = readRelease(answer, url);
  const found = assets.find(({ name }) => name === asset);
  if (found?.state === "uploaded") return found;
  const names = assets.map(({ name }) => name).sort();
  const what = found === undefined ? "has no asset" : "has not finished uploading";
  throw new FlashError(
    "firmware/release",
    `The release ${tag} of ${owner}/${repo} ${what} "${asset}"; it has ${names.slice(0, 10).join(", ") || "none"}`,
    { repository: `${owner}/${repo}`, tag, assets: names },
  );
}

function readRelease(answer: DownloadResult, url: URL): v.InferOutput<typeof releaseSchema> {
  const bytes = answer.kind === "new" ? answer.bytes : answer.copy.bytes;
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), releaseSchema), new TextDecoder().decode(bytes));
  if (result.success) return result.output;
  throw new FlashError("firmware/release", `${url.href} does not answer with a release of GitHub`, { url: url.href });
}
