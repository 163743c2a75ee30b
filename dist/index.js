import { J as run } from "./first-line.js";
// src/main.ts
await run();
export {};
