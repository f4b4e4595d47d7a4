/** Where readings of the target come from. A source that fails must never disturb the load. */
import type { ObservationRecord } from "../record/index.ts";

/** One reading. Cumulative values (CPU seconds) are turned into rates by the observer. */
export interface Reading {
  readonly name: ObservationRecord["name"];
  readonly unit: ObservationRecord["unit"];
  readonly value: number;
  /** True for a total that only grows: the observer records its increase a second. */
  readonly isTotal: boolean;
}

export interface ObservationSource {
  /** For people: "http://127.0.0.1:4000/metrics", "pid 4711". */
  readonly describe: string;
  /** Reads once. Rejects when the source cannot be read. */
  read(): Promise<readonly Reading[]>;
}
