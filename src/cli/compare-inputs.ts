/** What `lakh compare` is given: from names on the command line to the figures of two sides. */
import { existsSync } from "node:fs";
import { exitCodes, LakhError } from "../base/errors.ts";
import { isCampaign, isLimit, readCampaign, readLimit, readRuns } from "../record/index.ts";
import type { RunFigures } from "../record/index.ts";
import type { CliErrorCode } from "./errors.ts";

export interface Sides {
  readonly base: readonly RunFigures[];
  readonly fresh: readonly RunFigures[];
}

/**
 * Reads both sides. Without `--base` the first name is the base. A name may be several, with commas between them.
 * @throws LakhError COMPARE_NAMES, COMPARE_NOT_A_RUN, COMPARE_TWICE, RECORD_…
 */
export async function readSides(
  names: readonly string[],
  baseNames: readonly string[],
  runsDir: string,
): Promise<Sides> {
  const isNamed = baseNames.length > 0;
  const [baseList, freshList] = isNamed ? [baseNames, names] : [names.slice(0, 1), names.slice(1)];
  if (baseList.length === 0 || freshList.length === 0) throw missingSide(baseList.length === 0);
  const base = await readFigures(baseList, runsDir);
  const fresh = await readFigures(freshList, runsDir);
  assertDifferent([...base, ...fresh]);
  return { base, fresh };
}

/** The figures of all runs that the names stand for. @throws LakhError as {@link readSides} */
export async function readFigures(
  names: readonly string[],
  runsDir: string,
): Promise<readonly RunFigures[]> {
  const { figuresOf } = await import("../judge/index.ts");
  const found: RunFigures[] = [];
  for (const name of names.flatMap(splitNames)) {
    await assertRun(name, runsDir);
    for (const read of await readRuns(name, runsDir))
      found.push(read.kind === "record" ? figuresOf(read.record) : read.figures);
  }
  return found;
}

/** A path with a comma in it is one name. */
function splitNames(name: string): string[] {
  if (existsSync(name)) return [name];
  return name.split(",").filter((part) => part !== "");
}

/** The runs of a campaign and of a search have different loads, so it takes a choice. */
async function assertRun(name: string, runsDir: string): Promise<void> {
  const runs = isCampaign(name, runsDir)
    ? (await readCampaign(name, runsDir)).phases.flatMap(({ phase, attempts }) => {
        const run = attempts.at(-1)?.run ?? null;
        return run === null ? [] : [`${run} (${phase.name})`];
      })
    : isLimit(name, runsDir)
      ? (await readLimit(name, runsDir)).trials.map(({ run }) => run)
      : undefined;
  if (runs === undefined) return;
  throw new LakhError(
    "COMPARE_NOT_A_RUN" satisfies CliErrorCode,
    `${name} is not a run but has several, each with a load of its own`,
    { hint: `name one of its runs: ${runs.slice(0, 6).join(", ")}` },
  );
}

function missingSide(isBase: boolean): LakhError {
  return new LakhError(
    "COMPARE_NAMES" satisfies CliErrorCode,
    isBase ? "there is nothing to compare" : "there is nothing to compare the base with",
    { hint: "lakh compare BASE RUN..., or lakh compare --base BASE RUN..." },
  );
}

/** A run on both sides, or twice on one, would make any difference look smaller and any proof stronger. */
function assertDifferent(runs: readonly RunFigures[]): void {
  const seen = new Set<string>();
  for (const { id, startedAt } of runs) {
    const key = `${id} ${startedAt}`;
    if (seen.has(key))
      throw new LakhError("COMPARE_TWICE" satisfies CliErrorCode, `the run ${id} is given twice`, {
        hint: "name each run once: a run that counts twice is not two runs",
      });
    seen.add(key);
  }
}

/**
 * A baseline is of runs that can be compared with each other.
 * @throws LakhError COMPARE_TWICE, BASELINE_UNFIT
 */
export async function assertBaseline(runs: readonly RunFigures[]): Promise<void> {
  const { incomparable } = await import("../judge/index.ts");
  assertDifferent(runs);
  const [fault] = incomparable(runs);
  if (fault === undefined) return;
  throw new LakhError("BASELINE_UNFIT" satisfies CliErrorCode, `no baseline: ${fault}`, {
    hint: "take runs of one script with one load that came to their end: lakh runs",
    exitCode: exitCodes.invalid,
  });
}
