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
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => parseLine(line) ?? { level: "raw", message: line, fields: new Map() });
}

function parseLine(line: string): LogLine | undefined {
  const fields = new Map<string, string>();
  for (const [, key, value] of line.matchAll(pair)) fields.set(key!, unquote(value!));
  const level = fields.get("level");
  if (!line.startsWith("time=") || level === undefined) return undefined;
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
