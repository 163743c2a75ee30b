/** The parts of a job, in the order in which a first try meets them. A retry may meet them again. */
export type Phase =
  "connect" | "identify" | "stub" | "baud" | "compare" | "read" | "erase" | "write" | "verify" | "reset";

/**
 * What a job tells while it runs; the only channel upwards. Promised order:
 * each `started` has one `finished` of the same phase before the next `started`, unless the job throws;
 * `doneBytes` never falls, and it equals `totalBytes` only after the last verification.
 */
export type JobEvent =
  | { readonly kind: "started"; readonly phase: Phase }
  | { readonly kind: "finished"; readonly phase: Phase; readonly durationMs: number }
  | { readonly kind: "progress"; readonly doneBytes: number; readonly totalBytes: number }
  | { readonly kind: "message"; readonly level: "info" | "warning" | "debug"; readonly text: string };

export type JobListener = (event: JobEvent) => void;
