/** A row an endpoint: what people sort and search most. */
import type { JSX } from "preact";
import { Card } from "../components/card.tsx";
import { type Column, DataTable } from "../components/data-table.tsx";
import { LongText } from "../components/long-text.tsx";
import { StatusBadge } from "./banner.tsx";
import { formatLatency, formatPercent, formatRate, formatWhole } from "./formats.ts";
import type { ReportEndpoint, EndpointsData } from "./report-data.ts";

const statusOrder = ["FAIL", "INVALID", "INCONCLUSIVE", "NOT_JUDGED", "PASS"] as const;

function latency(
  key: "p50" | "p90" | "p95" | "p99" | "max",
  label: string = key,
): Column<ReportEndpoint> {
  return {
    key,
    label,
    isNumber: true,
    value: (row) => row[`${key}Ms`],
    cell: (row) =>
      row.above.includes(key) ? (
        <strong class="above" title="above the limit for all requests">
          {formatLatency(row[`${key}Ms`])}
        </strong>
      ) : (
        formatLatency(row[`${key}Ms`])
      ),
  };
}

const columns: readonly Column<ReportEndpoint>[] = [
  { key: "method", label: "method", value: ({ method }) => method },
  {
    key: "name",
    label: "endpoint",
    value: ({ name }) => name,
    cell: ({ name }) => <LongText text={name} />,
  },
  {
    key: "requests",
    label: "requests",
    isNumber: true,
    value: ({ requests }) => requests,
    cell: ({ requests }) => formatWhole(requests),
  },
  {
    key: "rate",
    label: "req/s",
    isNumber: true,
    value: ({ ratePerSecond }) => ratePerSecond,
    cell: ({ ratePerSecond }) => formatRate(ratePerSecond),
  },
  latency("p50"),
  latency("p90"),
  latency("p95"),
  latency("p99"),
  latency("max"),
  {
    key: "failed",
    label: "failed",
    isNumber: true,
    value: ({ failed }) => failed,
    cell: ({ failed }) => formatWhole(failed),
  },
  {
    key: "errors",
    label: "errors",
    hint: "share of the requests that failed",
    isNumber: true,
    value: ({ errorShare }) => errorShare,
    cell: ({ errorShare, failed }) =>
      failed > 0 ? (
        <strong class="above">{formatPercent(errorShare)}</strong>
      ) : (
        formatPercent(errorShare)
      ),
  },
  {
    key: "objective",
    label: "objective",
    hint: "its own objectives, the worst of them",
    value: ({ status }) => (status === null ? null : statusOrder.indexOf(status)),
    cell: ({ status }) => (status === null ? "–" : <StatusBadge status={status} />),
  },
];

export function Endpoints({ endpoints }: { readonly endpoints: EndpointsData }): JSX.Element {
  const { rows, leftOut, note } = endpoints;
  return (
    <Card id="endpoints" title="Endpoints" note={note} isLong>
      <DataTable
        caption="Endpoints in the steady state"
        columns={columns}
        rows={rows}
        rowKey={({ method, name }) => `${method} ${name}`}
        filterText={({ method, name }) => `${method} ${name}`}
        initialSorting={{ key: "requests", isDescending: true }}
        shownAtFirst={Infinity}
        emptyText="No request ended in the steady state."
      />
      {leftOut > 0 ? (
        <p class="card-note">
          {formatWhole(leftOut)} more endpoints, those with the fewest requests, are in the record
          only: so many names mostly come of ids in URLs; give such requests a <code>name</code>{" "}
          tag.
        </p>
      ) : null}
    </Card>
  );
}
