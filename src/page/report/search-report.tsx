/** A search: the answer, and the trials that it rests on. */
import type { JSX } from "preact";
import { linearScale, linearTicks, type Scale, toPixel } from "../components/axis.ts";
import { Levels, Limits } from "../components/picture.tsx";
import { Card } from "../components/card.tsx";
import { type Column, DataTable } from "../components/data-table.tsx";
import { Figures } from "../components/figures.tsx";
import { Heading } from "../components/heading.tsx";
import { Prose } from "../components/prose.tsx";
import { Badge, type Tone } from "../components/tone.tsx";
import { Again, Facts } from "./background.tsx";
import { Banner } from "./banner.tsx";
import { formatLatency, formatPercent, formatRate, formats, orAbsent } from "./formats.ts";
import type { SearchReportData, TrialRow } from "./report-data.ts";

export function SearchReport({ data }: { readonly data: SearchReportData }): JSX.Element {
  const { banner, facts, figures, remarks, trials, again } = data;
  return (
    <>
      <Banner banner={banner} />
      <Card id="figures" title="The answer">
        <Figures figures={figures} />
        <Facts facts={facts} />
        <ul class="sentences">
          {remarks.map((remark) => (
            <li key={remark}>
              <Prose text={remark} />
            </li>
          ))}
        </ul>
      </Card>
      <Card id="charts" title="Latency, errors and throughput by load">
        <div class="grid">
          <LoadPicture
            data={data}
            title="p95 latency"
            unit="ms"
            of={({ p95Ms }) => p95Ms}
            withLimits
          />
          <LoadPicture
            data={data}
            title="Requests/s that were answered well"
            unit="perSecond"
            of={({ achievedPerSecond, errorShare }) => achievedPerSecond * (1 - (errorShare ?? 0))}
          />
          <LoadPicture
            data={data}
            title="Share of errors"
            unit="share"
            of={({ errorShare }) => errorShare}
          />
        </div>
      </Card>
      <Card id="trials" title="Trials" isLong>
        <DataTable
          caption="Trials"
          columns={trialColumns}
          rows={trials}
          rowKey={({ number }) => String(number)}
          shownAtFirst={Infinity}
          emptyText="No trial was made."
        />
      </Card>
      <Again again={again} />
    </>
  );
}

const numbers = (
  key: "ratePerSecond" | "achievedPerSecond" | "p50Ms" | "p95Ms" | "p99Ms" | "errorShare",
  label: string,
  format: (value: number) => string,
): Column<TrialRow> => ({
  key,
  label,
  isNumber: true,
  value: (row) => row[key],
  cell: (row) => orAbsent(row[key], format),
});

const trialColumns: readonly Column<TrialRow>[] = [
  { key: "number", label: "#", isNumber: true, value: ({ number }) => number },
  { key: "purpose", label: "why", value: ({ purpose }) => purpose },
  numbers("ratePerSecond", "requests/s", formatRate),
  numbers("achievedPerSecond", "answered/s", formatRate),
  { key: "judged", label: "judged", value: ({ judged }) => judged },
  numbers("p50Ms", "p50", formatLatency),
  numbers("p95Ms", "p95", formatLatency),
  numbers("p99Ms", "p99", formatLatency),
  numbers("errorShare", "errors", formatPercent),
  {
    key: "says",
    label: "says",
    value: ({ says }) => says,
    cell: ({ says, tone }) => <Badge tone={tone}>{says}</Badge>,
  },
  {
    key: "sentence",
    label: "evidence",
    value: ({ sentence }) => sentence,
    cell: ({ sentence, run }) => (
      <span class="table-text">
        <Prose text={sentence} /> <span class="card-note">{run}</span>
      </span>
    ),
  },
];

const width = 480;
const height = 220;
const edge = { left: 70, right: 14, top: 14, bottom: 38 } as const;
const inner = { right: width - edge.right, bottom: height - edge.bottom } as const;

interface LoadPictureProps {
  readonly data: SearchReportData;
  readonly title: string;
  readonly unit: "ms" | "perSecond" | "share";
  readonly of: (trial: TrialRow) => number | null;
  readonly withLimits?: boolean;
}

/** A dot a trial: how the target answered at each load that was tried. */
function LoadPicture({ data, title, unit, of, withLimits = false }: LoadPictureProps): JSX.Element {
  const dots = data.trials.flatMap((trial) => {
    const value = of(trial);
    return value === null ? [] : [{ trial, value }];
  });
  const limits = withLimits ? data.limits : [];
  const mostRate =
    [
      ...dots.map(({ trial }) => trial.ratePerSecond),
      ...data.marks.map((mark) => mark.ratePerSecond),
    ].reduce(larger, 1) * 1.05;
  const measured = dots.map(({ value }) => value).reduce(larger, 0);
  const top =
    limits
      .map(({ value }) => value)
      .filter((value) => value < measured * 4)
      .reduce(larger, measured) * 1.1 || 1;
  const x = linearScale(0, mostRate, [edge.left, inner.right]);
  const y = linearScale(0, top, [inner.bottom, edge.top]);
  const { tick, value: format } = formats[unit];
  return (
    <figure>
      <Heading below={1}>{title}</Heading>
      <svg
        class="picture"
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${title} of ${dots.length} trials by their requests/s; the table below holds the values`}
      >
        <Levels
          values={linearTicks(top, 4)}
          y={y}
          left={edge.left}
          right={inner.right}
          tick={tick}
        />
        {linearTicks(mostRate, 6).map((value) => (
          <text key={value} x={toPixel(x(value))} y={inner.bottom + 16} text-anchor="middle">
            {formats.count.tick(value)}
          </text>
        ))}
        <text x={inner.right} y={height - 6} text-anchor="end">
          requests/s that were sent
        </text>
        <Marks marks={data.marks} x={x} />
        <Limits
          limits={limits.filter(({ value }) => value <= top)}
          y={y}
          left={edge.left}
          right={inner.right}
          labelAt="left"
        />
        <Dots dots={dots} x={x} y={y} format={format} />
      </svg>
    </figure>
  );
}

interface DotsProps {
  readonly dots: readonly { readonly trial: TrialRow; readonly value: number }[];
  readonly x: Scale;
  readonly y: Scale;
  readonly format: (value: number) => string;
}

function Dots({ dots, x, y, format }: DotsProps): JSX.Element {
  return (
    <g>
      {dots.map(({ trial, value }) => (
        <circle
          key={trial.number}
          class="picture-dot"
          data-colour={dotColours[trial.tone]}
          cx={toPixel(x(trial.ratePerSecond))}
          cy={toPixel(y(value))}
          r={5}
        >
          <title>{`trial ${trial.number}: ${formatRate(trial.ratePerSecond)} requests/s, ${format(value)}, ${trial.says}`}</title>
        </circle>
      ))}
    </g>
  );
}

const dotColours: Readonly<Record<Tone, string>> = {
  good: "green",
  bad: "red",
  warning: "orange",
  neutral: "grey",
};

function Marks({
  marks,
  x,
}: {
  readonly marks: SearchReportData["marks"];
  readonly x: Scale;
}): JSX.Element {
  return (
    <g>
      {marks.map(({ label, ratePerSecond }, index) => {
        const left = toPixel(x(ratePerSecond));
        const isNearEnd = left > width / 2;
        return (
          <g key={label}>
            <path class="picture-mark" d={`M${left} ${edge.top}V${inner.bottom}`} />
            <text
              x={left + (isNearEnd ? -4 : 4)}
              y={edge.top + 10 + index * 14}
              text-anchor={isNearEnd ? "end" : "start"}
            >
              {label}
            </text>
          </g>
        );
      })}
    </g>
  );
}

function larger(most: number, value: number): number {
  return Math.max(most, value);
}
