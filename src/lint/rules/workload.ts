/** Whether the load that the options describe is the load that is wanted. */
import { formatCount } from "../../base/units.ts";
import type { ScenarioPlan } from "../../schedule/index.ts";
import type { FunctionNode } from "../../script/index.ts";
import type { Evidence } from "../finding.ts";
import type { GoalFigure } from "../goal.ts";
import { isLooping, isOpen, mostVus, peakOf, peakVus, runDurationMs } from "../load.ts";
import { evidenceOf, type Fault, figure, type LintContext, type Rule } from "../rule.ts";
import { counted, figureText, lengthText, times } from "../wording.ts";
import { estimateIteration } from "../model/iteration.ts";
import { offersOf, type Offer } from "./offered.ts";

/** Offered and wanted rate may differ by this share. */
const tolerance = 0.1;
/** What the text alone tells proves too much load only from this factor on: branches may send less. */
const clearFactor = 2;

export const closedModelForRate: Rule = {
  id: "closed-model-for-rate",
  title: "A closed loop for a goal in requests per second",
  why:
    "VUs that wait for their answers send less the slower the target gets: the load falls just when it should hurt, and latencies " +
    "leave out the requests that were never sent (coordinated omission; grafana/k6 issues 141, 550; k6 documentation, Open and closed models).",
  fix: "use constant-arrival-rate or ramping-arrival-rate with a rate of goal / requests per iteration, or let lakh run --dau N compute it",
  severities: ["problem", "warning"],
  looksAt: "options",
  needs: ["goal"],
  check(context) {
    const { goal, plan } = context;
    const wanted = goal.requestsPerSecond;
    const looping = plan.scenarios.filter(isLooping);
    if (wanted === undefined || looping.length === 0 || plan.scenarios.some(isOpen)) return [];
    return [
      {
        severity: wanted.isFloor ? "warning" : "problem",
        message:
          `the goal is ${wanted.isFloor ? "at least " : ""}${figureText(wanted.value)} requests/s (${wanted.source}), but ${namesOf(looping)} VUs that wait for ` +
          "answers: the rate is whatever the target allows",
        evidence: looping.flatMap((scenario) => loadEvidence(scenario, context)),
      },
    ];
  },
};

export const loadMissesGoal: Rule = {
  id: "load-misses-goal",
  title: "The load is not the one that is wanted (Little's law)",
  why:
    "N VUs that make k requests in an iteration of T seconds offer N k / T requests/s, and R iterations/s offer R k: neither the number of " +
    "VUs nor the rate of iterations is the rate of requests (Little 1961; k6 documentation, Arrival-rate VU allocation).",
  fix: "choose VUs, pacing or rate so that they give the goal; lakh plan shows the arithmetic",
  severities: ["problem"],
  looksAt: "script and dry run",
  needs: ["goal"],
  check(context) {
    const { goal } = context;
    const wanted = goal.requestsPerSecond;
    if (wanted === undefined) return [];
    const offers = offersOf(context);
    if (offers === undefined)
      return {
        notJudged:
          "the requests and the length of an iteration are not known: they take a dry run, or sleeps and requests that do not depend on branches",
      };
    const offered = offers.reduce((sum, { requestsPerSecond }) => sum + requestsPerSecond, 0);
    const isMeasured = offers.every(({ figures }) => figures.isMeasured);
    const isTooMuch =
      !wanted.isFloor && offered > wanted.value * (isMeasured ? 1 + tolerance : clearFactor);
    // The text tells no time of answers: it is read for a slow target, and never proves too little.
    const isTooLittle = isMeasured && offered < wanted.value * (1 - tolerance);
    if (!isTooMuch && !isTooLittle) return [];
    return [missFault({ offers, offered, wanted, isMeasured }, context)];
  },
};

interface Miss {
  readonly offers: readonly Offer[];
  readonly offered: number;
  readonly wanted: GoalFigure;
  readonly isMeasured: boolean;
}

function missFault({ offers, offered, wanted, isMeasured }: Miss, context: LintContext): Fault {
  const asRead = isMeasured ? "" : ", as far as the text tells,";
  return {
    severity: "problem",
    message:
      `at its highest the load offers${asRead} ${figureText(offered)} requests/s, ${times(offered / wanted.value)} the goal of ` +
      `${figureText(wanted.value)} (${wanted.source})`,
    evidence: [...offers.map(offerEvidence), ...usersEvidence(context, wanted)],
    fix: offers.length === 1 ? fixOf(offers[0]!, wanted.value) : loadMissesGoal.fix,
  };
}

function offerEvidence({ scenario, peak, figures, requestsPerSecond }: Offer): Evidence {
  const { requests, durationMs, isMeasured } = figures;
  const from = isMeasured ? "dry-run" : "options";
  const name = scenario.name === "default" ? "" : `${scenario.name}: `;
  const total = `${figureText(requestsPerSecond)} requests/s`;
  if (isOpen(scenario))
    return figure(
      from,
      `${name}${figureText(peak)} iterations/s * ${figureText(requests)} requests = ${total}`,
    );
  const length = lengthText(durationMs);
  const basis = isMeasured ? "" : " (its sleeps, and a second for each answer)";
  return figure(
    from,
    `${name}${formatCount(peak)} VUs * ${figureText(requests)} requests / ${length}${isMeasured ? " an iteration" : basis} = ${total}`,
  );
}

/** Of a goal in users and requests/s: what it says of one user. */
function usersEvidence({ goal }: LintContext, wanted: GoalFigure): Evidence[] {
  if (goal.users === undefined || goal.users.source !== wanted.source) return [];
  const pauseS = goal.users.value / wanted.value;
  return [
    figure(
      "options",
      `${formatCount(goal.users.value)} users who make ${figureText(wanted.value)} requests/s together make one each ${figureText(pauseS)} s`,
    ),
  ];
}

function fixOf({ scenario, peak, figures }: Offer, goal: number): string {
  const { requests, durationMs, isMeasured } = figures;
  const rate = `a rate of ${figureText(goal / requests)} iterations/s in an arrival-rate scenario`;
  if (isOpen(scenario))
    return `set ${rate}: ${figureText(goal)} requests/s / ${figureText(requests)}`;
  const pacing = (peak * requests) / goal;
  const isPossible = pacing * 1_000 > durationMs;
  const keep = isPossible
    ? `, or keep ${formatCount(peak)} users and set minIterationDuration: "${figureText(pacing).replaceAll(",", "")}s"`
    : "";
  const fewer = isMeasured
    ? `, or ${formatCount(Math.ceil((goal * durationMs) / (requests * 1_000)))} VUs in the closed loop`
    : "";
  return `use ${rate}${keep}${fewer}`;
}

export const dauAsVus: Rule = {
  id: "dau-as-vus",
  title: "Daily users taken for concurrent ones",
  why:
    "Daily users are there one after the other: at the busiest moment a small share of them is (5 % is lakh's assumption). A VU without " +
    "pacing moreover does the work of many users (sig-net/mpc issues 324, 645; method: lakh plan).",
  fix: "let lakh plan --dau N work out peak concurrency, rate and pacing",
  severities: ["problem"],
  looksAt: "options",
  needs: ["dau"],
  check(context) {
    const { goal, plan } = context;
    const vus = peakVus(plan);
    // Half of all daily users at once would be a stadium, not an API.
    if (goal.dau === undefined || vus < goal.dau / 2) return [];
    return [
      {
        severity: "problem",
        message: `${formatCount(vus)} VUs for ${formatCount(goal.dau)} daily users: that is ${figureText((100 * vus) / goal.dau)} % of the day's users at the same moment`,
        evidence: plan.scenarios.slice(0, 2).flatMap((each) => loadEvidence(each, context)),
      },
    ];
  },
};

export const noThinkTime: Rule = {
  id: "no-think-time",
  title: "VUs without think time",
  why:
    "A looping VU without a pause sends as fast as the target answers: it stands for many users, how many depends on the latency, and a " +
    "number of VUs then says nothing of users (k6 documentation, Think time).",
  fix: "add a sleep of the length that users pause, set minIterationDuration, or use an arrival-rate scenario and speak of requests/s",
  severities: ["warning"],
  looksAt: "script and dry run",
  needs: [],
  check(context) {
    const { plan, model, at } = context;
    if (plan.options.minIterationDurationMs > 0) return [];
    return plan.scenarios.filter(isLooping).flatMap((scenario): Fault[] => {
      const entry = model.exported(scenario.exec);
      const reaches = (pattern: RegExp): boolean =>
        model.calls.some(({ node, to }) => pattern.test(to) && model.isReachedFrom(entry, node));
      if (entry === undefined || peakOf(scenario) < 2) return [];
      if (!reaches(/^k6\/http\./u) || mayPause(entry, context)) return [];
      return [
        {
          severity: "warning",
          message: `${namesOf([scenario])} VUs with no pause between iterations`,
          evidence: [...evidenceOf([at(entry)]), ...pausesSeen(scenario, context)],
        },
      ];
    });
  },
};

/** A pause that only other entry points reach is none of this function's; any other may be, through ways not followed. */
function mayPause(entry: FunctionNode, { model, plan }: LintContext): boolean {
  const { free } = model.script.tree;
  if (free.has("setTimeout") || free.has("setInterval")) return true;
  const names = ["setup", "teardown", "handleSummary", ...plan.scenarios.map(({ exec }) => exec)];
  const others = names
    .flatMap((name) => model.exported(name) ?? [])
    .filter((each) => each !== entry);
  const pauses = /^k6\.sleep$|^k6\/(?:timers|websockets|ws|experimental|browser)/u;
  return model.calls.some(
    ({ node, to }) =>
      pauses.test(to) &&
      (model.isReachedFrom(entry, node) || !others.some((each) => model.isReachedFrom(each, node))),
  );
}

function pausesSeen(scenario: ScenarioPlan, { trial }: LintContext): Evidence[] {
  const seen = trial?.functions.find(({ exec }) => exec === scenario.exec);
  if (seen === undefined || seen.iterations === 0 || seen.durationMs <= 0) return [];
  const perSecond = (seen.requests * 1_000) / (seen.iterations * seen.durationMs);
  return [
    figure(
      "dry-run",
      `one VU makes ${figureText(perSecond)} requests/s; an iteration takes ${lengthText(seen.durationMs)}`,
    ),
  ];
}

export const sleepAtArrivalEnd: Rule = {
  id: "sleep-at-arrival-end",
  title: "An arrival-rate iteration ends with a sleep",
  why:
    "The arrival rate paces the iterations already: a sleep at the end changes no request, it only keeps the VU busy, and more VUs are " +
    "needed for the same rate (k6 documentation, Arrival-rate executors).",
  fix: "leave out the last sleep, unless VUs are meant to stand for users with pauses",
  severities: ["info"],
  looksAt: "script",
  needs: [],
  check({ plan, model, at }) {
    const sleeps = new Set(
      model.calls.filter(({ to }) => to === "k6.sleep").map(({ node }) => node),
    );
    return plan.scenarios.filter(isOpen).flatMap((scenario): Fault[] => {
      const body = model.exported(scenario.exec)?.body;
      const last = body?.type === "BlockStatement" ? body.body.at(-1) : undefined;
      const call = last?.type === "ExpressionStatement" ? last.expression : undefined;
      if (call?.type !== "CallExpression" || !sleeps.has(call)) return [];
      return [
        {
          severity: "info",
          message: `the iterations of the arrival-rate scenario ${scenario.name} end with a sleep, which only keeps VUs busy`,
          evidence: evidenceOf([at(call)]),
        },
      ];
    });
  },
};

export const vuPoolTooSmall: Rule = {
  id: "vu-pool-too-small",
  title: "Too few VUs for the arrival rate",
  why:
    "R iterations/s of T seconds keep R T VUs busy. With fewer, iterations are dropped and the rate is not reached; VUs made in the middle " +
    "of a run cost time just then (Little 1961; k6 documentation, Arrival-rate VU allocation).",
  fix: "set preAllocatedVUs to rate * iteration time, plus a fifth, and maxVUs for a target that slows down",
  severities: ["problem", "warning"],
  looksAt: "script and dry run",
  needs: [],
  check: (context) =>
    context.plan.scenarios.filter(isOpen).flatMap((scenario) => poolFault(scenario, context) ?? []),
};

function poolFault(
  scenario: Extract<ScenarioPlan, { preAllocatedVus: number }>,
  context: LintContext,
): Fault | undefined {
  const length = shortestIteration(scenario.exec, context);
  if (length === undefined) return undefined;
  const busy = (peakOf(scenario) * length.durationMs) / 1_000;
  const { preAllocatedVus, maxVus, name } = scenario;
  if (busy <= preAllocatedVus) return undefined;
  const isLost = busy > maxVus;
  const reached = (maxVus * 1_000) / length.durationMs;
  return {
    severity: isLost ? "problem" : "warning",
    message: isLost
      ? `${name}: ${counted(maxVus, "VU")} reach ${figureText(reached)} iterations/s, not ${figureText(peakOf(scenario))}: the rest is dropped`
      : `${name}: ${counted(preAllocatedVus, "VU")} are ready and ${figureText(busy)} will be busy: the others are made while the load goes on`,
    evidence: [
      ...loadEvidence(scenario, context),
      figure(
        length.isMeasured ? "dry-run" : "options",
        `${figureText(peakOf(scenario))} iterations/s * ${lengthText(length.durationMs)} ${length.isMeasured ? "an iteration" : "of sleep in an iteration"} = ${figureText(busy)} VUs`,
      ),
    ],
    fix: `set preAllocatedVUs to ${formatCount(Math.ceil(busy * 1.2))} (rate * iteration time, plus a fifth), and maxVUs to twice that`,
  };
}

/** The length of an iteration at no load, or at least its sleeps. */
function shortestIteration(
  exec: string,
  context: LintContext,
): { durationMs: number; isMeasured: boolean } | undefined {
  const { trial, model } = context;
  const seen = trial?.functions.find((each) => each.exec === exec);
  if (seen !== undefined && seen.iterations > 0)
    return { durationMs: seen.durationMs, isMeasured: true };
  const entry = model.exported(exec);
  if (entry === undefined) return undefined;
  const { leastSleepS, meanSleepS } = sleepsOf(entry, context);
  const durationMs = 1_000 * (meanSleepS ?? leastSleepS);
  return durationMs > 0 ? { durationMs, isMeasured: false } : undefined;
}

const sleepsOf = (
  entry: Parameters<typeof estimateIteration>[0],
  { model }: LintContext,
): ReturnType<typeof estimateIteration> => estimateIteration(entry, model);

function namesOf(scenarios: readonly ScenarioPlan[]): string {
  const vus = scenarios.map(mostVus).reduce((sum, each) => sum + each, 0);
  const named = scenarios.filter(({ name }) => name !== "default").map(({ name }) => name);
  const label = named.length === 0 ? "" : `${named.join(", ")}: `;
  return `${label}the script loops ${formatCount(vus)}`;
}

/** Where the load of a scenario is written, or what it is. */
export function loadEvidence(scenario: ScenarioPlan, { model, at, plan }: LintContext): Evidence[] {
  const paths = [
    ["scenarios", scenario.name, "executor"],
    ["stages"],
    ["vus"],
    ["iterations"],
    ["duration"],
  ];
  for (const path of paths) {
    const property = model.optionProperty(path);
    const place = property === undefined ? undefined : at(property);
    if (place !== undefined && (path.length > 1 || scenario.name === "default")) return [place];
  }
  const length = lengthText(runDurationMs(plan));
  return [figure("options", `${scenario.name}: ${scenario.executor}, ${length}`)];
}
