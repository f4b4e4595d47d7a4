/**
 * The closed schedule: how many VUs loop at each moment.
 *
 * Ramping from `from` to `to` VUs over D starts VU n (from + 1 … to) at D (n - from) / (to - from) of the stage, and
 * stops VU n (from … to + 1) at D (from - n + 1) / (from - to) (k6-behaviour 3.4). A share makes only the steps of the
 * VUs it owns, so the steps of all shares add up to those of the whole test.
 */
import type { ConstantVusPlan, RampingVusPlan } from "./executors.ts";
import { regularDurationMs } from "./executors.ts";
import type { Share } from "./segment.ts";

/** From `atMs` after the scenario's start, `vus` VUs loop. */
export interface VuStep {
  readonly atMs: number;
  readonly vus: number;
}

/** A VU that stops is not free for another scenario at the same instant, however short its graceful stop. */
const handOverMs = 1;

/**
 * The steps of this share, by time; the first is at 0. The highest-numbered VU stops first.
 * ramping-vus ends with a step to 0 at the end of its stages; only that one may share its moment with another step.
 */
export function vuSteps(plan: ConstantVusPlan | RampingVusPlan, share: Share): VuStep[] {
  if (plan.executor === "constant-vus") return [{ atMs: 0, vus: share.scale(plan.vus) }];
  const steps: VuStep[] = [{ atMs: 0, vus: share.scale(plan.startVus) }];
  let from = plan.startVus;
  let startMs = 0;
  for (const { durationMs, target } of plan.stages) {
    addRamp(steps, share, { startMs, durationMs, from, to: target });
    startMs += durationMs;
    from = target;
  }
  if (steps.at(-1)!.vus > 0) steps.push({ atMs: startMs, vus: 0 });
  return steps;
}

/**
 * The VUs that must be held ready: after a step down the higher number stays reserved for gracefulRampDown, because
 * stopping VUs may still finish an iteration; gracefulStop after the end of the stages ends every reservation.
 */
export function reservedVuSteps(plan: RampingVusPlan, share: Share): VuStep[] {
  const endMs = regularDurationMs(plan) + Math.max(handOverMs, plan.gracefulStopMs);
  const holdMs = Math.max(handOverMs, plan.gracefulRampDownMs);
  const steps = vuSteps(plan, share);
  const reserved: VuStep[] = [];
  // A sliding-window maximum: numbers fall and expiry times rise from the first to the last held one.
  const held: HeldVus[] = [];
  for (const [index, { atMs, vus }] of steps.entries()) {
    releaseHeld(held, reserved, atMs);
    while (held.length > 0 && held.at(-1)!.vus <= vus) held.pop();
    const next = steps[index + 1];
    held.push({ vus, untilMs: next ? next.atMs + holdMs : Infinity });
    addStep(reserved, atMs, held[0]!.vus);
  }
  releaseHeld(held, reserved, endMs);
  addStep(reserved, endMs, 0);
  return reserved;
}

interface HeldVus {
  readonly vus: number;
  readonly untilMs: number;
}

/** Drops what is held no longer at `nowMs`, with a step down at each expiry; the last number is left to its successor. */
function releaseHeld(held: HeldVus[], reserved: VuStep[], nowMs: number): void {
  while (held.length > 1 && held[0]!.untilMs <= nowMs) {
    const { untilMs } = held.shift()!;
    addStep(reserved, untilMs, held[0]!.vus);
  }
  if (held.length === 1 && held[0]!.untilMs <= nowMs) held.pop();
}

interface Ramp {
  readonly startMs: number;
  readonly durationMs: number;
  readonly from: number;
  readonly to: number;
}

function addRamp(steps: VuStep[], share: Share, ramp: Ramp): void {
  const { startMs, durationMs, from, to } = ramp;
  const [ownFrom, ownTo] = [share.scale(from), share.scale(to)];
  if (durationMs === 0) return addStep(steps, startMs, ownTo);
  for (let vus = ownFrom + 1; vus <= ownTo; vus++) {
    const number = share.globalIndex(vus - 1) + 1;
    addStep(steps, startMs + (durationMs * (number - from)) / (to - from), vus);
  }
  for (let vus = ownFrom; vus > ownTo; vus--) {
    const number = share.globalIndex(vus - 1) + 1;
    addStep(steps, startMs + (durationMs * (from - number + 1)) / (from - to), vus - 1);
  }
}

function addStep(steps: VuStep[], atMs: number, vus: number): void {
  const last = steps.at(-1);
  if (last?.atMs === atMs) steps.pop();
  if (steps.at(-1)?.vus !== vus) steps.push({ atMs, vus });
}
