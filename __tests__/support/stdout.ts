/** Runs `work` and gives the lines that it wrote to standard output, which is where the runner reads commands. */
export async function linesWrittenBy(work: () => unknown): Promise<string[]> {
  const { stdout } = process;
  const original = stdout.write.bind(stdout);
  let text = "";
  stdout.write = (chunk: string | Uint8Array): boolean => {
    text += chunk.toString();
    return true;
  };
  try {
    await work();
  } finally {
    stdout.write = original;
  }
  return text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/);
}
