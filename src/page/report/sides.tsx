/** The two ends of a run: who sent the load, and who got it. */
import type { JSX } from "preact";
import { Card } from "../components/card.tsx";
import { type Column, DataTable } from "../components/data-table.tsx";
import { LongText } from "../components/long-text.tsx";
import { Badge } from "../components/tone.tsx";
import { Charts } from "./charts.tsx";
import { formatQuantity, formats, formatWhole } from "./formats.ts";
import type { GeneratorData, ReadingRow, TargetData } from "./report-data.ts";

type GeneratorFigure = GeneratorData["figures"][number];

const figureColumns: readonly Column<GeneratorFigure>[] = [
  { key: "name", label: "signal", value: ({ name }) => name },
  {
    key: "value",
    label: "held",
    isNumber: true,
    value: ({ value }) => value,
    cell: ({ value }) => formatQuantity(value),
  },
  {
    key: "limit",
    label: "limit",
    isNumber: true,
    value: ({ limit }) => limit,
    cell: ({ limit }) => formatQuantity(limit),
  },
  {
    key: "status",
    label: "status",
    value: ({ exceeded }) => Number(exceeded),
    cell: ({ exceeded }) => (
      <Badge tone={exceeded ? "bad" : "good"}>{exceeded ? "past it" : "within"}</Badge>
    ),
  },
];

export function Generator({ generator }: { readonly generator: GeneratorData }): JSX.Element {
  const { status, tone, sentence, figures, charts } = generator;
  return (
    <Card id="generator" title="Load generator" note={<Badge tone={tone}>{status}</Badge>} isLong>
      <p class="lead">{sentence}</p>
      <Charts group={charts} />
      <DataTable
        caption="The generator's own condition in the steady state, against what makes a run invalid"
        columns={figureColumns}
        rows={figures}
        rowKey={({ name }) => name}
        shownAtFirst={Infinity}
        emptyText="Nothing was read of the generator."
      />
    </Card>
  );
}

const readingColumns: readonly Column<ReadingRow>[] = [
  { key: "name", label: "reading", value: ({ name }) => name },
  {
    key: "source",
    label: "source",
    value: ({ source }) => source,
    cell: ({ source }) => <LongText text={source} />,
  },
  ...(["mean", "max", "last"] as const).map(
    (key): Column<ReadingRow> => ({
      key,
      label: key,
      isNumber: true,
      value: (row) => row[key],
      cell: (row) => formats[row.unit].value(row[key]),
    }),
  ),
  {
    key: "readings",
    label: "readings",
    isNumber: true,
    value: ({ readings }) => readings,
    cell: ({ readings }) => formatWhole(readings),
  },
];

export function Target({ target }: { readonly target: TargetData | null }): JSX.Element {
  return (
    <Card
      id="target"
      title="The target"
      note={target === null ? undefined : "mean, max and last of the whole run"}
      isLong
    >
      {target === null ? (
        <p class="card-note">
          Nobody looked at the target. With <code>--observe http://…/metrics</code>,{" "}
          <code>--observe-pid 4711</code> or <code>--observe-prometheus</code> its CPU and memory
          stand here, on the same time axis.
        </p>
      ) : (
        <>
          <Charts group={target.charts} />
          <DataTable
            caption="Readings of the target"
            columns={readingColumns}
            rows={target.rows}
            rowKey={({ name, source }) => `${name}\u0000${source}`}
            {...(target.rows.length > 10
              ? { filterText: ({ name, source }: ReadingRow) => `${name} ${source}` }
              : {})}
            shownAtFirst={Infinity}
            emptyText="The sources gave no readings."
          />
        </>
      )}
    </Card>
  );
}
