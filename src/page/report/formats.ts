/** How values of each unit are written: exactly in tables, and as short as can be on an axis. */
import {
  absent,
  formatLatency,
  formatPercent,
  formatQuantity,
  formatRate,
  formatWhole,
} from "../../base/numbers.ts";
import { formatBytes } from "../../base/units.ts";
import type { Unit } from "./report-data.ts";

export interface Format {
  readonly value: (value: number) => string;
  readonly tick: (value: number) => string;
}

const plain = (value: number): string => formatQuantity(value);

export const formats: Readonly<Record<Unit, Format>> = {
  perSecond: { value: (value) => `${formatRate(value)}/s`, tick: plain },
  ms: { value: formatLatency, tick: (value) => `${formatQuantity(value)} ms` },
  count: { value: plain, tick: plain },
  share: { value: formatPercent, tick: (value) => `${formatQuantity(value * 100)} %` },
  bytes: { value: formatBytes, tick: formatBytes },
  bytesPerSecond: { value: (value) => `${formatBytes(value)}/s`, tick: formatBytes },
  cores: { value: (value) => `${formatQuantity(value)} cores`, tick: plain },
};

export function orAbsent(value: number | null, format: (value: number) => string): string {
  return value === null ? absent : format(value);
}

export { formatLatency, formatPercent, formatQuantity, formatRate, formatWhole };
