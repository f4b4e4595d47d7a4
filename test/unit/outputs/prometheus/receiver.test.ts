/** The whole output against receivers that answer well, badly, late, or not at all. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { Delivery } from "../../../../src/outputs/delivery.ts";
import { HttpPost } from "../../../../src/outputs/http-post.ts";
import { createPrometheusOutput } from "../../../../src/outputs/prometheus/prometheus.ts";
import { Receiver } from "../../../../src/outputs/prometheus/receiver.ts";
import { TagLabels } from "../../../../src/outputs/prometheus/labels.ts";
import { toNativeBuckets } from "../../../../src/outputs/prometheus/native-histogram.ts";
import {
  floatRow,
  histogramRow,
  RemoteSeries,
  type Row,
  RowParcel,
} from "../../../../src/outputs/prometheus/rows.ts";
import {
  createTagInterner,
  MetricAggregate,
  MetricRegistry,
  SampleStore,
} from "../../../../src/metrics/index.ts";
import { systemClock } from "../../../../src/base/clock.ts";
import snappy from "snappy";
import { outputBench } from "../../../support/outputs.ts";
import {
  acceptsVersion1,
  acceptsVersion2,
  type Answer,
  type FakeReceiver,
  labelsOf,
  type Received,
  startFakeReceiver,
} from "../../../support/remote-write.ts";

const probe = "lakh_native_histogram_probe";

const nameOf = (each: Received["series"][number]): string => labelsOf(each)["__name__"]!;

/** Requests with series of ours, the trial of histograms left out. */
const pushes = ({ received }: FakeReceiver): Received[] =>
  received.filter(({ series }) => series.length > 0 && nameOf(series[0]!) !== probe);

const answers =
  (status: number, text = "", headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(status, headers).end(text);

/** As Prometheus without the feature: 500 to a request with a native histogram. */
const withoutHistograms: Answer = (response, received) => {
  const has = received.series.some(({ histograms }) => histograms.length > 0);
  if (has) response.writeHead(500).end("native histograms are disabled\n");
  else acceptsVersion1(response, received);
};

/** A run of one request against the receiver, from start to stop; resolves with the log. */
async function runAgainst(
  url: string,
  env: Record<string, string> = {},
): Promise<readonly string[]> {
  const { context, lines } = outputBench({ env });
  const output = createPrometheusOutput(url, context);
  await output.start();
  const registry = new MetricRegistry();
  const store = new SampleStore(registry);
  store.series(registry.get("http_reqs")!, createTagInterner()).add(1);
  store.series(registry.get("http_req_duration")!, createTagInterner()).add(12);
  const totals = new MetricAggregate(registry);
  totals.merge(store.drain(), 0);
  output.addInterval!({ endWallMs: Date.now(), totals });
  await output.stop();
  return lines;
}

const named = (all: readonly Received[], name: string): Received["series"] =>
  all.flatMap(({ series }) => series.filter((each) => nameOf(each) === name));

describe("a receiver of remote write 1.0", () => {
  it("gets 1.0, with its headers, after 2.0 was tried and not stored", async (t) => {
    const fake = await startFakeReceiver(t);
    assert.deepEqual(await runAgainst(`${fake.url.replace("//", "//ann:pw@")}`), []);
    const [first] = fake.received;
    assert.equal(first!.version, 2);
    assert.deepEqual(first!.series, []);
    const pushed = pushes(fake);
    assert.ok(pushed.every(({ version }) => version === 1));
    const { headers, url } = pushed[0]!;
    assert.equal(url, "/api/v1/write");
    assert.equal(headers["content-type"], "application/x-protobuf");
    assert.equal(headers["content-encoding"], "snappy");
    assert.equal(headers["x-prometheus-remote-write-version"], "0.1.0");
    assert.equal(headers["user-agent"], "lakh/1.2.3");
    assert.equal(headers.authorization, `Basic ${Buffer.from("ann:pw").toString("base64")}`);
    assert.equal(named(pushed, "k6_http_reqs_total")[0]!.samples.at(-1)!.value, 1);
    assert.equal(named(pushed, "k6_http_req_duration_seconds")[0]!.histograms.at(-1)!.count_int, 1);
  });

  it("gets 1.0 when it refuses or fails over what it does not know", async (t) => {
    for (const status of [415, 400, 500]) {
      const answer: Answer = (response, received) => {
        if (received.version === 2) response.writeHead(status).end("what is this?");
        else acceptsVersion1(response, received);
      };
      const fake = await startFakeReceiver(t, answer);
      assert.deepEqual(await runAgainst(fake.url), []);
      assert.equal(named(pushes(fake), "k6_http_reqs_total").length > 0, true);
    }
  });
});

describe("a connection that the receiver lets go of between two pushes", () => {
  it("is made anew, and nobody is told", async (t) => {
    const { delivery, fake, lines } = await openReceiver(t);
    let isOver = false;
    fake.answer = (response, received) => {
      const isOurs = received.series.some((each) => nameOf(each) === "a");
      // As if it had closed the connection before the request came.
      if (isOurs && !isOver) response.socket!.destroy();
      else acceptsVersion1(response, received);
      isOver ||= isOurs;
    };
    delivery.add(new RowParcel([gauge("a", 1)]));
    await delivery.stop();
    assert.equal(delivery.counts.delivered, 1);
    assert.equal(delivery.counts.failedRequests, 0);
    assert.deepEqual(lines, []);
  });
});

describe("a run of several", () => {
  it("has the label of what it is a part of, beside its own id", async (t) => {
    const fake = await startFakeReceiver(t);
    const { context } = outputBench();
    const run = { ...context.run, partOf: { kind: "campaign", id: "c1" } as const };
    const output = createPrometheusOutput(fake.url, { ...context, run });
    await output.start();
    await output.stop();
    const [state] = named(pushes(fake), "lakh_run_state");
    const { campaign, testid } = labelsOf(state!);
    assert.deepEqual([campaign, testid], ["c1", run.id]);
  });

  it("bears the tag testid when the run has one", async (t) => {
    const fake = await startFakeReceiver(t);
    const { context } = outputBench();
    const run = { ...context.run, tags: { testid: "release-42" } };
    const output = createPrometheusOutput(fake.url, { ...context, run });
    await output.start();
    await output.stop();
    assert.equal(labelsOf(named(pushes(fake), "lakh_run_state")[0]!)["testid"], "release-42");
  });
});

describe("a receiver of remote write 2.0", () => {
  it("gets 2.0, and never numbers and histograms in one series", async (t) => {
    const fake = await startFakeReceiver(t, acceptsVersion2);
    assert.deepEqual(await runAgainst(fake.url), []);
    const pushed = pushes(fake);
    assert.ok(pushed.length > 0 && pushed.every(({ version }) => version === 2));
    assert.equal(
      pushed[0]!.headers["content-type"],
      "application/x-protobuf;proto=io.prometheus.write.v2.Request",
    );
    for (const { series } of pushed)
      for (const { samples, histograms } of series)
        assert.ok(samples.length === 0 || histograms.length === 0);
  });

  it("gets 1.0 from the moment on at which it no longer says what it wrote", async (t) => {
    const fake = await startFakeReceiver(t, (response, received) => {
      (pushes(fake).length === 0 ? acceptsVersion2 : acceptsVersion1)(response, received);
    });
    assert.deepEqual(await runAgainst(fake.url), []);
    const [first, again] = pushes(fake);
    assert.deepEqual([first!.version, again!.version], [2, 1]);
    assert.deepEqual(again!.series.map(nameOf), first!.series.map(nameOf));
  });
});

describe("a receiver that takes no native histograms", () => {
  it("gets gauges only, and the fix is said once", async (t) => {
    const fake = await startFakeReceiver(t, withoutHistograms);
    const lines = await runAgainst(fake.url);
    assert.equal(lines.length, 1);
    assert.match(lines[0]!, /^warning .*takes no native histograms.*--enable-feature=native-hist/u);
    const pushed = pushes(fake);
    assert.ok(
      pushed.every(({ series }) => series.every(({ histograms }) => histograms.length === 0)),
    );
    assert.equal(named(pushed, "k6_http_req_duration_p95").length > 0, true);
  });

  it("is not asked when nobody wants them", async (t) => {
    const fake = await startFakeReceiver(t, withoutHistograms);
    const env = { K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM: "false" };
    assert.deepEqual(await runAgainst(fake.url, env), []);
    assert.ok(fake.received.every(({ series }) => series.every((each) => nameOf(each) !== probe)));
  });

  it("may say so in the middle of a run", async (t) => {
    const { receiver, lines, fake } = await openReceiver(t);
    await receiver.send(new RowParcel([gauge("a", 1)]), new AbortController().signal);
    assert.equal(receiver.takesHistograms, true);
    fake.answer = withoutHistograms;
    const parcel = new RowParcel([gauge("a", 2), distribution("h")]);
    const reception = await receiver.send(parcel, new AbortController().signal);
    assert.deepEqual(reception, { kind: "taken" });
    assert.equal(receiver.takesHistograms, false);
    assert.equal(lines.length, 1);
  });
});

describe("what is no receiver, or lets nobody in", () => {
  const cases: Readonly<Record<string, readonly [answer: Answer, words: RegExp]>> = {
    "Prometheus without its flag": [
      answers(
        404,
        "remote write receiver needs to be enabled with --web.enable-remote-write-receiver\n",
      ),
      /answered 404.*the run goes on\. Start Prometheus with --web\.enable-remote-write-receiver/u,
    ],
    "a wrong password": [answers(401, "Unauthorized"), /answered 401.*K6_PROMETHEUS_RW_USERNAME/u],
    "a user who may not": [answers(403), /answered 403.*may not write/u],
    "a web page": [
      answers(200, "<html></html>", { "content-type": "text/html" }),
      /web page.*--out/u,
    ],
    "a login page elsewhere": [answers(302, "", { location: "https://sso/" }), /https:\/\/sso\//u],
  };
  for (const [what, [answer, words]] of Object.entries(cases)) {
    it(`is said once, with the fix, and asked no more: ${what}`, async (t) => {
      const fake = await startFakeReceiver(t, answer);
      const lines = await runAgainst(fake.url.replace("//", "//ann:geheim@"));
      assert.equal(lines.filter((line) => words.test(line)).length, 1, lines.join("\n"));
      assert.equal(fake.received.length, 1);
      assert.ok(!lines.join("").includes("geheim"));
    });
  }

  it("is said of what speaks no HTTP", async (t) => {
    const server = createServer((socket) => void socket.end("SSH-2.0-OpenSSH_9.2\r\n"));
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    t.after(() => void server.close());
    const lines = await runAgainst(`127.0.0.1:${(server.address() as AddressInfo).port}`);
    assert.match(lines[0]!, /^error .*does not speak HTTP.*--out prometheus=/u);
  });
});

describe("a receiver that is late, away or broken for a time", () => {
  it("is told of once, and nothing is lost when it comes back", async (t) => {
    let requests = 0;
    const fake = await startFakeReceiver(t, (response, received) => {
      if (requests++ < 4) response.writeHead(503).end("Service Unavailable");
      else acceptsVersion1(response, received);
    });
    const lines = await runAgainst(fake.url);
    assert.deepEqual(lines.length, 2, lines.join("\n"));
    assert.match(lines[0]!, /^warning .*answered 503: Service Unavailable; it is tried again/u);
    assert.match(lines[1]!, /^info .*takes samples again/u);
    assert.equal(named(pushes(fake), "k6_http_reqs_total")[0]!.samples.at(-1)!.value, 1);
  });

  it("is given up at the end, with what is lost and why", async (t) => {
    const { delivery, lines } = await openReceiver(t, () => undefined, { timeoutMs: 30 });
    delivery.add(new RowParcel([gauge("a", 1), gauge("b", 2)]));
    await delivery.stop();
    assert.match(lines[0]!, /^warning .*no answer within 0\.03 s; it is tried again/u);
    assert.match(lines.at(-1)!, /^error .*: 2 samples did not arrive: no answer within 0\.03 s$/u);
    assert.equal(lines.length, 2);
  });

  it("may stand behind something else for a while once it has answered", async (t) => {
    const { receiver, fake } = await openReceiver(t);
    const { signal } = new AbortController();
    await receiver.send(new RowParcel([gauge("a", 1)]), signal);
    fake.answer = answers(404, "default backend");
    const reception = await receiver.send(new RowParcel([gauge("a", 2)]), signal);
    assert.equal(reception.kind, "later");
  });
});

describe("a request that is turned down for what is in it", () => {
  /** Refuses every request with a series of the name "bad". */
  const refusesBad =
    (status: number, text: string): Answer =>
    (response, received) => {
      const isBad = received.series.some((each) => nameOf(each).startsWith("bad"));
      if (isBad) response.writeHead(status).end(text);
      else acceptsVersion1(response, received);
    };

  const many = (count: number, bad: readonly number[]): Row[] =>
    Array.from({ length: count }, (_, k) => gauge(bad.includes(k) ? `bad_${k}` : `good_${k}`, k));

  const stored = ({ received }: FakeReceiver, text: string): Set<string> =>
    new Set(
      received
        .filter(
          ({ series }) =>
            series.length > 0 && !series.some((each) => nameOf(each).startsWith(text)),
        )
        .flatMap(({ series }) => series.map(nameOf))
        .filter((name) => name.startsWith("good")),
    );

  for (const status of [400, 500]) {
    it(`loses the one series that is to blame, and names it (${status})`, async (t) => {
      const { delivery, lines, fake } = await openReceiver(
        t,
        refusesBad(status, "out of bounds\n"),
      );
      delivery.add(new RowParcel(many(100, [37])));
      await delivery.stop();
      assert.deepEqual(delivery.counts.delivered, 99);
      assert.deepEqual(delivery.counts.lost, 1);
      assert.equal(stored(fake, "bad").size, 99);
      const told = lines.find((line) => line.includes("these samples are dropped"))!;
      assert.match(told, new RegExp(`answered ${status}: out of bounds \\(bad_37\\{\\}\\)`, "u"));
    });
  }

  it("is tried once more before: what was so may be so no longer", async (t) => {
    let refusals = 0;
    const { delivery, lines } = await openReceiver(t, (response, received) => {
      const isOurs = received.series.some((each) => nameOf(each) === "a");
      if (isOurs && refusals++ === 0) response.writeHead(400).end("out of order sample");
      else acceptsVersion1(response, received);
    });
    delivery.add(new RowParcel([gauge("a", 1)]));
    await delivery.stop();
    assert.equal(delivery.counts.delivered, 1);
    assert.deepEqual(lines, []);
  });

  it("is given up as a whole after so many tries when all of it is bad", async (t) => {
    const { delivery, fake } = await openReceiver(t, refusesBad(400, "out of bounds"));
    delivery.add(new RowParcel(Array.from({ length: 2_000 }, (_, k) => gauge(`bad_${k}`, k))));
    await delivery.stop();
    assert.equal(delivery.counts.lost, 2_000);
    assert.ok(fake.received.length < 150, `${fake.received.length} requests`);
  });

  it("is halved when it is too large", async (t) => {
    const { delivery } = await openReceiver(t, (response, received) => {
      if (received.series.length > 10) response.writeHead(413).end("too large");
      else acceptsVersion1(response, received);
    });
    delivery.add(new RowParcel(many(40, [])));
    await delivery.stop();
    assert.deepEqual([delivery.counts.delivered, delivery.counts.lost], [40, 0]);
  });
});

describe("a receiver whose clock is another", () => {
  for (const [side, offsetMs] of [
    ["behind", -3_600_000],
    ["ahead of", 90_000],
  ] as const) {
    it(`${side} ours: gets samples by its own time, and that is said`, async (t) => {
      const fake = await startFakeReceiver(t, (response, received) => {
        response.setHeader("date", new Date(Date.now() + offsetMs).toUTCString());
        acceptsVersion1(response, received);
      });
      const lines = await runAgainst(fake.url);
      assert.equal(lines.length, 1);
      assert.match(lines[0]!, new RegExp(`^warning .*clock is \\d+ s ${side} this machine's`, "u"));
      const [series] = named(pushes(fake), "k6_http_reqs_total");
      const aheadMs = series!.samples.at(-1)!.timestamp - (Date.now() + offsetMs);
      // The header has whole seconds.
      assert.ok(aheadMs <= 1_000, `${aheadMs} ms ahead of it`);
    });
  }
});

function gauge(name: string, value: number): Row {
  const series = new RemoteSeries({ name, tags: new TagLabels({}) }, "gauge");
  return floatRow(series, [{ timeMs: Math.floor(systemClock.wallMs()), value }]);
}

function distribution(name: string): Row {
  const series = new RemoteSeries({ name, tags: new TagLabels({}) }, "histogram");
  const positive = toNativeBuckets([0, 1]);
  const negative = toNativeBuckets([]);
  const histogram = { schema: 0, count: 1, sum: 1, zeroCount: 0, positive, negative };
  return histogramRow(series, [{ timeMs: Math.floor(systemClock.wallMs()), histogram }]);
}

interface OpenReceiver {
  readonly receiver: Receiver;
  readonly delivery: Delivery<RowParcel>;
  readonly fake: FakeReceiver;
  readonly lines: readonly string[];
}

/** The sending half alone, with short times. */
async function openReceiver(
  t: TestContext,
  answer: Answer = acceptsVersion1,
  { timeoutMs = 5_000 }: { timeoutMs?: number } = {},
): Promise<OpenReceiver> {
  const fake = await startFakeReceiver(t, answer);
  const { context, lines } = outputBench();
  const url = new URL(`${fake.url}/api/v1/write`);
  const http = new HttpPost({ url, headers: {}, timeoutMs });
  t.after(() => http.close());
  const receiver = new Receiver({
    post: (body, headers, signal) => http.send(body, headers, signal),
    compress: (body) => snappy.compress(body),
    description: "prometheus",
    clock: systemClock,
    logger: context.logger,
    startMs: systemClock.wallMs(),
    wantsHistograms: true,
    probeLabels: {},
  });
  const delivery = new Delivery<RowParcel>({
    description: "prometheus",
    send: (parcel, signal) => receiver.send(parcel, signal),
    logger: context.logger,
    stopGraceMs: 2_000,
  });
  return { receiver, delivery, fake, lines };
}
