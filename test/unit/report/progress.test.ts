import assert from "node:assert/strict";
import { test } from "node:test";
import { renderProgressLine, type RunProgress } from "../../../src/report/index.ts";
import { cellWidth } from "../../../src/report/layout.ts";

const progress: RunProgress = {
  elapsedMs: 65_400,
  plannedMs: 300_000,
  activeVus: 5_000,
  initializedVus: 5_000,
  requestsPerSecond: 444.2,
  p95Ms: 12.4,
  failedShare: 0,
  iterationsDropped: 0,
};

test("shows everything where there is room", () => {
  assert.equal(
    renderProgressLine(progress, 120),
    "01:05 / 05:00  5,000 VUs  444.2 req/s  p95 12.4 ms  errors 0.00 %  left 03:55",
  );
});

test("shows active of initialized VUs when they differ, and dropped iterations when there are some", () => {
  const line = renderProgressLine({ ...progress, activeVus: 312, iterationsDropped: 1_234 }, 120);
  assert.match(line, / 312\/5,000 VUs .* dropped 1,234 /u);
});

test("leaves out the least important part first", () => {
  assert.equal(
    renderProgressLine(progress, 76),
    "01:05 / 05:00  5,000 VUs  444.2 req/s  p95 12.4 ms  errors 0.00 %",
  );
  assert.equal(renderProgressLine(progress, 50), "01:05 / 05:00  444.2 req/s  errors 0.00 %");
  assert.equal(renderProgressLine(progress, 20), "01:05 / 05:00");
  assert.equal(renderProgressLine(progress, 8), "01:05...");
});

test("never exceeds the terminal", () => {
  const busy = { ...progress, activeVus: 1, iterationsDropped: 1e12, requestsPerSecond: 1e21 };
  for (let columns = 0; columns <= 130; columns++) {
    assert.ok(cellWidth(renderProgressLine(busy, columns)) <= columns);
  }
});

test("a run of unknown length has no end to show", () => {
  const line = renderProgressLine({ ...progress, plannedMs: 0 }, 120);
  assert.ok(line.startsWith("01:05  ") && !line.includes("left"));
});

test("past its plan nothing is left", () => {
  assert.match(
    renderProgressLine({ ...progress, elapsedMs: 3_725_000 }, 120),
    /^1:02:05 \/ 05:00 .*left 00:00$/u,
  );
});

test("a share of errors above zero never reads as zero", () => {
  assert.match(renderProgressLine({ ...progress, failedShare: 1e-6 }, 120), /errors <0\.01 %/u);
});

test("figures that are not there show as a dash", () => {
  const line = renderProgressLine(
    {
      ...progress,
      p95Ms: null,
      failedShare: Number.NaN,
      requestsPerSecond: Number.POSITIVE_INFINITY,
    },
    120,
  );
  assert.match(line, /- req\/s {2}p95 - {2}errors - /u);
});
