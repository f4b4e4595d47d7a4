/**
 * Compares lakh's outcome with k6's, field by field, under the known differences of expectations.json. A known difference says what
 * lakh does instead: when lakh comes to agree with k6, or changes again, that is reported like any other surprise.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Outcome } from "./outcome.ts";
import { repoRoot } from "./suite.ts";

/** A known difference of one script. */
export interface Expectation {
  /** Why lakh differs; shown in docs/reference/k6-compatibility.md. */
  readonly reason: string;
  /** Field of the outcome -> lakh's value instead of k6's. */
  readonly lakh: Readonly<Partial<Outcome>>;
}

export type Expectations = Readonly<Record<string, Expectation>>;

const expectationsPath = join(repoRoot, "test", "conformance", "expectations.json");

export function readExpectations(): Expectations {
  return JSON.parse(readFileSync(expectationsPath, "utf8")) as Expectations;
}

export function writeExpectations(expectations: Expectations): void {
  const names = Object.keys(expectations).sort();
  const sorted = Object.fromEntries(names.map((name) => [name, expectations[name]]));
  writeFileSync(expectationsPath, `${JSON.stringify(sorted, null, 2)}\n`);
}

const exportFields = ["checks", "thresholds", "shapes"] as const;

/** An outcome of k6 as far as a program without `--summary-export` can be compared with it. */
export function withoutExport(outcome: Outcome): Outcome {
  const fields: Record<string, unknown> = { ...outcome };
  for (const field of exportFields) delete fields[field];
  return fields as unknown as Outcome;
}

/** One field that is not what it should be. */
export interface Surprise {
  readonly field: keyof Outcome;
  readonly problem: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** What of lakh's outcome was not foreseen. */
export function surprises(
  k6: Outcome,
  lakh: Outcome,
  expectation: Expectation | undefined,
): Surprise[] {
  const known = expectation?.lakh ?? {};
  const fields = new Set([...Object.keys(k6), ...Object.keys(lakh), ...Object.keys(known)]);
  return [...fields].flatMap((name) => {
    const field = name as keyof Outcome;
    const actual = lakh[field];
    const sameAsK6 = isDeepStrictEqual(actual, k6[field]);
    if (!(field in known)) {
      if (sameAsK6) return [];
      return [{ field, problem: "differs from k6", expected: k6[field], actual }];
    }
    const expected = known[field] ?? undefined;
    if (sameAsK6) {
      const problem = "is now as in k6: take the known difference out of expectations.json";
      return [{ field, problem, expected, actual }];
    }
    if (isDeepStrictEqual(actual, expected)) return [];
    return [{ field, problem: "differs from k6 in another way than known", expected, actual }];
  });
}

/** Fields in which lakh differs from k6, with lakh's values (null: lakh has none). */
export function differences(k6: Outcome, lakh: Outcome): Partial<Outcome> {
  const fields = new Set([...Object.keys(k6), ...Object.keys(lakh)]) as Set<keyof Outcome>;
  const differing = [...fields].filter((field) => !isDeepStrictEqual(k6[field], lakh[field]));
  return Object.fromEntries(differing.map((field) => [field, lakh[field] ?? null]));
}

/** A surprise for people: the lines that differ, `-` expected, `+` what came. */
export function describe({ field, problem, expected, actual }: Surprise): string {
  const lines = (value: unknown): string[] =>
    value === undefined ? ["(none)"] : JSON.stringify(value, null, 1).split("\n");
  return [`${field} ${problem}`, ...lineDifference(lines(expected), lines(actual))].join("\n");
}

/** A line difference by the longest common subsequence; common lines are left out. */
function lineDifference(before: readonly string[], after: readonly string[]): string[] {
  const lengths = Array.from({ length: before.length + 1 }, () =>
    Array.from({ length: after.length + 1 }, () => 0),
  );
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i]![j] =
        before[i] === after[j]
          ? lengths[i + 1]![j + 1]! + 1
          : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  const shown: string[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      i++;
      j++;
    } else if (
      j < after.length &&
      (i === before.length || lengths[i]![j + 1]! > lengths[i + 1]![j]!)
    ) {
      shown.push(`  + ${after[j++]}`);
    } else {
      shown.push(`  - ${before[i++]}`);
    }
  }
  return shown;
}
