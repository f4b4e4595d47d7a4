/** What has been run, a row each. */
import { formatGoDuration } from "../base/units.ts";
import { hang, printable } from "./layout.ts";
import { absent } from "../base/numbers.ts";
import { createPainter } from "./paint.ts";
import { layOutTable, type TableColumn } from "./table.ts";
import { verdictPaint } from "./verdict.ts";
import type { TextStyle, VerdictView } from "./view.ts";

/** A run, a campaign, a search, or what is left of one. */
export interface RunsRow {
  readonly id: string;
  readonly kind: "run" | "campaign" | "search" | "unfinished" | "damaged";
  /** ISO 8601; missing where there is no record. */
  readonly startedAt?: string;
  readonly durationMs?: number;
  /** Null: nothing was to be judged. */
  readonly verdict?: VerdictView["verdict"] | null;
  /** The verdict in a sentence, else what there is to say. */
  readonly sentence: string;
}

/** Ends with a line break. */
export function renderRuns(rows: readonly RunsRow[], { colours, columns }: TextStyle): string {
  const painter = createPainter(colours);
  if (rows.length === 0) return "No runs here yet: lakh run script.js, or lakh demo.\n";
  const paint = (text: string, row: number): string => {
    const { verdict, kind } = rows[row]!;
    if (kind === "damaged") return painter.red(text);
    return verdict ? verdictPaint(verdict, painter)(text) : painter.faint(text);
  };
  const table: TableColumn[] = [
    { title: "Run", align: "left" },
    { title: "Kind", align: "left", canDrop: true },
    { title: "Time", align: "right", canDrop: true },
    { title: "Verdict", align: "left", paint },
    { title: "", align: "left", leastWidth: 20 },
  ];
  const cells = rows.map(({ id, kind, durationMs, verdict, sentence }) => [
    printable(id),
    kind,
    durationMs === undefined ? absent : formatGoDuration(Math.round(durationMs / 1_000) * 1_000),
    verdict ?? absent,
    printable(sentence.replace(/^[A-Z]+: /u, "")),
  ]);
  const laidOut = layOutTable(table, cells, { width: columns, separator: "  " });
  const lines = [...laidOut.head.map(painter.bold), ...laidOut.rows.flat()];
  const hint = hang("", "lakh report RUN shows one; --format junit or md for CI", columns);
  return `${[...lines.map((line) => line.trimEnd()), "", ...hint.map(painter.faint)].join("\n")}\n`;
}
