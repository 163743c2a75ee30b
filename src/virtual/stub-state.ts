import { statusCodes } from "../protocol/status-codes.js";
import type { Inflater } from "./inflate.js";
import type { Machine } from "./machine.js";
import type { Program } from "./program.js";
import type { Request } from "./request.js";

/** A write that was begun. `remainingBytes` goes round below zero, as the stub's 32 bits do. */
export interface StubWrite {
  nextOffset: number;
  remainingBytes: number;
  /** What is left of blocks · block size, the most that the deflated data may be. */
  budgetBytes: number;
  nextEraseOffset: number;
  eraseRemainingBytes: number;
  readonly enciphers: boolean;
  /** Blank sectors are skipped until the first that is not. */
  dirtySeen: boolean;
}

/** What the stub remembers between two commands. */
export interface StubState {
  write: StubWrite | undefined;
  ram: { nextAddress: number; remainingBytes: number } | undefined;
  inflater: Inflater;
  /** Inflated bytes that wait for their window of 32 KiB to fill; only sequence number 0 empties it. */
  inflated: Uint8Array;
}

export interface StubOutcome {
  readonly status: number;
  readonly value?: number;
  readonly data?: Uint8Array;
  /** Replies before the last one. */
  readonly extraReplies?: number;
  /** Runs after the reply; what it returns is the status of the *next* command, which is then not carried out. */
  readonly after?: () => Program<number | "stub">;
}

/** Carries a command out; a generator where that takes time. */
export type StubHandler = (machine: Machine, state: StubState, request: Request) => StubOutcome | Program<StubOutcome>;

export const stubOk: StubOutcome = { status: 0 };
export const badLength: StubOutcome = { status: statusCodes.stubBadLength };
export const spiFailed: StubOutcome = { status: statusCodes.stubSpiFailed };
