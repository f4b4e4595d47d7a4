/**
 * What a report's page shows, as plain JSON: made of records by `report`, rendered by Node, and given to the page's script
 * beside the HTML. Texts are ready to be shown; numbers are raw where a table sorts them or a chart draws them.
 */
import type { Figure } from "../components/figures.tsx";
import type { ChartBand, ChartLimit, ChartLine } from "../components/plot.ts";
import type { ExchangesData } from "./exchanges-data.ts";
import type { Tone } from "../components/tone.tsx";

export type ReportData = RunReportData | CampaignReportData | SearchReportData;

/** What stands on top: the answer, why, and what to do now. */
export interface BannerData {
  /** "PASS", "FAIL", "INCONCLUSIVE", "INVALID"; without a verdict how the run ended. */
  readonly word: string;
  readonly tone: Tone;
  readonly sentence: string;
  readonly reasons: readonly string[];
  readonly next: readonly string[];
}

export interface Fact {
  readonly label: string;
  readonly text: string;
}

export type RowStatus = "PASS" | "FAIL" | "INCONCLUSIVE" | "NOT_JUDGED" | "INVALID";

export interface ScorecardRow {
  readonly label: string;
  readonly required: string;
  readonly measured: string;
  readonly status: RowStatus;
  readonly explanation: string;
}

export interface RedFlagRow {
  readonly title: string;
  readonly tone: Tone;
  readonly evidence: string;
  readonly fix: string;
}

/** How the values of a chart are shown. */
export type Unit = "perSecond" | "ms" | "count" | "share" | "bytes" | "bytesPerSecond" | "cores";

export interface ChartData {
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  /** A key of `axes`. */
  readonly axis: string;
  readonly lines: readonly ChartLine[];
  readonly limits: readonly ChartLimit[];
  readonly emptyText: string;
}

export interface ChartGroup {
  /** Times of points, in milliseconds since the start of the run. */
  readonly axes: Readonly<Record<string, readonly number[]>>;
  readonly bands: readonly ChartBand[];
  readonly charts: readonly ChartData[];
  /** How several seconds became one point; undefined when none did. */
  readonly note: string | undefined;
}

/** A distribution of latencies, ready to be drawn on a logarithmic axis. */
export interface DistributionData {
  readonly label: string;
  readonly count: number;
  /** Requests between `fromMs` (left out) and `toMs`; ascending, none empty. */
  readonly bars: readonly {
    readonly fromMs: number;
    readonly toMs: number;
    readonly count: number;
  }[];
  /** Latency that `share` of the requests did not exceed; ascending, for the curve. */
  readonly curve: readonly { readonly share: number; readonly ms: number }[];
  /** The same for the table: p50, p90 … and the ends. */
  readonly quantiles: readonly { readonly name: string; readonly ms: number }[];
}

export interface LatencyData {
  readonly service: DistributionData;
  /** From when requests were due; null when nothing was due by the clock. */
  readonly response: DistributionData | null;
  readonly limits: readonly ChartLimit[];
}

export interface ReportEndpoint {
  readonly name: string;
  readonly method: string;
  readonly requests: number;
  readonly ratePerSecond: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly failed: number;
  readonly errorShare: number;
  /** Of its own objectives, the worst; null when it has none. */
  readonly status: RowStatus | null;
  /** Of percentiles that are above the run's own limits: "p95", "p99". */
  readonly above: readonly string[];
}

export interface EndpointsData {
  readonly rows: readonly ReportEndpoint[];
  /** Left out because they had the fewest requests. */
  readonly leftOut: number;
  readonly note: string;
}

export interface ThresholdRow {
  readonly metric: string;
  readonly source: string;
  readonly actual: number | null;
  readonly ok: boolean;
}

export interface CheckRow {
  readonly group: string;
  readonly name: string;
  readonly passes: number;
  readonly fails: number;
}

export interface GeneratorData {
  readonly status: string;
  readonly tone: Tone;
  readonly sentence: string;
  readonly figures: readonly {
    readonly name: string;
    readonly value: number;
    readonly limit: number;
    readonly exceeded: boolean;
  }[];
  readonly charts: ChartGroup;
}

export interface ReadingRow {
  readonly name: string;
  readonly source: string;
  readonly unit: Unit;
  readonly mean: number;
  readonly max: number;
  readonly last: number;
  readonly readings: number;
}

export interface TargetData {
  readonly charts: ChartGroup;
  readonly rows: readonly ReadingRow[];
}

export interface MetricRow {
  readonly name: string;
  readonly type: string;
  /** Each with its unit, k6's notation. */
  readonly values: readonly Fact[];
}

/** Everything that is shown of one run. */
export interface RunData {
  readonly id: string;
  readonly banner: BannerData;
  readonly facts: readonly Fact[];
  readonly figures: readonly Figure[];
  readonly figuresNote: string;
  readonly scorecard: readonly ScorecardRow[];
  readonly flags: readonly RedFlagRow[];
  readonly charts: ChartGroup;
  readonly latency: LatencyData | null;
  readonly endpoints: EndpointsData;
  /** Null when the record keeps none. */
  readonly exchanges: ExchangesData | null;
  readonly checks: readonly CheckRow[] | null;
  readonly thresholds: readonly ThresholdRow[];
  readonly generator: GeneratorData;
  /** Null when nobody looked at it. */
  readonly target: TargetData | null;
  readonly plan: { readonly dau: number; readonly steps: readonly PlanStepRow[] } | null;
  readonly metrics: readonly MetricRow[];
  readonly scenarios: readonly ScenarioRow[];
  readonly scalings: readonly Fact[];
  readonly exceptions: readonly { readonly message: string; readonly count: number }[];
  readonly environment: readonly Fact[];
  readonly options: readonly Fact[];
  readonly again: AgainData;
}

export interface PlanStepRow {
  readonly quantity: string;
  readonly value: string;
  readonly unit: string;
  readonly formula: string;
}

export interface ScenarioRow {
  readonly name: string;
  readonly executor: string;
  readonly start: string;
  readonly duration: string;
  readonly maxVus: number;
  readonly config: string;
}

/** How to run it again. */
export interface AgainData {
  readonly command: string;
  readonly note: string;
}

export interface RunReportData {
  readonly kind: "run";
  readonly title: string;
  readonly lakhVersion: string;
  readonly run: RunData;
}

export interface PhaseRow {
  readonly name: string;
  readonly users: number;
  readonly duration: string;
  readonly status: string;
  readonly tone: Tone;
  readonly sentence: string;
  /** Undefined when it left no record. */
  readonly run: RunData | undefined;
}

export interface CampaignReportData {
  readonly kind: "campaign";
  readonly title: string;
  readonly lakhVersion: string;
  readonly banner: BannerData;
  readonly facts: readonly Fact[];
  readonly phases: readonly PhaseRow[];
  readonly again: AgainData;
}

export interface TrialRow {
  readonly number: number;
  readonly purpose: string;
  readonly ratePerSecond: number;
  readonly achievedPerSecond: number;
  readonly judged: string;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly errorShare: number | null;
  readonly says: string;
  readonly tone: Tone;
  readonly sentence: string;
  readonly run: string;
}

export interface SearchReportData {
  readonly kind: "search";
  readonly title: string;
  readonly lakhVersion: string;
  readonly banner: BannerData;
  readonly facts: readonly Fact[];
  readonly figures: readonly Figure[];
  readonly remarks: readonly string[];
  readonly trials: readonly TrialRow[];
  /** Requests/s that were found, the interval's ends, and what was asked about; null when unknown. */
  readonly marks: readonly { readonly label: string; readonly ratePerSecond: number }[];
  readonly limits: readonly ChartLimit[];
  readonly again: AgainData;
}
