/** The text of `lakh report --format verdict`. Apart from its schema, which a run has no use for. */
import type { Outcome } from "../report/index.ts";

const schemaVersion = 1;

/** What is said of the fields stands in verdict-document.ts. */
export interface VerdictDocument extends Pick<Outcome, "kind" | "id" | "startedAt" | "durationMs"> {
  schemaVersion: typeof schemaVersion;
  verdict: NonNullable<Outcome["verdict"]>["verdict"] | null;
  sentence: string | null;
  reasons: string[];
  failure: string | null;
  exitCode: number;
  cases: Outcome["cases"][number][];
  facts: { name: string; text: string }[];
}

export function verdictJson(outcome: Outcome, exitCode: number): string {
  const { kind, id, startedAt, durationMs, verdict, failure, cases, facts } = outcome;
  const made: VerdictDocument = {
    schemaVersion,
    kind,
    id,
    startedAt,
    durationMs,
    verdict: verdict?.verdict ?? null,
    sentence: verdict?.sentence ?? null,
    reasons: [...(verdict?.reasons ?? [])],
    failure: failure ?? null,
    exitCode,
    // Field by field: a case of a campaign has more.
    cases: cases.map(({ group, name, required, measured, status, explanation }) => ({
      group,
      name,
      required,
      measured,
      status,
      explanation,
    })),
    facts: facts.map(([name, fact]) => ({ name, text: fact })),
  };
  return JSON.stringify(made, null, 2);
}
