/** The thresholds of a plan, taken apart. */
import { parseThresholdSubject, type ThresholdSubject } from "../metrics/index.ts";
import type { RunPlan, ThresholdOption } from "../plan/index.ts";

export interface PlannedThreshold {
  /** As the option has it: `http_req_duration{scenario:load}`. */
  readonly key: string;
  readonly subject: ThresholdSubject;
  readonly option: ThresholdOption;
}

export function plannedThresholds({ options }: Pick<RunPlan, "options">): PlannedThreshold[] {
  return Object.entries(options.thresholds ?? {}).flatMap(([key, list]) => {
    const subject = parseThresholdSubject(key);
    return list.map((option) => ({ key, subject, option }));
  });
}

/** The share that a percentile threshold is about: 0.95 of "p(95)<300"; undefined for the others. */
export function quantileOf({ option }: PlannedThreshold): number | undefined {
  const percent = /^\s*p\(\s*([\d.]+)\s*\)/u.exec(option.source)?.[1];
  return percent === undefined ? undefined : Number(percent) / 100;
}
