import fc from "fast-check";
import { redirectTarget } from "../../src/firmware/redirect.js";
import { connectionFailure } from "../../src/firmware/http.js";
import { redactUrl, schemeOf, secretsOf } from "../../src/firmware/url.js";

describe("a location for people", () => {
  test.each([
    ["https://user:pass@host:8443/a/b.bin?token=abc#top", "https://host:8443/a/b.bin"],
    ["https://ghp_0123456789@host/b.bin", "https://host/b.bin"],
    ["build/fw.bin?v=1", "build/fw.bin?v=1"],
    ["C:\\build\\fw.bin", "C:\\build\\fw.bin"],
    ["file:///build/fw.bin", "file:///build/fw.bin"],
    ["http://user:pass@a b/", "http:…"],
    ["data:text/plain,secret", "data:…"],
  ])("%s is shown as %s", (location, shown) => {
    expect(redactUrl(location)).toBe(shown);
  });

  const word = fc.stringMatching(/^[a-zA-Z0-9_.~%@:/?#&=+ -]{9,30}$/);

  test("never has a password or a value of the query, whatever they hold", () => {
    fc.assert(
      fc.property(word, word, (password, value) => {
        const url = new URL("https://host/fw.bin");
        url.username = "somebody";
        // The setter leaves a "%" as it is.
        url.password = encodeURIComponent(password);
        url.searchParams.set("token", value);
        expect(redactUrl(url.href)).toBe("https://host/fw.bin");
        const secrets = secretsOf(url.href);
        for (const secret of [password, value, url.password, url.search.slice(1)]) {
          expect(secrets).toContain(secret);
        }
      }),
    );
  });
});

describe("secrets of a location", () => {
  test.each<[string, string[]]>([
    ["build/fw.bin", []],
    ["https://host/fw.bin", []],
    ["file:///fw.bin", []],
    ["https://host/fw.bin?v=1", ["v=1"]],
    ["https://user:a%20secret@host/fw.bin", ["a%20secret", "a secret", "dXNlcjphIHNlY3JldA==", "user:a%20secret"]],
    ["https://ghp_012345@host/fw.bin", ["ghp_012345", "Z2hwXzAxMjM0NTo="]],
  ])("of %s are %j", (location, secrets) => {
    expect(secretsOf(location).sort()).toEqual([...secrets].sort());
  });

  test("leave out what is too short to be masked alone", () => {
    expect(secretsOf("https://me:a@host/fw.bin?b=1")).not.toEqual(expect.arrayContaining(["a"]));
  });
});

test.each([
  ["HTTPS://host/a", "https"],
  ["file:///a", "file"],
  ["C:\\a", "path"],
  ["./a:b", "path"],
  ["a/b", "path"],
])("the scheme of %s is %s", (location, scheme) => {
  expect(schemeOf(location)).toBe(scheme);
});

describe("a redirect from https", () => {
  const from = new URL("https://user:pass@host/a/fw.bin?token=secret");

  test.each([
    ["to the same server", "/b.bin", "https://host/b.bin"],
    ["to a sibling", "c.bin?x=1", "https://host/a/c.bin?x=1"],
    ["to another host", "https://cdn/fw.bin#part", "https://cdn/fw.bin"],
    ["with credentials of the server's choice", "https://me:secret@cdn/fw.bin", "https://cdn/fw.bin"],
  ])("%s is followed", (_, location, target) => {
    expect(redirectTarget(from, location).href).toBe(target);
  });

  test.each([
    ["to http", "http://host/fw.bin?token=secret", /from https to http:\/\/host\/fw\.bin, which is not encrypted$/],
    ["to a file", "file:///etc/shadow", /file:\/\/\/etc\/shadow, which is neither/],
    ["to another scheme", "data:text/plain,secret", /data:…, which is neither/],
    ["to nowhere", undefined, /without saying where to$/],
    ["to nonsense", "http://sec ret/", /not a URL$/],
  ])("%s is refused", (_, location, message) => {
    let error: unknown;
    try {
      redirectTarget(from, location);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: "firmware/redirect", message: expect.stringMatching(message) as string });
    expect(JSON.stringify([error, String(error)])).not.toMatch(/secret|pass/);
  });
});

test.each([
  ["CERT_HAS_EXPIRED", "firmware/certificate"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "firmware/certificate"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "firmware/certificate"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "firmware/certificate"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "firmware/certificate"],
  ["ENOTFOUND", "firmware/unreachable"],
  ["ECONNRESET", "firmware/unreachable"],
])("a connection that fails with %s is %s", (systemCode, code) => {
  const error = connectionFailure(
    new URL("https://u:secret@host/a?secret"),
    Object.assign(new Error(), { code: systemCode }),
  );
  expect(error.code).toBe(code);
  expect(error.message).toContain(systemCode);
  expect(JSON.stringify([error, error.message])).not.toMatch(/secret/);
});
