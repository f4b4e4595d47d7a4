/** The tables of the page. They say what has been counted since the start of the run. */
import type { JSX } from "preact";
import {
  formatLatency,
  formatPercent,
  formatQuantity,
  formatRate,
  formatWhole,
} from "../../base/numbers.ts";
import { Card } from "../components/card.tsx";
import { type Column, DataTable } from "../components/data-table.tsx";
import { LongText } from "../components/long-text.tsx";
import { Badge } from "../components/tone.tsx";
import type { ThresholdState } from "./feed.ts";
import type { CheckLine, EndpointLine } from "./model.ts";

const latencyColumn = (
  key: "p50Ms" | "p90Ms" | "p95Ms" | "p99Ms" | "maxMs",
  label: string,
): Column<EndpointLine> => ({
  key,
  label,
  isNumber: true,
  value: (row) => row[key],
  cell: (row) => formatLatency(row[key]),
});

const endpointColumns: readonly Column<EndpointLine>[] = [
  {
    key: "name",
    label: "endpoint",
    value: (row) => row.name,
    cell: (row) => <LongText text={row.name} />,
  },
  { key: "method", label: "method", value: (row) => row.method },
  {
    key: "requests",
    label: "requests",
    isNumber: true,
    value: (row) => row.requests,
    cell: (row) => formatWhole(row.requests),
  },
  {
    key: "rate",
    label: "per second",
    hint: "over the last ten seconds",
    isNumber: true,
    value: (row) => row.requestsPerSecond,
    cell: (row) => formatRate(row.requestsPerSecond),
  },
  {
    key: "failed",
    label: "failed",
    isNumber: true,
    value: (row) => row.failed,
    cell: (row) => (
      <span class={row.failed > 0 ? "is-bad" : undefined}>
        {formatWhole(row.failed)} (
        {formatPercent(row.requests === 0 ? 0 : row.failed / row.requests)})
      </span>
    ),
  },
  latencyColumn("p50Ms", "p50"),
  latencyColumn("p90Ms", "p90"),
  latencyColumn("p95Ms", "p95"),
  latencyColumn("p99Ms", "p99"),
  latencyColumn("maxMs", "max"),
];

export function EndpointTable({
  lines,
  more,
}: {
  readonly lines: readonly EndpointLine[];
  readonly more: number;
}): JSX.Element {
  return (
    <Card id="endpoints" title="Endpoints" note="since the start of the run" isLong>
      <DataTable
        caption="endpoints"
        columns={endpointColumns}
        rows={lines}
        rowKey={({ id }) => String(id)}
        initialSorting={{ key: "requests", isDescending: true }}
        filterText={({ name, method }) => `${method} ${name}`}
        shownAtFirst={50}
        emptyText="no requests yet"
      />
      <More
        count={more}
        what="endpoints: give requests a name tag, so that those that are alike are one"
      />
    </Card>
  );
}

const checkColumns: readonly Column<CheckLine>[] = [
  {
    key: "name",
    label: "check",
    value: (row) => row.name,
    cell: (row) => <LongText text={row.name} />,
  },
  {
    key: "group",
    label: "group",
    value: (row) => row.group,
    cell: (row) => (row.group === "" ? "" : <LongText text={row.group.slice(2)} />),
  },
  {
    key: "passes",
    label: "passed",
    isNumber: true,
    value: (row) => row.passes,
    cell: (row) => formatWhole(row.passes),
  },
  {
    key: "fails",
    label: "failed",
    isNumber: true,
    value: (row) => row.fails,
    cell: (row) => (
      <span class={row.fails > 0 ? "is-bad" : undefined}>{formatWhole(row.fails)}</span>
    ),
  },
];

export function CheckTable({
  lines,
  more,
}: {
  readonly lines: readonly CheckLine[];
  readonly more: number;
}): JSX.Element {
  return (
    <Card id="checks" title="Checks" isLong>
      <DataTable
        caption="checks"
        columns={checkColumns}
        rows={lines}
        rowKey={({ id }) => String(id)}
        initialSorting={{ key: "fails", isDescending: true }}
        shownAtFirst={20}
        emptyText="no checks yet"
      />
      <More count={more} what="checks" />
    </Card>
  );
}

const thresholdColumns: readonly Column<ThresholdState>[] = [
  {
    key: "state",
    label: "state",
    value: ({ ok }) => (ok === null ? 1 : ok ? 2 : 0),
    cell: ({ ok }) => (
      <Badge tone={ok === null ? "neutral" : ok ? "good" : "bad"}>
        {ok === null ? "no samples" : ok ? "holds" : "crossed"}
      </Badge>
    ),
  },
  {
    key: "metric",
    label: "metric",
    value: (row) => row.metric,
    cell: (row) => <LongText text={row.metric} />,
  },
  {
    key: "source",
    label: "threshold",
    value: (row) => row.source,
    cell: (row) => <code>{row.source}</code>,
  },
  {
    key: "actual",
    label: "now",
    isNumber: true,
    value: (row) => row.actual,
    cell: (row) => (row.actual === null ? "-" : formatQuantity(row.actual)),
  },
];

export function ThresholdTable({
  thresholds,
}: {
  readonly thresholds: readonly ThresholdState[];
}): JSX.Element {
  return (
    <Card id="thresholds" title="Thresholds" note="judged every two seconds" isLong>
      <DataTable
        caption="thresholds"
        columns={thresholdColumns}
        rows={thresholds}
        rowKey={({ metric, source }) => `${metric} ${source}`}
        shownAtFirst={20}
        emptyText="this run has no thresholds"
      />
    </Card>
  );
}

function More({
  count,
  what,
}: {
  readonly count: number;
  readonly what: string;
}): JSX.Element | null {
  return count === 0 ? null : (
    <p class="card-note">
      and {formatWhole(count)} more {what}
    </p>
  );
}
