/**
 * What failed, a line a kind: how often, which endpoint, and what it said. The single requests behind it, with headers and
 * bodies, are in the record.
 */
import type { ExchangesRecord, FailureRecord } from "../record/index.ts";
import { hang, printable, shorten } from "./layout.ts";
import { formatWhole } from "../base/numbers.ts";
import type { Painter } from "./paint.ts";

/** Enough to see what is wrong; the rest is counted. */
const mostLines = 12;
const excerptCells = 60;

/** Lines of the section; none when nothing failed, or nothing is known of it. */
export function failureLines(
  exchanges: ExchangesRecord | undefined,
  columns: number,
  painter: Painter,
): string[] {
  if (exchanges === undefined) return [];
  const shown = exchanges.failures.slice(0, mostLines);
  const rest = exchanges.failures.slice(mostLines);
  const restCount = rest.reduce((sum, { count }) => sum + count, exchanges.furtherFailures);
  const rows = [
    ...shown.map((kind) => [formatWhole(kind.count), kindText(kind)] as const),
    ...(restCount === 0 ? [] : [[formatWhole(restCount), "of further kinds"] as const]),
  ];
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(([count]) => count.length));
  return [
    painter.bold("Failed requests"),
    ...rows.flatMap(([count, text]) => hang(`  ${count.padStart(width)} x `, text, columns)),
  ];
}

function kindText(kind: FailureRecord): string {
  const { method, name, status, errorCode, error, samples } = kind;
  const endpoint = name === null ? "further endpoints" : `${method} ${name}`;
  const outcome = status > 0 ? [String(status), error] : [error, `(error code ${errorCode})`];
  const excerpt = samples.map(excerptOf).find((text) => text !== "") ?? "";
  return [`${endpoint}:`, ...outcome, excerpt].filter((part) => part !== "").join(" ");
}

/** What a page is called, and what an error in JSON says of itself. */
const pageTitle = /<title[^>]*>([^<]+)/iu;
const errorText = /"(?:error|message|detail|reason|error_description)"\s*:\s*"((?:[^"\\]|\\.)+)"/iu;

/** What the answer says, or else its beginning. */
function excerptOf({ response }: FailureRecord["samples"][number]): string {
  const body = response?.body;
  if (body?.kind !== "text") return "";
  const said = pageTitle.exec(body.text)?.[1] ?? errorText.exec(body.text)?.[1];
  const text = printable(said ?? body.text)
    .replaceAll(/\s+/gu, " ")
    .trim();
  return text === "" ? "" : `"${shorten(text, excerptCells)}"`;
}
