/** What the script itself asked of the run: thresholds, checks, metrics; and what it threw. */
import type { JSX } from "preact";
import { Card } from "../components/card.tsx";
import { type Column, DataTable } from "../components/data-table.tsx";
import { LongText } from "../components/long-text.tsx";
import { Badge } from "../components/tone.tsx";
import { formatPercent, formatQuantity, formatWhole } from "./formats.ts";
import type { CheckRow, MetricRow, RunData, ThresholdRow } from "./report-data.ts";

const thresholdColumns: readonly Column<ThresholdRow>[] = [
  {
    key: "ok",
    label: "status",
    value: ({ ok }) => Number(ok),
    cell: ({ ok }) => <Badge tone={ok ? "good" : "bad"}>{ok ? "kept" : "crossed"}</Badge>,
  },
  {
    key: "metric",
    label: "metric",
    value: ({ metric }) => metric,
    cell: ({ metric }) => <LongText text={metric} />,
  },
  {
    key: "source",
    label: "threshold",
    value: ({ source }) => source,
    cell: ({ source }) => <LongText text={source} />,
  },
  {
    key: "actual",
    label: "measured",
    isNumber: true,
    value: ({ actual }) => actual,
    cell: ({ actual }) => (actual === null ? "no samples" : formatQuantity(actual)),
  },
];

const passShare = ({ passes, fails }: CheckRow): number =>
  passes + fails === 0 ? 0 : passes / (passes + fails);

const checkColumns: readonly Column<CheckRow>[] = [
  {
    key: "status",
    label: "status",
    value: ({ fails }) => Number(fails === 0),
    cell: ({ fails }) => (
      <Badge tone={fails === 0 ? "good" : "bad"}>{fails === 0 ? "all pass" : "fails"}</Badge>
    ),
  },
  {
    key: "group",
    label: "group",
    value: ({ group }) => group,
    cell: ({ group }) => (group === "" ? "–" : <LongText text={group} />),
  },
  {
    key: "name",
    label: "check",
    value: ({ name }) => name,
    cell: ({ name }) => <LongText text={name} />,
  },
  {
    key: "passes",
    label: "passed",
    isNumber: true,
    value: ({ passes }) => passes,
    cell: ({ passes }) => formatWhole(passes),
  },
  {
    key: "fails",
    label: "failed",
    isNumber: true,
    value: ({ fails }) => fails,
    cell: ({ fails }) => formatWhole(fails),
  },
  {
    key: "share",
    label: "share passed",
    isNumber: true,
    value: passShare,
    cell: (row) => formatPercent(passShare(row)),
  },
];

type Results = Pick<RunData, "checks" | "thresholds" | "exceptions">;

export function Results({ checks, thresholds, exceptions }: Results): JSX.Element {
  return (
    <>
      <Card id="checks" title="Checks" note="over the whole run" isLong>
        <DataTable
          caption="Checks"
          columns={checkColumns}
          rows={checks ?? []}
          rowKey={({ group, name }) => `${group}\u0000${name}`}
          {...((checks?.length ?? 0) > 10
            ? { filterText: ({ group, name }: CheckRow) => `${group} ${name}` }
            : {})}
          shownAtFirst={Infinity}
          emptyText={
            checks === null
              ? "This record does not tell of single checks."
              : "The script has no checks."
          }
        />
      </Card>
      <Card id="thresholds" title="Thresholds" note="the script's own, over the whole run" isLong>
        <DataTable
          caption="Thresholds"
          columns={thresholdColumns}
          rows={thresholds}
          rowKey={({ metric, source }) => `${metric}\u0000${source}`}
          shownAtFirst={Infinity}
          emptyText="The script has no thresholds."
        />
      </Card>
      {exceptions.length === 0 ? null : <Exceptions exceptions={exceptions} />}
    </>
  );
}

function Exceptions({ exceptions }: Pick<RunData, "exceptions">): JSX.Element {
  return (
    <Card id="exceptions" title="Exceptions of the script" isLong>
      <ul class="sentences">
        {exceptions.map(({ message, count }) => (
          <li key={message}>
            <Badge tone="bad">{`${formatWhole(count)} times`}</Badge> <LongText text={message} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

const metricColumns: readonly Column<MetricRow>[] = [
  {
    key: "name",
    label: "metric",
    value: ({ name }) => name,
    cell: ({ name }) => <LongText text={name} />,
  },
  { key: "type", label: "type", value: ({ type }) => type },
  {
    key: "values",
    label: "values",
    value: () => null,
    cell: ({ values }) => (
      <span class="pairs">
        {values.map(({ label, text }) => (
          <span key={label}>
            <span class="card-note">{label}</span> {text}
          </span>
        ))}
      </span>
    ),
  },
];

export function Metrics({ metrics }: Pick<RunData, "metrics">): JSX.Element {
  return (
    <Card id="metrics" title="All metrics" note="over the whole run, as k6 counts them" isLong>
      <DataTable
        caption="Metrics"
        columns={metricColumns}
        rows={metrics}
        rowKey={({ name }) => name}
        filterText={({ name }) => name}
        shownAtFirst={Infinity}
        emptyText="The run has no metrics."
      />
    </Card>
  );
}
