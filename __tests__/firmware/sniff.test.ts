import { findImpostor } from "../../src/firmware/sniff.js";

const html = "<!doctype html><html><head><title>Sign in</title></head></html>";
const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 12\n`;
const notFound = '{"message":"Not Found","documentation_url":"https://docs.example"}';
const settings = '{"wifi":{"ssid":"lab"}}';

type Row = [
  what: string,
  content: string | Uint8Array,
  contentType: string,
  purpose: "image" | "data",
  code: string | undefined,
];

/** From a server. */
const rows: Row[] = [
  ["an image", Uint8Array.of(0xe9, 4, 2, 0x20), "application/octet-stream", "image", undefined],
  ["an image that the server calls HTML", Uint8Array.of(0xe9, 4, 2, 0x20), "text/html", "image", undefined],
  ["erased flash that the server calls HTML", new Uint8Array(4096).fill(0xff), "text/html", "data", undefined],
  ["a page", html, "text/html; charset=utf-8", "image", "firmware/html"],
  ["a page at an offset", html, "text/html", "data", "firmware/html"],
  ["a page that the server calls a file", html, "application/octet-stream", "data", "firmware/html"],
  ["a page behind a mark, blanks and a comment", `\uFEFF \n<!-- x --><HTML lang=en>`, "", "image", "firmware/html"],
  ["a page in Latin-1", Buffer.from("<html><title>gr\u00fcn</title>", "latin1"), "", "image", "firmware/html"],
  ["XHTML", `<?xml version="1.0"?>\n${html}`, "application/xhtml+xml", "data", "firmware/html"],
  [
    "a storage service's error",
    '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>',
    "",
    "data",
    "firmware/html",
  ],
  ["a few words of HTML type", "Please log in.", "text/html", "data", "firmware/html"],
  ["a few words of text type", "hello", "text/plain", "data", undefined],
  ["an API's error", notFound, "application/json", "image", "firmware/json"],
  ["an API's error at an offset", notFound, "application/json", "data", "firmware/json"],
  ["a problem document", '{"type":"x"}', "application/problem+json", "data", "firmware/json"],
  ["an asset's metadata", '{"id":1,"browser_download_url":"https://x"}', "application/json", "data", "firmware/json"],
  ["settings without an offset", settings, "application/json", "image", "firmware/json"],
  ["settings at an offset", settings, "application/json", "data", undefined],
  ["a list without an offset", "[1, 2]", "", "image", "firmware/json"],
  ["half a JSON document at an offset", notFound.slice(0, 30), "", "data", undefined],
  ["an LFS pointer", pointer, "text/plain", "image", "firmware/lfs-pointer"],
  ["an LFS pointer at an offset", pointer, "application/octet-stream", "data", "firmware/lfs-pointer"],
  ["an old LFS pointer", pointer.replace("git-lfs.github", "hawser.github"), "", "data", "firmware/lfs-pointer"],
  ["a log that begins with a version", "version 1.2", "text/plain", "data", undefined],
];

test.each(rows)("%s from a server", (_, content, contentType, purpose, code) => {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  expect(findImpostor(bytes, { source: "url", contentType }, purpose)?.code).toBe(code);
});
