/** The `code` of an error of the system or of a library (`ENOENT`, `ECONNRESET`, …); `unknown` without one. */
export function systemCodeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "unknown";
}
