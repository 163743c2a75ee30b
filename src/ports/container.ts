import { existsSync } from "node:fs";
import path from "node:path";

/** What Docker, Podman and Kubernetes put into a container. */
const MARKS = [".dockerenv", "run/.containerenv", "var/run/secrets/kubernetes.io"];

/** Whether this process runs in a container. `root` is `/` but for tests. */
export function isContainer(root: string): boolean {
  return MARKS.some((mark) => existsSync(path.join(root, mark)));
}
