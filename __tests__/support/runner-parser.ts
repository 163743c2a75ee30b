/** What the runner makes of a line of the log, by its own two rules (actions/runner, ActionCommand.cs at 079cdb1). */
export function commandIn(line: string): string | undefined {
  const start = line.trimStart();
  if (start.startsWith("::")) return /^::([^:]*)::/.exec(start)?.[1]?.split(" ")[0];
  return /##\[([^\]]*)\]/.exec(line)?.[1];
}

/** Names of the commands in a log that the step is known to give by itself. */
const ownCommands: readonly string[] = ["group", "endgroup", "add-mask", "debug"];

/** All commands in a log but those. */
export function strangeCommands(lines: readonly string[]): string[] {
  return lines.map(commandIn).filter((name): name is string => name !== undefined && !ownCommands.includes(name));
}

/**
 * Names of the commands that a runner obeys in a log, stdout and stderr alike. Its reader ends lines at CR, LF or both, as
 * .NET's `StreamReader.ReadLine` does.
 */
export function commandNames(log: string, which: "all" | "other than groups"): string[] {
  const lines = log.split(/\r\n|[\r\n]/);
  if (which === "other than groups") return strangeCommands(lines);
  return lines.map(commandIn).filter((name) => name !== undefined);
}

/** Markdown without the code blocks, whose fences are closed by ones as long only (CommonMark 0.31, 4.5). */
export function outsideCode(markdown: string): string {
  let fence: string | undefined;
  return markdown
    .split("\n")
    .filter((line) => {
      const [ticks] = /^ {0,3}`{3,}/.exec(line) ?? [];
      const isFence =
        ticks !== undefined &&
        (fence === undefined || (ticks.trim().length >= fence.length && line.trim() === ticks.trim()));
      const wasOutside = fence === undefined;
      if (isFence) fence = fence === undefined ? ticks.trim() : undefined;
      return wasOutside && !isFence;
    })
    .join("\n");
}
