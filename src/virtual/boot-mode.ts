/** What the circuit around the chip decided while it was reset. */
export type BootMode = "download" | "run";
