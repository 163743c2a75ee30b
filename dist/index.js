import { t as run } from "./step.js";
// src/main.ts
await run();
export {};
