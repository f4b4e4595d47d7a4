/** The report's lines about what failed: the most frequent first, what it said, and nothing where nothing failed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ExchangesRecord, FailureRecord } from "../../../src/record/index.ts";
import { renderReport } from "../../../src/report/index.ts";
import { cellWidth } from "../../../src/report/layout.ts";
import { keptExchange } from "../../support/exchange.ts";
import { record } from "./samples.ts";

const kind = (changes: Partial<FailureRecord>): FailureRecord => ({
  method: "GET",
  name: "/x",
  status: 503,
  errorCode: 1_503,
  error: "",
  count: 1,
  samples: [],
  ...changes,
});

function sectionOf(exchanges: Partial<ExchangesRecord> | undefined, columns = 120): string {
  const all = { slowest: [], failures: [], furtherFailures: 0, ...exchanges };
  const text = renderReport(
    { ...record, ...(exchanges === undefined ? {} : { exchanges: all }) },
    undefined,
    { colours: false, columns },
  );
  return text.split("\n\n").find((block) => block.startsWith("Failed requests")) ?? "";
}

test("a line a kind: how many, where, and what came back", () => {
  const html = {
    kind: "text",
    text: "<html><head><title>502 Bad\n Gateway</title>",
    shownBytes: 9,
    bytes: 9,
  };
  const page = keptExchange({
    response: { headers: [], furtherHeaders: 0, body: html as never },
  });
  const body = {
    kind: "text",
    text: '{"code":7,"message":"card declined","x":"',
    shownBytes: 9,
    bytes: 99,
  };
  const json = keptExchange({
    response: { headers: [], furtherHeaders: 0, body: body as never },
  });
  const failures = [
    kind({ method: "POST", name: "/login", count: 1_412, samples: [keptExchange()] }),
    kind({ name: "/home", status: 502, count: 12, samples: [page] }),
    kind({ name: "/pay", status: 402, count: 4, samples: [json] }),
    kind({ name: "/never", status: 0, errorCode: 1_050, error: "request timeout", count: 3 }),
    kind({ name: null, method: "", status: 500, count: 2 }),
  ];
  assert.equal(
    sectionOf({ failures, furtherFailures: 4 }),
    [
      "Failed requests",
      '  1,412 x POST /login: 503 "upstream unavailable"',
      '     12 x GET /home: 502 "502 Bad Gateway"',
      '      4 x GET /pay: 402 "card declined"',
      "      3 x GET /never: request timeout (error code 1050)",
      "      2 x further endpoints: 500",
      "      4 x of further kinds",
    ].join("\n"),
  );
});

test("nothing failed, or nothing is known of it: no section", () => {
  assert.equal(sectionOf({}), "");
  assert.equal(sectionOf(undefined), "");
});

test("of many kinds the rest is counted, and hostile text stays text on a narrow terminal", () => {
  const text = `\u001b[31m\n${"x".repeat(5_000)}`;
  const body = { kind: "text", text, shownBytes: 9, bytes: 9 } as const;
  const sample = keptExchange({ response: { headers: [], furtherHeaders: 0, body } });
  const failures = Array.from({ length: 50 }, (_, n) =>
    kind({ name: `/${n}\u001b[2J${"y".repeat(100)}`, count: 50 - n, samples: [sample] }),
  );
  const section = sectionOf({ failures, furtherFailures: 1 }, 60);
  assert.ok(!section.includes("\u001b"));
  assert.match(section, /742 x of further kinds$/u);
  for (const line of section.split("\n")) assert.ok(cellWidth(line) <= 60, line);
});
