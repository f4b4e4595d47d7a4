/** Reads the lines that k6's logger, and lakh's, write to standard error: `time="…" level=info msg="…" key=value`. */

export interface LogLine {
  readonly level: string;
  readonly message: string;
  /** All other keys, but for the time. */
  readonly fields: ReadonlyMap<string, string>;
}

const pair = /(\w+)=("(?:[^"\\]|\\.)*"|\S*)/gu;

/** The lines in order; what is no line of the logger has level `raw`. */
export function parseLog(text: string): LogLine[] {
  const lines = withoutExplanations(text).filter((line) => line.trim() !== "");
  return lines.map((line) => parseLine(line) ?? parseFatal(line));
}

/**
 * An error that keeps a run from beginning is told by lakh in a block of its own: message, perhaps an excerpt of the script,
 * what to do, code. Only the message has a counterpart in k6. Its lines are put into one.
 */
function withoutExplanations(text: string): string[] {
  const block = /^error: ([\s\S]*?)(?:\n {2}what to do: .*)?\n {2}code: [A-Z0-9_]+$/gmu;
  return text
    .replace(block, (_, message: string) => {
      const lines = message.split("\n").filter((line) => !/^\s*\d* \|/u.test(line));
      return `error: ${JSON.stringify(lines.join("\n"))}`;
    })
    .split("\n");
}

function parseFatal(line: string): LogLine {
  if (line.startsWith('error: "')) {
    return { level: "error", message: JSON.parse(line.slice(7)) as string, fields: new Map() };
  }
  const isError = line.startsWith("error: ");
  return {
    level: isError ? "error" : "raw",
    message: isError ? line.slice(7) : line,
    fields: new Map(),
  };
}

function parseLine(line: string): LogLine | undefined {
  if (!line.startsWith("time=")) return undefined;
  const fields = new Map<string, string>();
  for (const [, key, value] of line.matchAll(pair)) fields.set(key!, unquote(value!));
  const level = fields.get("level");
  if (level === undefined) return undefined;
  const message = fields.get("msg") ?? "";
  for (const key of ["time", "level", "msg"]) fields.delete(key);
  return { level, message, fields };
}

/** Undoes Go's quoting. */
function unquote(value: string): string {
  if (!value.startsWith('"')) return value;
  const asJson = value.replace(/\\(x[0-9a-f]{2}|U[0-9a-f]{8}|[av'])/giu, (_, escape: string) => {
    if (escape === "a") return "\\u0007";
    if (escape === "v") return "\\u000b";
    if (escape === "'") return "'";
    const character = String.fromCodePoint(Number.parseInt(escape.slice(1), 16));
    return JSON.stringify(character).slice(1, -1);
  });
  return JSON.parse(asJson) as string;
}
