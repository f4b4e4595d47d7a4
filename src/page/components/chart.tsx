/**
 * Lines over the time of a run. All charts of a page share their pointer. What is drawn is said in words, too: the legend
 * shows the values under the pointer or the last ones, and the table below holds the same points. A chart is drawn when it
 * comes near the screen: a page may have a hundred of them.
 */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { absent, formatClock } from "../../base/numbers.ts";
import { ChartPicture } from "./chart-picture.tsx";
import { Heading } from "./heading.tsx";
import { type ChartBand, type ChartLimit, type ChartLine, plotOptions } from "./plot.ts";
import { themeEvent } from "./theme.tsx";
import { TableFrame } from "./table-frame.tsx";

export interface ChartProps {
  readonly title: string;
  /** Since the start of the run, ascending. */
  readonly timesMs: readonly number[];
  readonly lines: readonly ChartLine[];
  /** With the unit. */
  readonly format: (value: number) => string;
  /** The same on the axis, shorter; `format` when left out. */
  readonly tick?: (value: number) => string;
  readonly limits?: readonly ChartLimit[];
  readonly bands?: readonly ChartBand[];
  readonly emptyText: string;
  /** It is over: without a pointer the legend shows the highest values, not the last ones. */
  readonly isFinished?: boolean;
  /** Also as a picture, for paper and for where no scripts run. */
  readonly hasPicture?: boolean;
}

const none: readonly never[] = [];
const tableRows = 30;

export function Chart(props: ChartProps): JSX.Element {
  const { title, timesMs, lines, limits = none, bands = none, format, tick = format } = props;
  const { emptyText, hasPicture = false, isFinished = false } = props;
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [position, setPosition] = useState<number | null>(null);
  const isEmpty = lines.every(({ values }) => values.every((value) => value === null));
  const toggle = (label: string): void => {
    const next = new Set(hidden);
    if (!next.delete(label)) next.add(label);
    setHidden(next);
  };
  const at = position !== null && position < timesMs.length ? position : timesMs.length - 1;
  const isHighest = isFinished && position === null;
  return (
    <figure class="chart">
      <figcaption class="card-heading">
        <Heading below={1}>{title}</Heading>
        <span class="card-note">
          {position === null ? "" : `at ${formatClock(timesMs[at] ?? 0)}`}
        </span>
      </figcaption>
      {isEmpty ? (
        <p class="chart-empty">{emptyText}</p>
      ) : (
        <Plot {...props} hidden={hidden} onPointer={setPosition} />
      )}
      {hasPicture && !isEmpty ? (
        <ChartPicture timesMs={timesMs} lines={lines} limits={limits} bands={bands} tick={tick} />
      ) : null}
      <div class="chart-legend">
        {lines.map((line) => (
          <LegendKey
            key={line.label}
            line={line}
            text={
              isHighest
                ? `max ${textOf(highestOf(line.values), format)}`
                : textOf(line.values[at], format)
            }
            isShown={!hidden.has(line.label)}
            onToggle={() => toggle(line.label)}
          />
        ))}
        {limits.map(({ label, value }) => (
          <span key={label} class="card-note">
            {label}: {format(value)}
          </span>
        ))}
      </div>
      {isEmpty ? null : <ChartTable {...props} />}
    </figure>
  );
}

function textOf(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? absent : format(value);
}

function highestOf(values: readonly (number | null)[]): number | null {
  return values.reduce(
    (most, value) => (most === null || (value !== null && value > most) ? value : most),
    null,
  );
}

interface PlotProps extends ChartProps {
  readonly hidden: ReadonlySet<string>;
  readonly onPointer: (position: number | null) => void;
}

/** The drawing: made anew for other lines, another theme or other limits; only fed when time goes on. */
function Plot({ timesMs, lines, limits = none, bands = none, ...rest }: PlotProps): JSX.Element {
  const { title, format, tick = format, hidden, onPointer } = rest;
  const host = useRef<HTMLDivElement>(null);
  const isNear = useNearness(host);
  const plot = useRef<uPlot | null>(null);
  const latestBands = useRef(bands);
  latestBands.current = bands;
  const isZoomed = useRef(false);
  const [theme, setTheme] = useState(0);
  const data = useMemo(() => toData(timesMs, lines), [timesMs, lines]);
  const shape = JSON.stringify([lines.map(({ label, colour }) => [label, colour]), limits]);

  useEffect(() => {
    const redraw = (): void => setTheme((count) => count + 1);
    addEventListener(themeEvent, redraw);
    return () => removeEventListener(themeEvent, redraw);
  }, []);
  useLayoutEffect(() => {
    const element = host.current;
    if (element === null || !isNear) return undefined;
    const isHidden = (label: string): boolean => hidden.has(label);
    const parts = {
      lines,
      limits,
      format: tick,
      isHidden,
      onPointer,
      onZoom: () => (isZoomed.current = true),
      bands: () => latestBands.current,
    };
    isZoomed.current = false;
    const made = new uPlot(plotOptions(parts, element), data, element);
    plot.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: Math.max(element.clientWidth, 1), height: made.height }),
    );
    observer.observe(element);
    // uPlot shows everything again then.
    const showAll = (): void => void (isZoomed.current = false);
    element.addEventListener("dblclick", showAll);
    return () => {
      element.removeEventListener("dblclick", showAll);
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape, theme, isNear]);
  useLayoutEffect(() => {
    // Whoever looks at a part goes on looking at it while time goes on.
    plot.current?.setData(data, !isZoomed.current);
    if (isZoomed.current) plot.current?.redraw();
  }, [data]);
  useLayoutEffect(() => {
    lines.forEach(({ label }, index) =>
      plot.current?.setSeries(index + 1, { show: !hidden.has(label) }),
    );
  }, [hidden, shape]);
  return (
    <div ref={host} class="chart-plot" role="img" aria-label={summaryOf(title, lines, format)} />
  );
}

/** True from when the element has come near the screen. */
function useNearness(element: { readonly current: HTMLElement | null }): boolean {
  const [isNear, setIsNear] = useState(false);
  useEffect(() => {
    if (element.current === null || isNear) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setIsNear(true);
      },
      { rootMargin: "300px" },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [isNear]);
  return isNear;
}

function toData(timesMs: readonly number[], lines: readonly ChartLine[]): uPlot.AlignedData {
  return [timesMs.map((timeMs) => timeMs / 1_000), ...lines.map(({ values }) => [...values])];
}

function summaryOf(
  title: string,
  lines: readonly ChartLine[],
  format: (value: number) => string,
): string {
  const parts = lines.map(({ label, values }) => {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return `${label}: no values`;
    const lowest = known.reduce((least, value) => Math.min(least, value));
    const most = known.reduce((highest, value) => Math.max(highest, value));
    return `${label}: last ${format(known.at(-1) ?? 0)}, ${format(lowest)} to ${format(most)}`;
  });
  return `${title}. ${parts.join("; ")}.`;
}

interface LegendKeyProps {
  readonly line: ChartLine;
  readonly text: string;
  readonly isShown: boolean;
  readonly onToggle: () => void;
}

function LegendKey({ line, text, isShown, onToggle }: LegendKeyProps): JSX.Element {
  return (
    <button type="button" class="chart-key" aria-pressed={isShown} onClick={onToggle}>
      <span
        class="chart-swatch"
        data-dashed={line.shape === "dashed"}
        data-colour={line.colour}
        aria-hidden="true"
      />
      {line.label} <span class="chart-value">{text}</span>
    </button>
  );
}

/** Made when it is opened: few do, and 30 rows a chart every second are not free. */
function ChartTable({ title, timesMs, lines, format }: ChartProps): JSX.Element {
  const [isOpen, setIsOpen] = useState(false);
  const step = Math.max(1, Math.ceil(timesMs.length / tableRows));
  const positions = isOpen ? [...timesMs.keys()].filter((index) => index % step === 0) : none;
  return (
    <details class="chart-table no-print" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>as a table</summary>
      <TableFrame label={`${title}, as a table`} caption={title}>
        <thead>
          <tr>
            <th scope="col">time</th>
            {lines.map(({ label }) => (
              <th key={label} scope="col" data-align="right">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {positions.map((index) => (
            <tr key={index}>
              <th scope="row">{formatClock(timesMs[index] ?? 0)}</th>
              {lines.map(({ label, values }) => (
                <td key={label} data-align="right">
                  {textOf(values[index], format)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </TableFrame>
    </details>
  );
}
