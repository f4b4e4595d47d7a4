import assert from "node:assert/strict";
import { test } from "node:test";
import xterm from "@xterm/headless";
import fc from "fast-check";
import {
  asciiGlyphs,
  blockGlyphs,
  type LiveScenario,
  type LiveView,
  renderLiveView,
  type ScreenStyle,
} from "../../../../src/report/index.ts";
import { cellWidth } from "../../../../src/report/layout.ts";
import { assertGolden } from "../golden.ts";

const browse: LiveScenario = {
  name: "browse",
  state: "running",
  reached: 0.2166,
  startsInMs: 0,
  activeVus: 3_500,
  vus: 5_000,
  iterationsPerSecond: 350.1,
  plannedIterationsPerSecond: 350,
  iterationsEnded: 20_000,
  iterationsTotal: undefined,
  iterationsDropped: 0,
};

const seconds = Array.from({ length: 65 }, (_, second) => ({
  requestsPerSecond: Math.min(444, 20 * second),
  plannedRequestsPerSecond: Math.min(444, 22 * second),
  latencyMs: second === 40 ? 620 : 12 + (second % 5),
}));

const view: LiveView = {
  phase: "steady state",
  elapsedMs: 65_400,
  plannedMs: 300_000,
  leftMs: 235_000,
  activeVus: 3_650,
  initializedVus: 5_500,
  scenarios: [
    browse,
    {
      ...browse,
      name: "checkout",
      activeVus: 150,
      vus: 500,
      iterationsPerSecond: 40,
      plannedIterationsPerSecond: undefined,
      iterationsDropped: 12,
    },
    { ...browse, name: "reports", state: "waiting", reached: 0, startsInMs: 30_000, vus: 10 },
    { ...browse, name: "imports", iterationsEnded: 40, iterationsTotal: 1_000, reached: 0.04 },
    { ...browse, name: "login", state: "done", reached: 1, activeVus: 0 },
  ],
  seconds,
  requestsPerSecond: 444.2,
  plannedRequestsPerSecond: 444.4,
  latencyName: "p95",
  latencyLimitMs: 500,
  failedShare: 0.0012,
  errorLimit: 0.01,
  errorKinds: [
    { kind: "HTTP 503", count: 30 },
    { kind: "dial: connection refused", count: 7 },
  ],
  iterations: {
    perSecond: 390.1,
    plannedPerSecond: 390,
    started: 37_221,
    due: 37_233,
    dropped: 12,
    failed: 0,
  },
  generator: { status: "healthy", text: "loop 31 %, CPU 0.4 of 8 cores, start lag p99 0.3 ms" },
};

const wide: ScreenStyle = { columns: 80, rows: 24, colours: false, glyphs: blockGlyphs };

function text(given: LiveView, style: Partial<ScreenStyle> = {}): string {
  const lines = renderLiveView(given, { ...wide, ...style });
  assert.ok(lines, "there is room for the view");
  return `${lines.join("\n")}\n`;
}

const saturated: LiveView = {
  ...view,
  failedShare: 0.31,
  generator: {
    status: "saturated",
    text: "event-loop utilisation held 0.97, limit 0.8; event-loop delay p99 (ms) 45.1, limit 25; start lag p99 (ms) 112, limit 25",
  },
};

test("looks as it should at 80 columns", () => assertGolden("live-80x24.txt", text(view)));
test("looks as it should at 120 columns", () =>
  assertGolden("live-120x40.txt", text(view, { columns: 120, rows: 40 })));
test("looks as it should at 40 columns and ten rows", () =>
  assertGolden("live-40x10.txt", text(view, { columns: 40, rows: 10 })));
test("looks as it should with colours", () =>
  assertGolden("live-80x24-colours.txt", text(saturated, { colours: true })));
test("looks as it should in ASCII", () =>
  assertGolden("live-80x24-ascii.txt", text(saturated, { glyphs: asciiGlyphs })));

test("says in every size that the generator is saturated, and begins to say why", () => {
  for (const [columns, rows] of [
    [200, 60],
    [80, 24],
    [80, 10],
    [40, 10],
    [30, 7],
  ] as const) {
    const shown = text(saturated, { columns, rows });
    assert.match(shown, /^ *generator +saturated +\S/mu, `${columns}x${rows}:\n${shown}`);
    if (columns >= 40) assert.match(shown, /saturated +event-/u);
  }
});

test("colours what is past its limit red, and a second short of its plan yellow", () => {
  const shown = text(saturated, { colours: true }).split("\n");
  const line = (label: string): string => shown.find((each) => each.includes(label))!;
  const escape = "\u001b";
  assert.ok(line("errors").includes(`${escape}[31m31.00 %`));
  assert.match(line("requests").replaceAll(escape, "ESC"), /ESC\[36m[▁-█]+ESC\[0m$/u);
  assert.ok(line("p95").includes(`${escape}[31m█${escape}[0m`));
});

test("without colours there is no escape code", () => {
  assert.ok(!text(saturated).includes("\u001b"));
});

test("the curves show the last seconds, the newest at the right", () => {
  const rising = Array.from({ length: 8 }, (_, second) => ({
    requestsPerSecond: second * 100,
    plannedRequestsPerSecond: undefined,
    latencyMs: second === 3 ? null : 700 - second * 100,
  }));
  const shown = text({ ...view, seconds: rising });
  assert.match(shown, /^ *requests .* ▁▂▃▄▅▆▇█$/mu);
  assert.match(shown, /^ *p95 .* █▇▆ ▄▃▂▁$/mu);
});

test("with more scenarios than rows those that go on are shown, and the rest is counted", () => {
  const many = Array.from(
    { length: 30 },
    (_, index): LiveScenario => ({
      ...browse,
      name: `s${index}`,
      state: index < 10 ? "done" : index < 20 ? "running" : "waiting",
    }),
  );
  const lines = text({ ...view, scenarios: many }, { rows: 14 })
    .trimEnd()
    .split("\n");
  assert.equal(lines.length, 13);
  assert.match(lines[1]!, /^ {2}s10 /u);
  assert.equal(lines[7], "  and 24 more: 4 running, 10 waiting, 10 done");
});

test("there is no view where a line is all there is room for", () => {
  assert.equal(renderLiveView(view, { ...wide, rows: 6 }), undefined);
  assert.equal(renderLiveView(view, { ...wide, columns: 29 }), undefined);
  assert.equal(renderLiveView(view, { ...wide, rows: 7 })?.length, 6);
});

const scenarioOf = fc.record<LiveScenario>({
  name: fc.string({ unit: "grapheme", maxLength: 60 }),
  state: fc.constantFrom("waiting", "running", "stopping", "done", "cut short"),
  reached: fc.double(),
  startsInMs: fc.double(),
  activeVus: fc.option(fc.nat(), { nil: undefined }),
  vus: fc.nat(),
  iterationsPerSecond: fc.option(fc.double(), { nil: undefined }),
  plannedIterationsPerSecond: fc.option(fc.double(), { nil: undefined }),
  iterationsEnded: fc.option(fc.nat(), { nil: undefined }),
  iterationsTotal: fc.option(fc.nat(), { nil: undefined }),
  iterationsDropped: fc.nat(),
});

const viewOf = fc.record<LiveView>({
  phase: fc.string({ unit: "binary", maxLength: 30 }),
  elapsedMs: fc.double(),
  plannedMs: fc.option(fc.double(), { nil: undefined }),
  leftMs: fc.option(fc.double(), { nil: undefined }),
  activeVus: fc.nat(),
  initializedVus: fc.nat(),
  scenarios: fc.array(scenarioOf, { maxLength: 30 }),
  seconds: fc.array(
    fc.record({
      requestsPerSecond: fc.double(),
      plannedRequestsPerSecond: fc.option(fc.double(), { nil: undefined }),
      latencyMs: fc.option(fc.double()),
    }),
    { maxLength: 300 },
  ),
  requestsPerSecond: fc.double(),
  plannedRequestsPerSecond: fc.option(fc.double(), { nil: undefined }),
  latencyName: fc.constantFrom("p95", "p99"),
  latencyLimitMs: fc.option(fc.double(), { nil: undefined }),
  failedShare: fc.double(),
  errorLimit: fc.option(fc.double(), { nil: undefined }),
  errorKinds: fc.array(
    fc.record({ kind: fc.string({ unit: "binary", maxLength: 200 }), count: fc.nat() }),
    { maxLength: 8 },
  ),
  iterations: fc.record({
    perSecond: fc.double(),
    plannedPerSecond: fc.option(fc.double(), { nil: undefined }),
    started: fc.nat(),
    due: fc.option(fc.nat(), { nil: undefined }),
    dropped: fc.nat(),
    failed: fc.nat(),
  }),
  generator: fc.record({
    status: fc.constantFrom("starting", "healthy", "warning", "saturated"),
    text: fc.string({ unit: "binary", maxLength: 300 }),
  }),
});

const styleOf = fc.record<ScreenStyle>({
  columns: fc.integer({ min: 1, max: 220 }),
  rows: fc.integer({ min: 1, max: 70 }),
  colours: fc.boolean(),
  glyphs: fc.constantFrom(asciiGlyphs, blockGlyphs),
});

const colourCodes = /\u001b\[[\d;]*m/gu; // oxlint-disable-line no-control-regex -- what paint.ts writes

test("whatever is shown, no line is wider than the screen, none makes it scroll, and none has a control character", () => {
  fc.assert(
    fc.property(viewOf, styleOf, (anyView, style) => {
      const lines = renderLiveView(anyView, style);
      if (lines === undefined) return;
      assert.ok(lines.length < style.rows);
      for (const line of lines) {
        const plain = line.replace(colourCodes, "");
        assert.ok(cellWidth(plain) < style.columns, JSON.stringify(line));
        assert.doesNotMatch(plain, /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u);
      }
      assert.ok(lines.some((line) => line.includes("generator")));
    }),
    { numRuns: 300 },
  );
});

test("a terminal takes no more cells for a name than were counted", async () => {
  const names = [
    "日本語のシナリオ名前がとても長い",
    "emoji ❤️🎉 👩‍👩‍👧 🇮🇳 1️⃣",
    "\u202eright to left \u0645\u0631\u062d\u0628\u0627",
    "escape \u001b[31mred\u001b[2J\u001b[H\u0007 bell",
    "한국어 ﾊﾝｶｸ Ⅷ ꥠ 𗀀",
    "c\u0301o\u0302m\u0303bining z\u200dwj \ufeff",
    "lone \ud800 surrogate",
  ];
  for (const columns of [30, 40, 79, 80, 120]) {
    const scenarios = names.map((name) => ({ ...browse, name }));
    const errorKinds = names.map((kind) => ({ kind, count: 1 }));
    const given = { ...view, scenarios, errorKinds };
    const lines = renderLiveView(given, { columns, rows: 24, colours: true, glyphs: blockGlyphs })!;
    const terminal = new xterm.Terminal({ cols: columns, rows: 24, allowProposedApi: true });
    await new Promise<void>((done) => terminal.write(lines.join("\r\n"), done));
    const { active } = terminal.buffer;
    assert.equal(active.baseY + active.cursorY, lines.length - 1, "no line was wrapped");
    for (const [row, line] of lines.entries()) {
      const cells = active.getLine(row)!.translateToString(true);
      assert.equal(cells, line.replace(colourCodes, "").replaceAll("\ufeff", "").trimEnd());
    }
    terminal.dispose();
  }
});
