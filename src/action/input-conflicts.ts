import { FlashError } from "../base/errors.js";
import type { InputValues } from "./input-values.js";
import type { PortLine } from "./port-line.js";

/** What may contradict each other. */
type Inputs = Pick<
  InputValues,
  | "ports"
  | "expectMac"
  | "consolePort"
  | "powerCycle"
  | "chip"
  | "files"
  | "resetSequence"
  | "before"
  | "firmwareUrl"
  | "offset"
  | "sha256"
  | "after"
  | "stub"
  | "when"
  | "bootCheck"
  | "rewrite"
  | "erase"
>;

/** Inputs that cannot both count. */
interface Conflict {
  readonly inputs: readonly string[];
  readonly clash: (inputs: Inputs) => boolean;
  readonly message: (inputs: Inputs) => string;
}

const lineText = (line: PortLine): string => (line.kind === "one" ? line.port : `every: ${line.selector}`);

/** A line that stands there twice would be two jobs on one board. */
function doubleLine(ports: readonly PortLine[]): string | undefined {
  const texts = ports.map(lineText);
  return texts.find((text, index) => texts.indexOf(text) < index);
}

const mayBeSeveral = ({ ports }: Inputs): boolean => ports.length > 1 || ports[0]?.kind === "every";
const chipsOfFiles = ({ files }: Inputs): string[] => files.flatMap((line) => line.chip ?? []);

const bothSet = (one: string, other: string, clash: Conflict["clash"]): Conflict => ({
  inputs: [one, other],
  clash,
  message: () => `\`${one}\` and \`${other}\` are both set, but only one of them can count.`,
});

const conflicts: readonly Conflict[] = [
  {
    inputs: ["port"],
    clash: ({ ports }) => doubleLine(ports) !== undefined,
    message: ({ ports }) => `\`port\` names ${doubleLine(ports) ?? ""} twice.`,
  },
  {
    inputs: ["expect-mac", "port"],
    clash: (inputs) => inputs.expectMac !== undefined && mayBeSeveral(inputs),
    message: () => "`expect-mac` names one board, but `port` may lead to several.",
  },
  {
    inputs: ["console-port", "port"],
    clash: (inputs) => inputs.consolePort !== undefined && mayBeSeveral(inputs),
    message: () => "`console-port` is the console of one board, but `port` may lead to several.",
  },
  {
    inputs: ["power-cycle", "port"],
    clash: (inputs) => inputs.powerCycle !== undefined && mayBeSeveral(inputs),
    message: () =>
      "`power-cycle` switches the power of one board, but `port` may lead to several: one that is being written could lose it.",
  },
  {
    inputs: ["chip", "files"],
    clash: (inputs) => {
      const named = chipsOfFiles(inputs);
      return inputs.chip !== "auto" && named.length > 0 && !named.includes(inputs.chip);
    },
    message: (inputs) =>
      `\`chip\` is ${inputs.chip}, but \`files\` has nothing for it: ${chipsOfFiles(inputs).join(", ")}.`,
  },
  {
    inputs: ["reset-sequence", "before"],
    clash: ({ resetSequence, before }) => resetSequence !== undefined && before.startsWith("no-reset"),
    message: ({ before }) =>
      `\`reset-sequence\` says how the board is reset, but \`before: ${before}\` that it is not.`,
  },
  bothSet("firmware-url", "files", ({ firmwareUrl, files }) => firmwareUrl !== undefined && files.length > 0),
  bothSet("offset", "files", ({ offset, files }) => offset !== undefined && files.length > 0),
  bothSet("sha256", "files", ({ sha256, files }) => sha256 !== undefined && files.length > 0),
  {
    inputs: ["after", "stub"],
    clash: ({ after, stub }) => after === "no-reset-stub" && !stub,
    message: () => "`after: no-reset-stub` leaves the stub running, but `stub: false` says that there is none.",
  },
  {
    inputs: ["when", "boot-check"],
    clash: ({ when, bootCheck }) => when === "unhealthy" && bootCheck === "off",
    message: () => "`when: unhealthy` asks how the board boots, but `boot-check: off` says that nobody looks.",
  },
  {
    inputs: ["when", "rewrite"],
    clash: ({ when, rewrite }) => when === "unhealthy" && rewrite,
    message: () => "`when: unhealthy` leaves a board alone that boots, but `rewrite` writes even what is in place.",
  },
  {
    inputs: ["rewrite", "erase"],
    clash: ({ rewrite, erase }) => rewrite && erase === "none",
    message: () => "`rewrite` erases what is in place, but `erase: none` says that nothing is erased.",
  },
];

/** Throws `input/conflict` for inputs that contradict each other. */
export function refuseConflicts(inputs: Inputs): void {
  const conflict = conflicts.find(({ clash }) => clash(inputs));
  if (conflict === undefined) return;
  throw new FlashError("input/conflict", conflict.message(inputs), { inputs: conflict.inputs });
}
