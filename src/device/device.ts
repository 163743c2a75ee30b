import type { ChipDefinition, ChipIdentity, SecurityState } from "../chips/definition.js";
import type { Connection } from "./connection.js";

/** What was learnt while the loader was asked; the same for ROM and stub. */
interface KnownDevice {
  readonly connection: Connection;
  readonly chip: ChipDefinition;
  readonly identity: ChipIdentity;
  readonly security: SecurityState;
  /** Rate of the link, in bits a second. */
  readonly baud: number;
  /** As `connect` found. */
  readonly enHoldMs?: number;
}

/** A chip whose ROM loader answers. */
export interface RomDevice extends KnownDevice {
  readonly loader: "rom";
}

/** A chip on which Espressif's stub runs. What only a stub can do takes this type. */
export interface StubDevice extends KnownDevice {
  readonly loader: "stub";
}

export type Device = RomDevice | StubDevice;
