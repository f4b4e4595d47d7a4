/**
 * How latencies are spread: as bars on a logarithmic axis, and as the curve of percentiles, whose axis stretches the slow
 * end (nines). Drawn as pictures: they need no scripts, and are as sharp on paper.
 */
import { percentileName } from "../../base/numbers.ts";
import type { JSX } from "preact";
import {
  logScale,
  linearScale,
  linearTicks,
  logTicks,
  type Scale,
  toPixel,
} from "../components/axis.ts";
import { Levels, Limits } from "../components/picture.tsx";
import { Card } from "../components/card.tsx";
import { Heading } from "../components/heading.tsx";
import type { LineColour } from "../components/plot.ts";
import { formats, formatWhole } from "./formats.ts";
import type { DistributionData, LatencyData } from "./report-data.ts";
import { TableFrame } from "../components/table-frame.tsx";

const width = 480;
const height = 200;
const edge = { left: 62, right: 12, top: 14, bottom: 24 } as const;
const inner = { right: width - edge.right, bottom: height - edge.bottom } as const;
const tick = formats.ms.tick;

export function Latency({ latency }: { readonly latency: LatencyData | null }): JSX.Element {
  return (
    <Card id="latency" title="Latency distribution" note="http_req_duration over the steady state">
      {latency === null ? (
        <p class="card-note">No request ended in the steady state.</p>
      ) : (
        <>
          <div class="grid">
            <Histogram latency={latency} />
            <PercentileCurve latency={latency} />
          </div>
          <QuantileTable latency={latency} />
        </>
      )}
    </Card>
  );
}

/** From the smallest to the largest latency, the limits included. */
function latencyEnds({ service, response, limits }: LatencyData): readonly [number, number] {
  const bars = [...service.bars, ...(response?.bars ?? [])];
  const low = bars.reduce((least, { fromMs }) => Math.min(least, fromMs), Infinity);
  const high = [...bars.map(({ toMs }) => toMs), ...limits.map(({ value }) => value)].reduce(
    (most, value) => Math.max(most, value),
    0,
  );
  const from = Number.isFinite(low) && low > 0 ? low : 0.1;
  return [from, Math.max(high, from * 2) * 1.25];
}

function Histogram({ latency }: { readonly latency: LatencyData }): JSX.Element {
  const { service, limits } = latency;
  const [from, to] = latencyEnds(latency);
  const x = logScale(from, to, [edge.left, inner.right]);
  const most = service.bars.reduce((highest, { count }) => Math.max(highest, count), 0);
  const y = linearScale(0, most * 1.08, [inner.bottom, edge.top]);
  return (
    <figure>
      <Heading below={1}>Requests by latency</Heading>
      <svg
        class="picture"
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={spoken(service)}
      >
        <Levels
          values={linearTicks(most * 1.08, 4)}
          y={y}
          left={edge.left}
          right={inner.right}
          tick={formats.count.tick}
        />
        <LatencyAxis ends={[from, to]} x={x} />
        {service.bars.map(({ fromMs, toMs, count }) => (
          <rect
            key={fromMs}
            class="picture-bar"
            x={toPixel(x(Math.max(fromMs, from)))}
            y={toPixel(y(count))}
            width={toPixel(Math.max(1, x(toMs) - x(Math.max(fromMs, from)) - 0.5))}
            height={toPixel(inner.bottom - y(count))}
          >
            <title>{`${tick(fromMs)} to ${tick(toMs)}: ${formatWhole(count)}`}</title>
          </rect>
        ))}
        {limits.map(({ label, value }, index) => (
          <LimitMark key={label} label={label} left={x(value)} line={index} />
        ))}
      </svg>
    </figure>
  );
}

function LatencyAxis({
  ends: [from, to],
  x,
}: {
  readonly ends: readonly [number, number];
  readonly x: Scale;
}): JSX.Element {
  return (
    <g>
      {logTicks(from, to).map((value) => (
        <g key={value}>
          <path class="picture-grid" d={`M${toPixel(x(value))} ${edge.top}V${inner.bottom}`} />
          <text x={toPixel(x(value))} y={height - 7} text-anchor="middle">
            {tick(value)}
          </text>
        </g>
      ))}
    </g>
  );
}

/** Labels of limits that lie close together stand below each other. */
function LimitMark({
  label,
  left,
  line,
}: {
  readonly label: string;
  readonly left: number;
  readonly line: number;
}): JSX.Element {
  const isNearEnd = left > width - 120;
  return (
    <g>
      <path class="picture-limit" d={`M${toPixel(left)} ${edge.top}V${inner.bottom}`} />
      <text
        class="picture-limit-text"
        x={toPixel(left) + (isNearEnd ? -4 : 4)}
        y={edge.top + 10 + line * 14}
        text-anchor={isNearEnd ? "end" : "start"}
      >
        {label}
      </text>
    </g>
  );
}

const shareTicks = [0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999];

/** Each nine is as wide as the one before. */
function nines(share: number): number {
  return -Math.log10(1 - share);
}

function PercentileCurve({ latency }: { readonly latency: LatencyData }): JSX.Element {
  const { service, response, limits } = latency;
  const [from, to] = latencyEnds(latency);
  const last = Math.max(
    nines(0.9),
    ...[service, response].flatMap((each) =>
      each === null ? [] : [nines(each.curve.at(-1)?.share ?? 0.9)],
    ),
  );
  const x = linearScale(0, last, [edge.left, inner.right]);
  const y = logScale(from, to, [inner.bottom, edge.top]);
  return (
    <figure>
      <Heading below={1}>Percentiles</Heading>
      <svg
        class="picture"
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={spoken(service)}
      >
        <Levels
          values={logTicks(from, to)}
          y={y}
          left={edge.left}
          right={inner.right}
          tick={tick}
        />
        {shareTicks
          .filter((share) => nines(share) <= last + 1e-9)
          .map((share) => (
            <g key={share}>
              <path
                class="picture-grid"
                d={`M${toPixel(x(nines(share)))} ${edge.top}V${inner.bottom}`}
              />
              <text x={toPixel(x(nines(share)))} y={height - 7} text-anchor="middle">
                {percentileName(share)}
              </text>
            </g>
          ))}
        <Curve distribution={service} colour="blue" x={x} y={y} />
        {response === null ? null : <Curve distribution={response} colour="orange" x={x} y={y} />}
        <Limits limits={limits} y={y} left={edge.left} right={inner.right} labelAt="left" />
      </svg>
      <p class="picture-legend">
        <span class="chart-swatch" data-colour="blue" aria-hidden="true" /> {service.label}
        {response === null ? null : (
          <>
            {" "}
            <span class="chart-swatch" data-colour="orange" aria-hidden="true" /> {response.label}
          </>
        )}
      </p>
    </figure>
  );
}

interface CurveProps {
  readonly distribution: DistributionData;
  readonly colour: LineColour;
  readonly x: Scale;
  readonly y: Scale;
}

function Curve({ distribution, colour, x, y }: CurveProps): JSX.Element {
  const path = distribution.curve
    .map(({ share, ms }, index) => {
      const top = Math.min(inner.bottom, y(Math.max(ms, 1e-9)));
      return `${index === 0 ? "M" : "L"}${toPixel(x(nines(share)))} ${toPixel(top)}`;
    })
    .join("");
  return <path class="picture-line" data-colour={colour} d={path} />;
}

function QuantileTable({
  latency: { service, response },
}: {
  readonly latency: LatencyData;
}): JSX.Element {
  const rows = [service, ...(response === null ? [] : [response])];
  return (
    <TableFrame label="Percentiles, as a table" caption="Percentiles of the latency">
      <thead>
        <tr>
          <th scope="col">Latency</th>
          <th scope="col" data-align="right">
            requests
          </th>
          {service.quantiles.map(({ name }) => (
            <th key={name} scope="col" data-align="right">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ label, count, quantiles }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td data-align="right">{formatWhole(count)}</td>
            {quantiles.map(({ name, ms }) => (
              <td key={name} data-align="right">
                {formats.ms.value(ms)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </TableFrame>
  );
}

function spoken({ count, quantiles }: DistributionData): string {
  const parts = quantiles.map(({ name, ms }) => `${name} ${formats.ms.value(ms)}`);
  return `${formatWhole(count)} requests: ${parts.join(", ")}`;
}
