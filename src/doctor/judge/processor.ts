/**
 * Is there processor time for the load? lakh was measured at 20,000 requests a CPU second in a journey of 5,000 users,
 * and at half of that where users are few and their caches cold (docs/design/performance.md); a generator that is busier
 * than 70 % measures itself.
 */
import { formatCount } from "../../base/units.ts";
import type { ProcessorFacts } from "../facts/processor.ts";
import { type Finding, finding, type PlannedLoad } from "../finding.ts";

/** The dear case: few users. */
const requestsPerCpuSecond = 10_000;
const busyLimit = 0.7;
const steal = { warning: 0.02, fix: 0.05 } as const;
const throttledLimit = 0.01;
const othersLimit = 0.5;

export function judgeProcessor(facts: ProcessorFacts, load: PlannedLoad): Finding[] {
  return [judgeCores(facts, load), judgeThrottling(facts), judgeOthers(facts), judgeSteal(facts)];
}

function judgeCores({ cores, quotaCores }: ProcessorFacts, load: PlannedLoad): Finding {
  const what = ["cores", "cores"] as const;
  const usable = Math.min(cores, quotaCores ?? cores);
  const able = Math.floor(usable * requestsPerCpuSecond * busyLimit);
  const quota =
    quotaCores === undefined ? "" : `, ${round(quotaCores)} of them by the cgroup's quota`;
  const { requestsPerSecond } = load;
  const wanted = `${formatCount(Math.round(requestsPerSecond))} requests/s`;
  const found = `${cores}${quota}: about ${formatCount(able)} requests/s; planned are ${wanted}`;
  if (requestsPerSecond > 2 * able)
    return finding("fix", what, [
      found,
      "a larger machine, or several generators with --execution-segment",
    ]);
  if (requestsPerSecond > able)
    return finding("warning", what, [
      found,
      "watch the generator's own figures in the scorecard, or take a larger machine",
    ]);
  if (usable <= 1 && requestsPerSecond > 0)
    return finding("warning", what, [
      found,
      "with a single core whatever else runs on it takes from the load: two or more are safer",
    ]);
  const perWorker = requestsPerCpuSecond * busyLimit;
  const workers = Math.ceil(requestsPerSecond / perWorker);
  return finding("ok", what, workers > 1 ? [found, `use --workers ${workers}`] : [found]);
}

function judgeThrottling({ quotaCores, throttledShare }: ProcessorFacts): Finding {
  const what = ["cpu-throttling", "CPU quota"] as const;
  if (quotaCores === undefined) return finding("ok", what, ["none"]);
  if (throttledShare === undefined)
    return finding("note", what, [
      `${round(quotaCores)} cores; whether it was used up cannot be read here`,
    ]);
  const found = `${round(quotaCores)} cores; used up in ${percent(throttledShare)} of its periods so far`;
  return throttledShare > throttledLimit
    ? finding("warning", what, [
        found,
        "raise or remove the container's CPU limit: each time it is used up the generator stands still for up to 100 ms",
      ])
    : finding("ok", what, [found]);
}

function judgeOthers({ busyShare, loadAverage, cores }: ProcessorFacts): Finding {
  const what = ["cpu-others", "other work on the machine"] as const;
  const load =
    loadAverage === undefined ? "" : `; load average ${round(loadAverage)} on ${cores} cores`;
  if (busyShare === undefined)
    return finding("note", what, [`cannot be read on this system${load}`]);
  const found = `${percent(busyShare)} of all cores busy just now${load}`;
  const isBusy = busyShare > othersLimit || (loadAverage ?? 0) > cores;
  return isBusy
    ? finding("warning", what, [
        found,
        "close what else is running: it takes from the generator, and the verdict may be INVALID",
      ])
    : finding("ok", what, [found]);
}

function judgeSteal({ stealShare }: ProcessorFacts): Finding {
  const what = ["cpu-steal", "CPU steal"] as const;
  if (stealShare === undefined) return finding("note", what, ["cannot be read on this system"]);
  const found = `${percent(stealShare)} taken by the hypervisor just now`;
  const advice = "the host is overbooked: a machine with dedicated cores, or another time";
  if (stealShare > steal.fix) return finding("fix", what, [found, advice]);
  return stealShare > steal.warning
    ? finding("warning", what, [found, advice])
    : finding("ok", what, [found]);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}
