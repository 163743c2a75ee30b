import { warning } from "@actions/core";
import { toFlashError } from "../base/errors.js";
import { junitXml } from "./junit.js";
import type { StepOutcome } from "./outcome.js";
import { plainLine } from "./plain-text.js";
import { saveFile } from "./save-file.js";

/**
 * Writes the JUnit report to `file`, relative to the workspace. One that cannot be written changes nothing about the
 * board: that is a warning, and no failure.
 */
export async function writeJunit(file: string, workspace: string, outcome: StepOutcome): Promise<void> {
  try {
    await saveFile(workspace, file, junitXml(outcome));
  } catch (thrown) {
    const text = `The JUnit report cannot be written: ${toFlashError(thrown).message}`;
    warning(plainLine(text), { title: "ESP32 flash" });
  }
}
