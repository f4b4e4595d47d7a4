/**
 * An outcome as JUnit XML that keeps to the strictest of the schemas in use, that of Ant's reports, which Jenkins', GitLab's
 * and the others' readers take as well. What had to hold and did not is a failure; what could not be told is an error,
 * because a green line would say that it held.
 */
import type { Outcome, OutcomeCase } from "./outcome.ts";

/** A document of its own. Ends with a line break. */
export function renderJUnit(outcome: Outcome): string {
  const { kind, id, startedAt, durationMs } = outcome;
  const cases = [...outcome.cases, ...endCase(outcome)];
  const countOf = (status: OutcomeCase["status"]): number =>
    cases.filter((each) => each.status === status).length;
  const suite = {
    name: `lakh ${kind} ${id}`,
    package: "lakh",
    id: 0,
    // The schema wants whole seconds without a zone, and a host.
    timestamp: startedAt.slice(0, "2026-01-01T00:00:00".length),
    hostname: "localhost",
    tests: cases.length,
    failures: countOf("FAIL"),
    errors: countOf("INCONCLUSIVE"),
    skipped: countOf("NOT_JUDGED"),
    time: (durationMs / 1_000).toFixed(3),
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<testsuites>",
    `  <testsuite${attributes(suite)}>`,
    ...propertyLines(outcome),
    ...cases.flatMap((each) => caseLines(each, outcome)),
    "    <system-out/>",
    "    <system-err/>",
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function propertyLines({ facts }: Outcome): string[] {
  const lines = facts.map(([name, value]) => `      <property${attributes({ name, value })}/>`);
  return ["    <properties>", ...lines, "    </properties>"];
}

function caseLines(
  { group, name, required, measured, status, explanation }: OutcomeCase,
  { id, command = `lakh report ${id}` }: Outcome,
): string[] {
  const open = `    <testcase${attributes({ classname: `lakh.${group}`, name, time: "0" })}`;
  if (status === "PASS") return [`${open}/>`];
  if (status === "NOT_JUDGED") {
    const message = explanation || measured;
    return [`${open}>`, `      <skipped${attributes({ message })}/>`, "    </testcase>"];
  }
  const element = status === "FAIL" ? "failure" : "error";
  const message = required === "" ? measured : `${measured}, required ${required}`;
  const text = [explanation, command].filter((line) => line !== "").join("\n");
  return [
    `${open}>`,
    `      <${element}${attributes({ message, type: status })}>${escapeXml(text)}</${element}>`,
    "    </testcase>",
  ];
}

/** The verdict itself, or the end of a run that has none: no row says that a run was cut short. */
function endCase({ verdict, failure, kind }: Outcome): OutcomeCase[] {
  if (verdict !== undefined) {
    const { verdict: word, sentence } = verdict;
    const status = word === "INVALID" ? "INCONCLUSIVE" : word;
    const name = "verdict";
    return [{ group: kind, name, required: "PASS", measured: word, status, explanation: sentence }];
  }
  return [
    {
      group: kind,
      name: "the run ends without an error",
      required: "",
      measured: failure ?? "it did",
      status: failure === undefined ? "PASS" : "FAIL",
      explanation: "",
    },
  ];
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** What XML 1.0 cannot hold at all (control characters, lone surrogates) becomes the replacement character. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"]/gu, (character) => entities[character]!);
}
