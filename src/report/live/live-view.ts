/** What is known of a run while it goes on, for whoever draws it, and the grid that it is drawn on. */
import type { Painter } from "../paint.ts";
import type { Glyphs } from "./sparkline.ts";

export interface LiveView {
  /** "setup", "ramp", "steady state", …: where the run is. */
  readonly phase: string;
  readonly elapsedMs: number;
  /** Without gracefulStop; undefined when iterations end it, not the clock. */
  readonly plannedMs: number | undefined;
  /** Until its end, which is a guess when iterations end it; undefined when there is nothing to guess by. */
  readonly leftMs: number | undefined;
  readonly activeVus: number;
  readonly initializedVus: number;
  readonly scenarios: readonly LiveScenario[];
  /** The last ones, oldest first. */
  readonly seconds: readonly LiveSecond[];
  /** Of the last few seconds. */
  readonly requestsPerSecond: number;
  readonly plannedRequestsPerSecond: number | undefined;
  /** Which percentile is shown, and what it may be: "p95". */
  readonly latencyName: string;
  readonly latencyLimitMs: number | undefined;
  /** Of the whole run, 0 to 1. */
  readonly failedShare: number;
  readonly errorLimit: number | undefined;
  /** The most frequent first. */
  readonly errorKinds: readonly { readonly kind: string; readonly count: number }[];
  readonly iterations: LiveIterations;
  readonly generator: LiveGenerator;
}

export interface LiveSecond {
  readonly requestsPerSecond: number;
  readonly plannedRequestsPerSecond: number | undefined;
  /** Null without requests. */
  readonly latencyMs: number | null;
}

export interface LiveScenario {
  readonly name: string;
  readonly state: "waiting" | "running" | "stopping" | "done" | "cut short";
  /** Part that is done, 0 to 1. */
  readonly reached: number;
  readonly startsInMs: number;
  /** Undefined where it is not known. */
  readonly activeVus: number | undefined;
  readonly vus: number;
  readonly iterationsPerSecond: number | undefined;
  readonly plannedIterationsPerSecond: number | undefined;
  readonly iterationsEnded: number | undefined;
  /** Undefined when the clock ends it. */
  readonly iterationsTotal: number | undefined;
  readonly iterationsDropped: number;
}

export interface LiveIterations {
  readonly perSecond: number;
  readonly plannedPerSecond: number | undefined;
  readonly started: number;
  /** Undefined when none is due by the clock. */
  readonly due: number | undefined;
  readonly dropped: number;
  /** Ended by an exception of the script. */
  readonly failed: number;
}

export interface LiveGenerator {
  readonly status: "starting" | "healthy" | "warning" | "saturated";
  /** Its figures, or why it is not healthy. */
  readonly text: string;
}

/** Where things stand on the screen. */
export interface ScreenGrid {
  readonly paint: Painter;
  readonly glyphs: Glyphs;
  /** Cells of a line. */
  readonly width: number;
  /** Of the names before everything else, the gap after them included. */
  readonly labelWidth: number;
  /** Of plans and limits; 0 where there are none, or no room. */
  readonly noteWidth: number;
  /** Too narrow for what may be left out. */
  readonly isNarrow: boolean;
}
