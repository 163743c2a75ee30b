import { A as string, C as pipe, D as safeInteger, O as safeParse, _ as nullish, a as array, at as FlashError, ot as hasCode, v as number, x as parseJson, y as object } from "./first-line.js";
import { i as download, n as loadRemote, t as findPinned } from "./remote.js";
// src/firmware/github-release.ts
/** An asset's name has no slash, a tag's may. */
const locationPattern = /^(github-release:((?!\.+\/)[\w.-]+)\/((?!\.+@)[\w.-]+)@([^#]+)\/)([^/#]+)$/i;
const releaseSchema = object({ assets: array(object({
	id: pipe(number(), safeInteger()),
	name: string(),
	state: string(),
	digest: nullish(string())
})) });
/**
* An asset of a GitHub release: `github-release:owner/repo@tag/asset`. The token goes to GitHub's API and not to the
* storage that it redirects to. Throws `firmware/release` where there is no such release or asset.
*/
async function loadAsset(request, deps) {
	const wanted = parseLocation(request);
	const authorization = authorizationOf(request.github);
	const apiUrl = `${request.github.apiUrl}/repos/${wanted.owner}/${wanted.repo}/releases`;
	const base = {
		kind: "release",
		prefix: wanted.prefix
	};
	const pinned = await findPinned({
		name: wanted.asset,
		url: apiUrl
	}, request, deps);
	if (pinned !== void 0) return {
		...pinned,
		base
	};
	const { id, digest } = await findAsset(wanted, apiUrl, authorization, deps);
	return {
		...await loadRemote({
			name: wanted.asset,
			url: new URL(`${apiUrl}/assets/${id}`),
			authorization,
			announcedSha256: /^sha256:([0-9a-f]{64})$/.exec(digest ?? "")?.[1]
		}, request, deps),
		base
	};
}
function parseLocation(request) {
	const [, prefix, owner, repo, tag, asset] = locationPattern.exec(request.location) ?? [];
	if (prefix === void 0 || owner === void 0 || repo === void 0 || tag === void 0 || asset === void 0) throw new FlashError("input/invalid", `${request.input} has "${request.location}"; a release asset is github-release:owner/repo@tag/asset`, { input: request.input });
	return {
		prefix,
		owner,
		repo,
		tag,
		asset
	};
}
function authorizationOf({ token }) {
	return token === void 0 ? void 0 : `Bearer ${token}`;
}
async function findAsset(wanted, apiUrl, authorization, deps) {
	const { owner, repo, tag, asset } = wanted;
	const url = new URL(`${apiUrl}/tags/${encodeURIComponent(tag)}`);
	const { assets } = readRelease(await download({
		url,
		authorization,
		accept: "application/vnd.github+json"
	}, void 0, deps).catch((error) => {
		if (!hasCode(error, "firmware/http-status") || error.details.status !== 404) throw error;
		throw new FlashError("firmware/release", `${owner}/${repo} has no release with the tag "${tag}": ${authorization === void 0 ? "without `token` only public ones are seen" : "`token` shows none"}`, {
			repository: `${owner}/${repo}`,
			tag
		});
	}), url);
	const found = assets.find(({ name }) => name === asset);
	if (found?.state === "uploaded") return found;
	const names = assets.map(({ name }) => name).sort();
	throw new FlashError("firmware/release", `The release ${tag} of ${owner}/${repo} ${found === void 0 ? "has no asset" : "has not finished uploading"} "${asset}"; it has ${names.slice(0, 10).join(", ") || "none"}`, {
		repository: `${owner}/${repo}`,
		tag,
		assets: names
	});
}
function readRelease(answer, url) {
	const bytes = answer.kind === "new" ? answer.bytes : answer.copy.bytes;
	const result = safeParse(pipe(string(), parseJson(), releaseSchema), new TextDecoder().decode(bytes));
	if (result.success) return result.output;
	throw new FlashError("firmware/release", `${url.href} does not answer with a release of GitHub`, { url: url.href });
}
export { loadAsset };
