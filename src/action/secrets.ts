import { getInput, setSecret } from "@actions/core";
import { secretsOf } from "../firmware/url.js";

/** Inputs that may hold URLs, with a password or a signature in them. They are not checked yet. */
const inputsWithUrls = ["firmware-url", "files", "firmware-map", "port", "console-port", "power-cycle"];

/** Lets the runner blacken all that no log may show, before anything is said. */
export function maskSecrets(): void {
  const words = inputsWithUrls.flatMap((name) => getInput(name).split(/[\s"']+/));
  // The settings of a simulated board are words such as `modelled`, which the log must be able to say.
  const locations = words.filter((word) => !word.startsWith("virtual:"));
  const secrets = new Set([...locations.flatMap(secretsOf), getInput("token")]);
  for (const secret of secrets) {
    if (secret !== "") setSecret(secret);
  }
}
