/** A run of k6 on the dashboard: what is seen of it from outside, and what cannot be done to it from here. */
import { Refusal, type RunPhase, runPhases } from "../../../api/index.ts";
import type { RunView, ThresholdState } from "../../../dashboard/index.ts";
import { compileThresholds, evaluateThresholds } from "../../../metrics/index.ts";
import type { RunPlan } from "../../../plan/index.ts";
import type { ObjectivesRecord } from "../../../record/index.ts";
import { runViewOf, thresholdStates } from "../../dashboard-run.ts";
import type { K6Load } from "./load.ts";

/** As often as k6 judges them itself. */
const thresholdIntervalMs = 2_000;

export function k6View(
  load: K6Load,
  plan: RunPlan,
  objectives: ObjectivesRecord | undefined,
): Promise<RunView> {
  return runViewOf({
    control: {
      status: () => {
        const { activeVus = 0, initializedVus = 0 } = load.collector.counts ?? {};
        const phase = phaseOf(load);
        const running = phase === runPhases.running;
        return {
          phase,
          paused: false,
          activeVus,
          initializedVus,
          stopped: false,
          running,
          tainted: false,
        };
      },
      setPaused: refuse,
      scale: () => Promise.reject(refusal()),
    },
    scalable: () => [],
    thresholds: liveThresholds(load, plan),
    collector: load.collector,
    window: load.window,
    plan,
    runner: "k6",
    objectives,
  });
}

function phaseOf({ startWallMs, hasEnded }: K6Load): RunPhase {
  if (hasEnded) return runPhases.ended;
  return startWallMs === undefined ? runPhases.initVus : runPhases.running;
}

function refusal(): Refusal {
  return new Refusal("k6", "k6 sends the load: only its own REST API (--address) can change it");
}

function refuse(): never {
  throw refusal();
}

/** Judged here on k6's samples while it runs; at the end k6's own word is the record's. */
function liveThresholds(load: K6Load, plan: RunPlan): () => readonly ThresholdState[] {
  let judgedAtMs = -Infinity;
  let states: readonly ThresholdState[] = [];
  return () => {
    const { registry, collector } = load;
    const { elapsedMs } = collector;
    if (elapsedMs - judgedAtMs < thresholdIntervalMs && !load.hasEnded) return states;
    judgedAtMs = elapsedMs;
    // Metrics of the script's own are known once there are samples of them.
    const known = Object.entries(plan.options.thresholds).filter(
      ([name]) => registry.get(name.split("{", 1)[0]!) !== undefined,
    );
    const compiled = compileThresholds(Object.fromEntries(known), registry);
    const moment = { elapsedMs, final: load.hasEnded };
    states = thresholdStates(compiled, evaluateThresholds(compiled, collector.whole, moment));
    return states;
  };
}
