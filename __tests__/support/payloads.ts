/** A text that shall mean nothing but itself. */
export interface Payload {
  readonly name: string;
  readonly text: string;
  /** What may not stand anywhere in a summary like this. */
  readonly raw?: RegExp;
  /** As `raw`, but where HTML is read it means nothing. */
  readonly mark?: RegExp;
}

/** What firmware, a board, a file name or a server could say; `pwned` is in all of them. */
export const payloads: readonly Payload[] = [
  { name: "a command", text: "::set-output name=mac::pwned" },
  { name: "a command behind blanks of Unicode", text: "\u00a0\u3000::error::pwned" },
  { name: "a command behind a byte order mark", text: "\ufeff::error::pwned" },
  { name: "a command after a line end", text: "I (31) boot:\n::error::pwned" },
  { name: "a command after a carriage return", text: "50 %\r::add-mask::pwned" },
  { name: "a command after a line end of Unicode", text: "boot\u2028::error::pwned\u2029::error::pwned" },
  { name: "a command after NEL", text: "boot\u0085::error::pwned" },
  { name: "an escaped line end", text: "boot%0A::error::pwned%0D::error::pwned" },
  { name: "a command in the old form", text: "boot ##[error]pwned ##[group]x" },
  { name: "the end of all commands", text: "::stop-commands::pwned" },
  { name: "a new path", text: "::add-path::/tmp/pwned" },
  { name: "a new variable", text: "::set-env name=NODE_OPTIONS::--require /tmp/pwned" },
  { name: "a matcher of problems", text: "::add-matcher::/tmp/pwned.json" },
  { name: "a cursor that moves up", text: "\x1b[1A\x1b[2Kpwned\x1b]0;title\x07" },
  { name: "text that runs backwards", text: "\u202epwned\u2066\u200f", raw: /[\u200f\u202e\u2066]/ },
  { name: "an output of its own", text: "pwned\nghadelimiter_0\nmac=pwned\nverified<<x\ntrue\nx" },
  { name: "an image", text: `<img src=x onerror="pwned">`, raw: /<img/i },
  { name: "a comment", text: "<!-- pwned", raw: /<!--/ },
  { name: "an entity", text: "&lt;script&gt;pwned", raw: /&lt;script&gt;/ },
  { name: "the end of what is folded", text: "</details></summary><h1>pwned", raw: /<h1>/ },
  { name: "a picture of Markdown", text: "![pwned](https://evil.example/p.png)", mark: /(?<!\\)!?\[pwned/ },
  { name: "a link", text: "[pwned](https://evil.example)", mark: /(?<!\\)\[pwned/ },
  { name: "an address", text: "https://evil.example/pwned www.evil.example", raw: /https:\/\/|www\./ },
  { name: "a mention", text: "@pwned @org/team pwned@evil.example", raw: /@(pwned|org|evil)/ },
  { name: "another cell", text: "pwned | ✅ | verified |", mark: /(?<!\\)\| ✅ \| verified/ },
  { name: "a heading", text: "# pwned", mark: /^# /m },
  { name: "a rule", text: "---\npwned", mark: /^---$/m },
  { name: "code that ends", text: "```\npwned\n```", mark: /^```/m },
  { name: "code in a line", text: "`pwned`", mark: /(?<!\\)`pwned/ },
  { name: "a formula", text: "$\\color{green}{\\textsf{pwned}}$", raw: /(?<!>)\$/ },
  { name: "bold text", text: "**pwned** __pwned__", mark: /(?<!\\)[*_](?=[*_]pwned)/ },
  { name: "the end of a document of XML", text: `]]></system-out><testcase name="pwned"/>` },
];
