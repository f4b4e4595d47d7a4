/**
 * The Prometheus text exposition format 0.0.4 (and the lines of OpenMetrics 1.0 that look alike), as far as a value by
 * name needs it: `name{label="value",…} value [timestamp] [# exemplar]`. Comments and lines of no known form are passed over.
 */

/** Values of one metric name over all its label sets. */
export interface ExpositionValues {
  readonly sum: number;
  readonly max: number;
}

// A label value may hold any character; in it, a quote is \" and a backslash \\.
const labels = String.raw`\{(?:[^"{}]*"(?:[^"\\]|\\.)*")*[^"{}]*\}`;
const sampleLine = new RegExp(String.raw`^\s*([a-zA-Z_:][\w:]*)\s*(?:${labels})?\s+([^\s#]+)`, "u");

/** Sum and maximum of each name's samples; values that are not finite numbers are left out. */
export function parseExposition(text: string): Map<string, ExpositionValues> {
  const values = new Map<string, ExpositionValues>();
  for (const line of text.split("\n")) {
    const [, name, written] = sampleLine.exec(line) ?? [];
    if (name === undefined || written === undefined) continue;
    const value = Number(written);
    if (!Number.isFinite(value)) continue;
    const known = values.get(name);
    values.set(name, {
      sum: (known?.sum ?? 0) + value,
      max: Math.max(known?.max ?? value, value),
    });
  }
  return values;
}
