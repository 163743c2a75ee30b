/** `850 ms` or `12.3 s`. */
export function formatDuration(durationMs: number): string {
  return durationMs < 1000 ? `${durationMs.toFixed(0)} ms` : `${formatSeconds(durationMs)} s`;
}

/** Seconds with one digit behind the point, without a unit: `12.3`. */
export function formatSeconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(1);
}

/** From major · 100 + minor: `v3.1`. */
export function formatRevision(revision: number): string {
  return `v${Math.floor(revision / 100)}.${revision % 100}`;
}

/** As flash sizes are written: `4MB`, `512KB`. */
export function formatFlashSize(sizeBytes: number): string {
  const megabyte = 0x100000;
  return sizeBytes >= megabyte ? `${sizeBytes / megabyte}MB` : `${sizeBytes / 1024}KB`;
}
