/** How lakh itself is: past one of these limits nothing that the run says of the target can be trusted. */
import type { JSX } from "preact";
import { formatQuantity } from "../../base/numbers.ts";
import { Card } from "../components/card.tsx";
import { type Column, DataTable } from "../components/data-table.tsx";
import { Badge } from "../components/tone.tsx";
import type { GeneratorStatus, RunHead } from "./feed.ts";
import { generatorTones } from "./status-bar.tsx";

type FigureRow = GeneratorStatus["figures"][number];

const columns: readonly Column<FigureRow>[] = [
  { key: "name", label: "signal", value: (row) => row.name },
  {
    key: "value",
    label: "value",
    isNumber: true,
    value: (row) => row.value,
    cell: (row) => (
      <span class={row.exceeded ? "is-bad" : undefined}>{formatQuantity(row.value)}</span>
    ),
  },
  {
    key: "limit",
    label: "limit",
    isNumber: true,
    value: (row) => row.limit,
    cell: (row) => formatQuantity(row.limit),
  },
];

export function GeneratorCard({
  generator,
  runner,
}: {
  readonly generator: GeneratorStatus | null;
  readonly runner: RunHead["runner"];
}): JSX.Element {
  if (generator === null)
    return (
      <Card id="generator" title="Generator">
        <p class="card-note">
          {runner === "k6"
            ? "k6 sends the load: how late it was is known, and judged, when the run has ended"
            : "judged when five seconds have been seen"}
        </p>
      </Card>
    );
  const { status, sentence, over, figures } = generator;
  return (
    <Card id="generator" title="Generator" note={`over ${over}`}>
      <p class="generator-sentence">
        <Badge tone={generatorTones[status]}>{status}</Badge> {sentence}
      </p>
      <DataTable
        caption="signals of the generator and their limits"
        columns={columns}
        rows={figures}
        rowKey={({ name }) => name}
        emptyText=""
      />
    </Card>
  );
}
