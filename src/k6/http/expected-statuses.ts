/** Which statuses count as expected: decides the tag `expected_response` and the metric `http_req_failed`. */
import { GoError } from "../errors.ts";

interface StatusRange {
  readonly min: number;
  readonly max: number;
}

/** What `http.expectedStatuses(…)` makes. */
export class ExpectedStatuses {
  readonly #ranges: readonly StatusRange[];

  constructor(ranges: readonly StatusRange[]) {
    this.#ranges = ranges;
  }

  /** True when a response with this status is what the script expects. */
  has(status: number): boolean {
    for (const { min, max } of this.#ranges) {
      if (status >= min && status <= max) return true;
    }
    return false;
  }
}

/** k6's default: 200 to 399. */
export const defaultExpectedStatuses: ExpectedStatuses = new ExpectedStatuses([
  { min: 200, max: 399 },
]);

/** `http.expectedStatuses`: integers and {min, max} objects. */
export function expectedStatuses(...items: readonly unknown[]): ExpectedStatuses {
  if (items.length === 0) throw new GoError("no arguments");
  return new ExpectedStatuses(items.map(toRange));
}

/** A response callback as the script gives it; null switches the tag and the metric off, undefined is none. */
export function toResponseCallback(value: unknown): ExpectedStatuses | null | undefined {
  return value === null || value instanceof ExpectedStatuses ? value : undefined;
}

function toRange(item: unknown, index: number): StatusRange {
  if (Number.isInteger(item)) return { min: item as number, max: item as number };
  if (item === null || item === undefined)
    throw new TypeError("Cannot convert undefined or null to object");
  const { min, max } = item as Partial<StatusRange>;
  if (Number.isInteger(min) && Number.isInteger(max))
    return { min: min as number, max: max as number };
  if (min !== undefined && max !== undefined) {
    throw new GoError(`both min and max need to be integers for argument number ${index + 1}`);
  }
  throw new GoError(
    `argument number ${index + 1} to expectedStatuses was neither an integer nor an object like {min:100, max:329}`,
  );
}
