/** Where readings of the target come from. A source that fails must never disturb the load. */
import type { ObservationRecord } from "../record/index.ts";

/** One reading. Cumulative values (CPU seconds) are turned into rates by the observer. */
export interface Reading {
  readonly name: ObservationRecord["name"];
  readonly unit: ObservationRecord["unit"];
  /** Finite; a reading that is not is left out. */
  readonly value: number;
  /** True for a total that only grows: the observer records its increase a second. */
  readonly isTotal: boolean;
}

/** A thing that can be asked how the target is. */
export interface ObservationSource {
  /** For people: "http://127.0.0.1:4000/metrics", "pid 4711". */
  readonly describe: string;
  /** Reads once. Rejects when the source cannot be read; bounded in time and memory. Never called again before it settles. */
  read(): Promise<readonly Reading[]>;
}
