/**
 * Is the new side worse than the base? Rows for the run as a whole and for each endpoint, each with its shift, its
 * interval and what can be said of it; then the gate over the primary rows (p95, failed requests, requests/s).
 *
 *     runs that cannot be compared                                              INVALID
 *     a primary row worse | every new run's load taken away, no base run's      FAIL
 *     a primary row of the whole unclear | one of an endpoint that looks worse  INCONCLUSIVE
 *     otherwise                                                                 PASS
 *
 * A wrong "no regression" is the worst that can happen: PASS needs the whole run's rows shown to be no worse than allowed.
 */
import type { RunFigures } from "../../record/index.ts";
import { comparabilityOf } from "./comparability.ts";
import type {
  ComparedRun,
  CompareMethod,
  CompareSettings,
  Comparison,
  ComparisonRow,
} from "./comparison.ts";
import {
  type Evidence,
  evidenceFor,
  type NoEvidence,
  type Sample,
  type Subject,
} from "./evidence.ts";
import { holm, stepDownMaxT } from "./families.ts";
import { gateOf } from "./gate.ts";
import { endpointMeasures, wholeMeasures } from "./measures.ts";
import { methodFor, methodSentence } from "./method.ts";
import { faultlessRow, judgedRow, lonelyRow, shownRow, type Tested } from "./rows.ts";

/**
 * Compares runs of a base with new ones.
 * @param base at least one, as {@link figuresOf} makes them
 * @param fresh the new ones, at least one
 */
export function compareRuns(
  base: readonly RunFigures[],
  fresh: readonly RunFigures[],
  settings: CompareSettings,
): Comparison {
  const method = methodFor(base.length, fresh.length, settings.confidence);
  const { faults, warnings } = comparabilityOf(base, fresh, settings.tolerated);
  const rows = faults.length > 0 ? [] : rowsOf(subjectsOf(base, fresh, method), settings);
  return {
    ...gateOf({ base, fresh, rows, faults, warnings, settings }),
    method,
    methodSentence: methodSentence(method, [base.length, fresh.length], settings.confidence),
    settings,
    base: base.map(labelOf),
    new: fresh.map(labelOf),
    rows,
  };
}

function labelOf({ id, startedAt, lakhVersion }: RunFigures): ComparedRun {
  return { id, startedAt, lakhVersion };
}

function subjectsOf(
  base: readonly RunFigures[],
  fresh: readonly RunFigures[],
  method: CompareMethod,
): Subject[] {
  const samples = (runs: readonly RunFigures[]): Sample[] =>
    runs.map((run) => ({ run, series: run.whole }));
  const whole = wholeMeasures.map((measure): Subject => {
    return { endpoint: null, measure, method, base: samples(base), fresh: samples(fresh) };
  });
  return [...whole, ...endpointSubjects(base, fresh, method)];
}

/** Those with the most requests first; an endpoint is a pair of name and method. */
function endpointSubjects(
  base: readonly RunFigures[],
  fresh: readonly RunFigures[],
  method: CompareMethod,
): Subject[] {
  interface Entry {
    readonly endpoint: { readonly name: string; readonly method: string };
    readonly base: Sample[];
    readonly fresh: Sample[];
    requests: number;
  }
  const entries = new Map<string, Entry>();
  const collect = (runs: readonly RunFigures[], side: "base" | "fresh"): void => {
    for (const run of runs) {
      for (const series of run.endpoints) {
        const { name, method } = series;
        const key = `${method} ${name}`;
        const known = entries.get(key);
        const entry = known ?? { endpoint: { name, method }, base: [], fresh: [], requests: 0 };
        entry[side].push({ run, series });
        entry.requests += series.requests;
        entries.set(key, entry);
      }
    }
  };
  collect(base, "base");
  collect(fresh, "fresh");
  return [...entries.values()]
    .toSorted((one, other) => other.requests - one.requests)
    .flatMap(({ endpoint, base: first, fresh: second }) =>
      endpointMeasures.map((measure) => ({
        endpoint,
        measure,
        method,
        base: first,
        fresh: second,
      })),
    );
}

interface Found {
  readonly subject: Subject;
  readonly evidence: Evidence | NoEvidence | "lonely" | "faultless";
}

function rowsOf(subjects: readonly Subject[], settings: CompareSettings): ComparisonRow[] {
  const runs = Math.max(...subjects.map(({ base }) => base.length));
  const freshRuns = Math.max(...subjects.map(({ fresh }) => fresh.length));
  const isWhole = ({ base, fresh }: Subject): boolean =>
    base.length === runs && fresh.length === freshRuns;
  const found = subjects.map((subject): Found => {
    if (subject.base.length === 0 || subject.fresh.length === 0)
      return { subject, evidence: "lonely" };
    if (isFaultless(subject)) return { subject, evidence: "faultless" };
    if (!isWhole(subject))
      return { subject, evidence: { reason: "some of the runs did not ask for it" } };
    return { subject, evidence: evidenceFor(subject, settings) };
  });
  const tested = testTogether(found);
  return found.map((each, index) => {
    const { subject, evidence } = each;
    if (evidence === "lonely") return lonelyRow(subject);
    if (evidence === "faultless") return faultlessRow(subject);
    if ("reason" in evidence) return shownRow(subject, evidence);
    return judgedRow(subject, evidence, { tested: tested.get(index)!, settings });
  });
}

/** Failures of an endpoint that has none. Of the whole run it has to be shown that there are few. */
function isFaultless({ endpoint, measure, base, fresh }: Subject): boolean {
  return (
    endpoint !== null &&
    measure.id === "errors" &&
    [...base, ...fresh].every(({ series }) => series.failed === 0)
  );
}

/** The primary rows are tested together, and apart from them the others. */
function testTogether(found: readonly Found[]): ReadonlyMap<number, Tested> {
  const tested = new Map<number, Tested>();
  for (const isPrimary of [true, false]) {
    const family = found.flatMap(({ subject, evidence }, index) => {
      if (subject.measure.isPrimary !== isPrimary || typeof evidence === "string") return [];
      return "reason" in evidence ? [] : [{ index, evidence }];
    });
    const results = adjusted(family.map(({ evidence }) => evidence));
    for (const [place, { index }] of family.entries()) tested.set(index, results[place]!);
  }
  return tested;
}

function adjusted(evidence: readonly Evidence[]): Tested[] {
  const families = evidence.map(({ family }) => family);
  const isExact = families.every((family) => family !== null);
  const worse = isExact
    ? stepDownMaxT(families)
    : holm(evidence.map(({ worseProbability }) => worseProbability));
  const better = isExact
    ? stepDownMaxT(families.map(turned))
    : holm(evidence.map(({ betterProbability }) => betterProbability));
  return evidence.map((_, index) => ({ worse: worse[index]!, better: better[index]! }));
}

function turned<
  T extends { readonly first: readonly number[]; readonly second: readonly number[] },
>(row: T): T {
  const negated = (values: readonly number[]): number[] => values.map((value) => -value);
  return { ...row, first: negated(row.first), second: negated(row.second) };
}
