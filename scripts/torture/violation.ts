/** What must never happen. */
export type Concern =
  | "false success"
  | "no code"
  | "over time"
  | "leak"
  | "lines or port"
  | "left in loader"
  | "lock"
  | "no rerun"
  | "other board"
  | "events"
  | "should have passed";

export interface Violation {
  readonly concern: Concern;
  readonly what: string;
}
