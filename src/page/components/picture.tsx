/** What pictures of charts have in common: levels with their values on the left, and limits across. */
import type { JSX } from "preact";
import { areLabelsBelow, type Scale, toPixel } from "./axis.ts";
import type { ChartLimit } from "./plot.ts";

export interface LevelsProps {
  readonly values: readonly number[];
  readonly y: Scale;
  /** Ends of the lines. */
  readonly left: number;
  readonly right: number;
  readonly tick: (value: number) => string;
}

export function Levels({ values, y, left, right, tick }: LevelsProps): JSX.Element {
  return (
    <g>
      {values.map((value) => (
        <g key={value}>
          <path class="picture-grid" d={`M${left} ${toPixel(y(value))}H${right}`} />
          <text x={left - 6} y={toPixel(y(value)) + 4} text-anchor="end">
            {tick(value)}
          </text>
        </g>
      ))}
    </g>
  );
}

export interface LimitsProps {
  readonly limits: readonly ChartLimit[];
  readonly y: Scale;
  readonly left: number;
  readonly right: number;
  /** At which end of the line its label stands. */
  readonly labelAt: "left" | "right";
}

export function Limits({ limits, y, left, right, labelAt }: LimitsProps): JSX.Element {
  const isBelow = areLabelsBelow(limits.map(({ value }) => toPixel(y(value))));
  return (
    <g>
      {limits.map(({ label, value }, index) => (
        <g key={label}>
          <path class="picture-limit" d={`M${left} ${toPixel(y(value))}H${right}`} />
          <text
            class="picture-limit-text"
            x={labelAt === "left" ? left + 4 : right - 4}
            y={toPixel(y(value)) + (isBelow[index] === true ? 13 : -4)}
            text-anchor={labelAt === "left" ? "start" : "end"}
          >
            {label}
          </text>
        </g>
      ))}
    </g>
  );
}
