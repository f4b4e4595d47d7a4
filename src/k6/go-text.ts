/** Values of a script as Go prints them (fmt's %v): what k6 sends for form fields that are no strings. */
import { textOf } from "./text.ts";

export function goText(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (typeof value === "number") return goNumber(value);
  if (typeof value !== "object") return textOf(value);
  if (Array.isArray(value)) return `[${value.map(goText).join(" ")}]`;
  if (value instanceof Date) return goTime(value);
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${pairs.map(([key, item]) => `${key}:${goText(item)}`).join(" ")}]`;
}

function goNumber(value: number): string {
  if (Object.is(value, -0)) return "-0";
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  const text = value !== 0 && Math.abs(value) < 1e-4 ? value.toExponential() : String(value);
  // Go writes at least two digits of an exponent.
  return text.replace(/e([+-])(\d)$/u, "e$10$2");
}

function goTime(date: Date): string {
  const [day, time = ""] = date.toISOString().split("T");
  return `${day} ${time.replace(/\.?0*Z$/u, "")} +0000 UTC`;
}
