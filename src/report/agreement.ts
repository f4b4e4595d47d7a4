/** Two runners of one script side by side, for people. */
import { hang, printable } from "./layout.ts";
import { createPainter } from "./paint.ts";
import { layOutTable } from "./table.ts";
import type { TextStyle } from "./view.ts";

/** What is shown; as `judge` gives it. */
export interface AgreementView {
  readonly names: readonly [first: string, second: string];
  readonly agrees: boolean;
  readonly rows: readonly {
    readonly label: string;
    readonly first: string;
    readonly second: string;
    readonly status: "same" | "differs" | "shown";
  }[];
  readonly sentence: string;
}

const marks = { same: "✓", differs: "✗ differs", shown: "" } as const;

/** The table what | first | second, and the sentence. Ends with a line break. */
export function renderAgreement(
  { names, agrees, rows, sentence }: AgreementView,
  { colours, columns }: TextStyle,
): string {
  const painter = createPainter(colours);
  const paint = (text: string, row: number): string =>
    rows[row]!.status === "differs" ? painter.red(text) : painter.green(text);
  const table = layOutTable(
    [
      { title: "", align: "left", leastWidth: 12 },
      { title: names[0], align: "right" },
      { title: names[1], align: "right" },
      { title: "", align: "left", paint },
    ],
    rows.map(({ label, first, second, status }) => [
      ...[label, first, second].map(printable),
      marks[status],
    ]),
    { width: columns, separator: " | " },
  );
  const closing = hang("", sentence, columns).map(agrees ? painter.green : painter.red);
  return `${[...table.head.map(painter.bold), table.ruler, ...table.rows.flat(), "", ...closing].join("\n")}\n`;
}
