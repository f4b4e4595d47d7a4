/** Groups of charts over the time of a run. */
import type { JSX } from "preact";
import { Chart } from "../components/chart.tsx";
import { formats } from "./formats.ts";
import type { ChartGroup } from "./report-data.ts";

export function Charts({ group }: { readonly group: ChartGroup }): JSX.Element {
  const { axes, bands, charts, note } = group;
  return (
    <>
      {note === undefined ? null : <p class="card-note">{note}</p>}
      <div class="grid">
        {charts.map(({ id, title, unit, axis, lines, limits, emptyText }) => (
          <Chart
            key={id}
            title={title}
            timesMs={axes[axis] ?? []}
            lines={lines}
            limits={limits}
            bands={bands}
            format={formats[unit].value}
            tick={formats[unit].tick}
            emptyText={emptyText}
            isFinished
            hasPicture
          />
        ))}
      </div>
    </>
  );
}
