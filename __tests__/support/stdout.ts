/** Runs `work` and gives the lines that it wrote to standard output, which is where the runner reads commands. */
export async function linesWrittenBy(work: () => unknown): Promise<string[]> {
  const { stdout } = process;
  const original = Object.getOwnPropertyDescriptor(stdout, "write");
  let text = "";
  stdout.write = (chunk: string | Uint8Array): boolean => {
    text += chunk.toString();
    return true;
  };
  try {
    await work();
  } finally {
    // Binding it anew for each call would leave a chain of functions behind.
    Reflect.deleteProperty(stdout, "write");
    if (original !== undefined) Object.defineProperty(stdout, "write", original);
  }
  return text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/);
}
