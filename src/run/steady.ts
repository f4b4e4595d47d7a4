/**
 * The steady state: the part of a run that is judged. Ramps and warm-up are not (capacity-methods 2.1); the rule that
 * chose the part goes into the record and onto every report.
 *
 * Rule: of each scenario the longest stretch at its highest planned level; the part in which all scenarios are there;
 * of that the first tenth, at most a minute, is warm-up. Scenarios that end with their iterations have no schedule to
 * cut: all of the run is judged then.
 */
import { formatGoDuration } from "../base/units.ts";
import { regularDurationMs, type ScenarioPlan } from "../schedule/index.ts";

export interface SteadyWindow {
  readonly fromMs: number;
  /** Infinity: until the run ends. */
  readonly toMs: number;
  readonly rule: string;
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

const warmUpShare = 0.1;
const warmUpLimitMs = 60_000;
/** Windows begin and end on ticks. */
const tickMs = 1_000;

/** The steady state of a run of these scenarios; `warmUpMs` replaces the rule's own warm-up. */
export function steadyWindow(scenarios: readonly ScenarioPlan[], warmUpMs?: number): SteadyWindow {
  const stretches = scenarios.map(plateau);
  if (stretches.includes(undefined)) {
    return {
      fromMs: 0,
      toMs: Number.POSITIVE_INFINITY,
      rule: "the whole run: it ends with its iterations, not with the clock",
    };
  }
  const fromMs = Math.max(...stretches.map((stretch) => stretch!.fromMs));
  const toMs = Math.min(...stretches.map((stretch) => stretch!.toMs));
  if (toMs - fromMs < tickMs) {
    const endMs = Math.max(...scenarios.map((plan) => plan.startTimeMs + regularDurationMs(plan)));
    return {
      fromMs: 0,
      toMs: endMs,
      rule: "the whole run, ramps included: no stretch of it has a steady load",
    };
  }
  const ownWarmUpMs = Math.min(warmUpLimitMs, (toMs - fromMs) * warmUpShare);
  const cutMs = Math.ceil((warmUpMs ?? ownWarmUpMs) / tickMs) * tickMs;
  const startMs = toMs - fromMs - cutMs >= tickMs ? fromMs + cutMs : fromMs;
  return {
    fromMs: startMs,
    toMs,
    rule: `the stretch at full load, its first ${formatGoDuration(startMs - fromMs)} left out as warm-up`,
  };
}

/** The longest stretch at the scenario's highest level; undefined when its length is not known beforehand. */
function plateau(plan: ScenarioPlan): Stretch | undefined {
  const { startTimeMs } = plan;
  switch (plan.executor) {
    case "shared-iterations":
    case "per-vu-iterations":
      return undefined;
    case "constant-vus":
    case "constant-arrival-rate":
      return { fromMs: startTimeMs, toMs: startTimeMs + plan.durationMs };
    case "ramping-vus":
      return longestTop(startTimeMs, plan.startVus, plan.stages);
    case "ramping-arrival-rate":
      return longestTop(startTimeMs, plan.startRate, plan.stages);
  }
}

function longestTop(
  startMs: number,
  startLevel: number,
  stages: readonly { readonly durationMs: number; readonly target: number }[],
): Stretch {
  const top = Math.max(startLevel, ...stages.map(({ target }) => target));
  let best: Stretch = { fromMs: startMs, toMs: startMs };
  let current: Stretch = best;
  let level = startLevel;
  let atMs = startMs;
  for (const { durationMs, target } of stages) {
    const isTop = level === top && target === top;
    const continues = isTop && current.toMs === atMs;
    if (isTop) current = { fromMs: continues ? current.fromMs : atMs, toMs: atMs + durationMs };
    if (current.toMs - current.fromMs > best.toMs - best.fromMs) best = current;
    atMs += durationMs;
    level = target;
  }
  return best;
}
