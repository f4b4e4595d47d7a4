/** M/M/c in closed form: a truth that no simulation has a part in. */
import { type QueueModel, saturationRate } from "../../bench/queue.ts";

/** P(answer later than `limitMs`) in M/M/c: Erlang's C and two exponentials. */
export function erlangSlowShare(
  { servers, meanServiceMs }: QueueModel,
  ratePerSecond: number,
  limitMs: number,
): number {
  const mu = 1 / meanServiceMs;
  const load = ratePerSecond / 1_000 / mu;
  let term = 1;
  let sum = 1;
  for (let k = 1; k < servers; k++) {
    term *= load / k;
    sum += term;
  }
  const last = ((term * load) / servers) * (servers / (servers - load));
  const waits = last / (sum + last);
  const drain = servers * mu - load * mu;
  const served = Math.exp(-mu * limitMs);
  const late =
    Math.abs(mu - drain) < 1e-9
      ? served * (1 + mu * limitMs)
      : (mu * Math.exp(-drain * limitMs) - drain * served) / (mu - drain);
  return (1 - waits) * served + waits * late;
}

/** The rate at which M/M/c has just `allowedShare` of its answers later than the limit. */
export function erlangCapacity(
  model: QueueModel,
  { limitMs, allowedShare }: { limitMs: number; allowedShare: number },
): number {
  let low = 0;
  let high = saturationRate(model);
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (erlangSlowShare(model, middle, limitMs) < allowedShare) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
