/** The largest flash size that Espressif's tools know: 128 MiB (esptool 5 `--flash-size 128MB`). */
export const maxFirmwareBytes = 128 * 1024 * 1024;

/** How patient a download is. */
export const httpLimits = {
  tries: 3,
  /** Before the second and the third try. */
  backoffMs: [1_000, 4_000],
  /** A server that asks for more patience than this gets no more of it. */
  maxRetryAfterMs: 20_000,
  /** Without a single byte, from the request on. */
  idleTimeoutMs: 30_000,
  /** All tries and the waits between them. */
  totalTimeoutMs: 600_000,
  redirects: 5,
} as const;
