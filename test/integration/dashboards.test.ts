/**
 * Every expression of the dashboards and rules, on a real Prometheus that holds every series of the catalogue, native
 * histograms included: it parses, it answers, and what it answers is the truth that the data was made from.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { generatorAlerts, loadAlerts, targetAlerts } from "../../deploy/grafana/rules/alerts.ts";
import { recordingRules } from "../../deploy/grafana/rules/recording.ts";
import { type Expression, expressionsOf, filledIn, readDashboards } from "../support/dashboards.ts";
import { prometheusIsMissing, receiverFlags, startPrometheus } from "../support/prometheus.ts";
import { type AnsweredSeries, formatQuery, queryAt } from "../support/prometheus-client.ts";
import { recordRules } from "../support/recorded-rules.ts";
import { type WrittenSeries, writeSeries } from "../support/written-series.ts";
import { pushSeconds, seriesCatalogue, truth } from "../support/series-catalogue.ts";

/** So far back the data goes: an hour of drift, and an hour's slope before it. */
const pastSeconds = 2.5 * 3_600;
/** So far back it comes with every push, which covers the time shown; before that every half minute. */
const denseSeconds = 35 * 60;
const sliceSeconds = 10 * 60;

const expressions = Object.values(readDashboards()).flatMap(expressionsOf);

describe("dashboards and rules on Prometheus", { skip: prometheusIsMissing }, () => {
  const closers: (() => Promise<void> | void)[] = [];
  let port = 0;
  const endSeconds = Math.floor(Date.now() / 1_000);

  before(async () => {
    port = await startPrometheus({ after: (close) => closers.push(close) }, {}, receiverFlags);
    for (const slice of slices(endSeconds)) await writeSeries(port, slice);
    await recordRules(port, { start: endSeconds - 120, end: endSeconds });
  });
  after(async () => {
    for (const close of closers.reverse()) await close();
  });

  const valueOf = (found: readonly AnsweredSeries[]): number => Number(found[0]!.value![1]);
  const panel = (where: string): Expression => expressions.find((each) => each.where === where)!;
  const keyPanel = (title: string): Expression => panel(`lakh: key panels / ${title} / A`);
  const ask = (expression: Expression): Promise<AnsweredSeries[]> =>
    queryAt(port, filledIn(expression), endSeconds);

  for (const expression of expressions) {
    it(`answers: ${expression.where}`, async () => {
      await formatQuery(port, filledIn(expression));
      const found = await ask(expression);
      assert.ok(found.length > 0, filledIn(expression));
      for (const { value } of found) {
        if (value !== undefined) assert.ok(Number.isFinite(Number(value[1])), value[1]);
      }
    });
  }

  for (const { record, expr } of recordingRules) {
    it(`records ${record}`, async () => {
      await formatQuery(port, expr);
      assert.ok((await queryAt(port, record, endSeconds)).length > 0, expr);
    });
  }

  for (const { alert, expr } of [...loadAlerts, ...generatorAlerts, ...targetAlerts]) {
    it(`can be evaluated: ${alert}`, async () => {
      await formatQuery(port, expr);
      await queryAt(port, expr, endSeconds);
    });
  }

  it("finds the restart, the lack of memory and the starved pool, and nothing wrong with the run", async () => {
    const firing: string[] = [];
    for (const { alert, expr } of [...loadAlerts, ...generatorAlerts, ...targetAlerts]) {
      if ((await queryAt(port, expr, endSeconds)).length > 0) firing.push(alert);
    }
    assert.deepEqual(firing.sort(), [
      "LakhLoadNotReached",
      "LakhPoolStarved",
      "LakhTargetOutOfMemory",
      "LakhTargetRestarted",
    ]);
  });

  describe("the five key panels tell the truth", () => {
    const near = (actual: number, expected: number, relative: number): void =>
      assert.ok(Math.abs(actual / expected - 1) <= relative, `${actual}, not ${expected}`);

    it("requests/s", async () => near(valueOf(await ask(keyPanel("Requests/s"))), 400, 1e-6));
    it("p95, of all label sets together", async () =>
      // Schema 6 has buckets of 1.1 %, and the server interpolates inside of them.
      near(valueOf(await ask(keyPanel("p95"))), -truth.meanSeconds * Math.log(0.05), 0.015));
    it("error rate, as a share", async () =>
      near(valueOf(await ask(keyPanel("Error rate"))), truth.failureRatio, 1e-6));
    it("VUs", async () => near(valueOf(await ask(keyPanel("Active VUs"))), truth.vus, 1e-9));
    it("data transfer, both directions", async () => {
      near(valueOf(await ask(keyPanel("Data transfer"))), 4_000_000, 1e-6);
      near(valueOf(await ask(panel("lakh: key panels / Data transfer / B"))), 200_000, 1e-6);
    });
  });

  it("the endpoint table tells endpoints apart, and their errors", async () => {
    const table = "lakh: load test / Endpoints over the time shown";
    const column = async (refId: string): Promise<Record<string, number>> =>
      Object.fromEntries(
        (await ask(panel(`${table} / ${refId}`))).map(({ metric, value }) => [
          `${metric["method"]} ${metric["name"]}`,
          Number(value![1]),
        ]),
      );
    assert.deepEqual(rounded(await column("B"), 2), { "GET /videos": 250.2, "POST /login": 149.8 });
    assert.deepEqual(rounded(await column("C"), 4), {
      "GET /videos": 0.6255,
      "POST /login": 0.3745,
    });
    assert.deepEqual(rounded(await column("G"), 5), {
      "GET /videos": 0.0008,
      "POST /login": 0.00134,
    });
  });

  it("tells errors of 0.1 % from errors of 0.2 %, and says which they are", async () => {
    const kinds = await ask(panel("lakh: load test / Failed requests/s by kind / A"));
    const byKind = kinds.map(({ metric, value }) => [metric["error_code"], Number(value![1])]);
    assert.deepEqual(new Set(byKind.map(([code]) => code)), new Set(["1050", "1500"]));
    assert.ok(byKind.every(([, rate]) => Math.abs((rate as number) - 0.2) < 1e-6));
    const share = valueOf(
      await ask(panel("lakh: load test / Errors, share of what is allowed / A")),
    );
    assert.ok(Math.abs(share - 0.5) < 1e-6, String(share));
  });

  it("sees an error that comes alone, though what does not change is written once a minute", async () => {
    const rare = { testid: "rare", scenario: "s", name: "/", method: "GET" };
    const at = (secondsBefore: number): number => (endSeconds - secondsBefore) * 1_000;
    const often = Array.from({ length: 49 }, (_, index) => 240 - 5 * index);
    await writeSeries(port, [
      {
        labels: { __name__: "k6_http_reqs_total", ...rare, expected_response: "true" },
        points: often.map((before) => [at(before), 100 * (240 - before)]),
      },
      {
        labels: { __name__: "k6_http_reqs_total", ...rare, expected_response: "false" },
        points: [
          [at(125), 1],
          [at(65), 1],
          [at(10), 2],
        ],
      },
    ]);
    const { expr, step } = keyPanel("Error rate");
    const found = await queryAt(port, filledIn({ expr, step }, "rare"), endSeconds);
    const ratio = valueOf(found);
    assert.ok(ratio > 1 / 10_000 && ratio < 2 / 8_000, String(ratio));
  });

  it("asks of the run that is chosen and of no other", async () => {
    for (const { expr, step, where } of expressions) {
      // Alerts on the target belong to no run.
      if (!expr.includes("$testid") || expr.includes("ALERTS")) continue;
      const found = await queryAt(port, filledIn({ expr, step }, "another-run"), endSeconds);
      assert.deepEqual(found, [], `${where} answers for a run that is not there`);
    }
  });
});

function rounded(values: Readonly<Record<string, number>>, digits: number): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Number(value.toFixed(digits))]),
  );
}

/** The catalogue's data, in slices of time. */
function* slices(endSeconds: number): Generator<WrittenSeries[]> {
  const start = endSeconds - pastSeconds;
  for (let from = 0; from < pastSeconds; from += sliceSeconds) {
    const times: number[] = [];
    for (let at = from; at < from + sliceSeconds; at += pushSeconds) {
      const isDense = at >= pastSeconds - denseSeconds;
      if (isDense || at % 30 === 0) times.push(at);
    }
    // The last moment belongs to the last slice.
    if (from + sliceSeconds >= pastSeconds) times.push(pastSeconds);
    yield seriesCatalogue.flatMap(({ name, sets }) =>
      sets.map(([labels, valueAt]) => ({
        labels: { __name__: name, ...labels },
        points: times.map((at) => [(start + at) * 1_000, valueAt(at, pastSeconds - at)] as const),
      })),
    );
  }
}
