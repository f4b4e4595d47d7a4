import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { describe, it, type TestContext } from "node:test";
import { LakhError } from "../../../../src/base/errors.ts";
import { DatagramPacker } from "../../../../src/outputs/statsd/datagrams.ts";
import { openOutputs } from "../../../../src/outputs/index.ts";
import { parseStatsdOptions } from "../../../../src/outputs/statsd/options.ts";
import { freePort } from "../../../support/free-port.ts";
import { outputBench, type Recording } from "../../../support/outputs.ts";
import { startUdpReceiver, type UdpReceiver } from "../../../support/statsd-lines.ts";

/** What a receiver got of one run; `expected` datagram lines are waited for. */
async function sent(
  t: TestContext,
  output: string,
  {
    record,
    env = {},
    expected,
  }: {
    readonly record: (recording: Recording) => void;
    readonly env?: Readonly<Record<string, string>>;
    readonly expected: number;
  },
): Promise<UdpReceiver> {
  const receiver = await startUdpReceiver(t);
  const bench = outputBench({ env: { K6_STATSD_PUSH_INTERVAL: "1h", ...env } });
  const outputs = await openOutputs([`${output}=127.0.0.1:${receiver.port}`], bench.context);
  bench.log(outputs, record);
  await outputs.stop();
  const lineCount = (): number =>
    receiver.datagrams.reduce((sum, each) => sum + each.split("\n").length, 0);
  while (lineCount() < expected) await wait(2);
  assert.equal(lineCount(), expected, receiver.datagrams.join("\n"));
  assert.deepEqual(bench.lines, []);
  return receiver;
}

const sortedLines = ({ datagrams }: UdpReceiver): string[] =>
  datagrams.flatMap((datagram) => datagram.split("\n")).sort();

describe("--out statsd", () => {
  it("has the names and kinds of k6's former output, and two counters more a rate", async (t) => {
    const receiver = await sent(t, "statsd", {
      expected: 8,
      record: ({ add }) => {
        add("http_reqs", 1, { method: "GET", url: "http://h/1" });
        add("http_reqs", 1, { method: "POST", url: "http://h/2" });
        add("http_req_duration", 12.3456789, { method: "GET" });
        add("my_trend", 3);
        add("vus", 4);
        add("vus", 5);
        for (const failed of [1, 0, 0]) add("http_req_failed", failed);
        add("data_sent", 2_000_000_000_000);
      },
    });
    assert.deepEqual(sortedLines(receiver), [
      "k6.data_sent:2000000000000|c",
      "k6.http_req_duration:12.345679|ms",
      "k6.http_req_failed.nonzero:1|c",
      "k6.http_req_failed.total:3|c",
      "k6.http_req_failed:1|c",
      "k6.http_reqs:2|c",
      "k6.my_trend:3|ms",
      "k6.vus:5|g",
    ]);
  });

  it("counts checks by name, passed and failed", async (t) => {
    const receiver = await sent(t, "statsd", {
      expected: 7,
      record: ({ add }) => {
        for (const passed of [1, 1, 0]) add("checks", passed, { check: "status: is 200|ok" });
        add("checks", 1, { check: "second" });
      },
    });
    assert.deepEqual(receiver.sums(), {
      "k6.checks": 3,
      "k6.checks.total": 4,
      "k6.checks.nonzero": 3,
      "k6.check.status_is_200_ok.pass": 2,
      "k6.check.status_is_200_ok.fail": 1,
      "k6.check.second.pass": 1,
      "k6.check.second.fail": 0,
    });
  });

  it("sets a gauge below zero by way of zero, since a sign is a step to StatsD", async (t) => {
    const receiver = await sent(t, "statsd", {
      expected: 2,
      record: ({ add }) => add("vus", -3),
    });
    assert.deepEqual(receiver.datagrams, ["k6.vus:0|g\nk6.vus:-3|g"]);
  });

  it("leaves out what a timer cannot hold, and says so once", async (t) => {
    const receiver = await startUdpReceiver(t);
    const bench = outputBench();
    const outputs = await openOutputs([`statsd=127.0.0.1:${receiver.port}`], bench.context);
    bench.log(outputs, ({ add }) => {
      for (const value of [-1, 2, -3]) add("my_trend", value);
    });
    await outputs.stop();
    assert.deepEqual(
      bench.lines.map((line) => line.replace(/\d{4,5}\)/u, "PORT)")),
      [
        "warning output statsd (127.0.0.1:PORT): StatsD has no negative times: values below zero are left out",
        "error output statsd (127.0.0.1:PORT): 2 samples did not arrive",
      ],
    );
    while (receiver.datagrams.length === 0) await wait(2);
    assert.deepEqual(receiver.datagrams, ["k6.my_trend:2|ms"]);
  });

  it("sends tags when told to, without the blocked ones", async (t) => {
    const receiver = await sent(t, "statsd", {
      expected: 1,
      env: { K6_STATSD_ENABLE_TAGS: "true", K6_STATSD_NAMESPACE: "load.test." },
      record: ({ add }) => {
        for (const url of ["http://h/1", "http://h/2"])
          add("iterations", 1, { url, name: "http://h/a,b|c#d e", empty: "", "a:b": "c" });
      },
    });
    assert.deepEqual(receiver.datagrams, [
      "load.test.iterations:2|c|#a_b:c,name:http://h/a_b_c_d_e",
    ]);
  });

  it("puts as many lines into a datagram as it is told, and no more than the network carries", async (t) => {
    const many = await sent(t, "statsd", {
      expected: 500,
      env: { K6_STATSD_BUFFER_SIZE: "1000" },
      record: ({ add }) => {
        for (let n = 0; n < 500; n++) add("my_trend", n);
      },
    });
    assert.ok(many.datagrams.every((datagram) => Buffer.byteLength(datagram) <= 1_432));
    assert.ok(many.datagrams.length < 10);
    const few = await sent(t, "statsd", {
      expected: 41,
      record: ({ add }) => {
        for (let n = 0; n < 41; n++) add("my_trend", n);
      },
    });
    assert.deepEqual(
      few.datagrams.map((datagram) => datagram.split("\n").length).sort((a, b) => a - b),
      [1, 20, 20],
    );
  });
});

describe("--out dogstatsd", () => {
  it("has tags, and distributions of several values a line", async (t) => {
    const receiver = await sent(t, "dogstatsd", {
      expected: 3,
      record: ({ add }) => {
        for (const value of [1, -2.5, 3])
          add("http_req_duration", value, { method: "GET", url: "u" });
        add("http_req_duration", 4, { method: "POST" });
        add("vus", -3);
      },
    });
    assert.deepEqual(sortedLines(receiver), [
      "k6.http_req_duration:1:-2.5:3|d|#method:GET",
      "k6.http_req_duration:4|d|#method:POST",
      "k6.vus:-3|g",
    ]);
  });

  it("loses no value when lines and datagrams are full", async (t) => {
    const receiver = await startUdpReceiver(t);
    const bench = outputBench();
    const outputs = await openOutputs([`dogstatsd=127.0.0.1:${receiver.port}`], bench.context);
    const tags = { name: "n".repeat(150), long: "ä".repeat(500) };
    bench.log(outputs, ({ add }) => {
      for (let n = 0; n < 3_000; n++) add("my_trend", n + 0.125, tags);
    });
    await outputs.stop();
    const values = (): number[] => receiver.lines().flatMap((line) => line.values);
    while (values().length < 3_000) await wait(2);
    assert.deepEqual(
      values().sort((a, b) => a - b),
      Array.from({ length: 3_000 }, (_, n) => n + 0.125),
    );
    for (const datagram of receiver.datagrams) assert.ok(Buffer.byteLength(datagram) <= 1_432);
  });
});

describe("UDP", () => {
  it("is told when nobody listens, and says it once", async () => {
    const bench = outputBench({ env: { K6_STATSD_PUSH_INTERVAL: "5ms" } });
    const outputs = await openOutputs([`statsd=127.0.0.1:${await freePort()}`], bench.context);
    for (let n = 0; n < 5; n++) {
      bench.log(outputs, ({ add }) => add("iterations", 1));
      await wait(20);
    }
    await outputs.stop();
    const [warning, error, ...more] = bench.lines;
    assert.match(
      warning!,
      /^warning .*: nobody listens at UDP port \d+ there; these samples are dropped/u,
    );
    assert.match(error!, /^error .*: [1-5] samples did not arrive: nobody listens/u);
    assert.deepEqual(more, []);
  });

  it("says once that a name does not exist", async () => {
    const bench = outputBench({ stopGraceMs: 100 });
    const outputs = await openOutputs(["statsd=no-such-host.invalid"], bench.context);
    bench.log(outputs, ({ add }) => add("iterations", 1));
    await outputs.stop();
    assert.ok(bench.lines.length === 1 || bench.lines.length === 2);
    assert.match(
      bench.lines.at(-1)!,
      /^error output statsd \(no-such-host\.invalid:8125\): 1 samples did not arrive: ./u,
    );
  });
});

describe("datagrams", () => {
  it("give a line that is too long one of its own", () => {
    const packer = new DatagramPacker(20);
    for (const line of ["a", "x".repeat(2_000), "b", "c"]) packer.add(line);
    assert.deepEqual(
      packer.take().map((datagram) => datagram.toString()),
      ["a", "x".repeat(2_000), "b\nc"],
    );
    assert.deepEqual(packer.take(), []);
  });
});

describe("options of --out statsd", () => {
  it("are those of k6's former output", () => {
    const { hasTags, blockedTags, ...options } = parseStatsdOptions("statsd", "", {});
    assert.deepEqual(options, {
      dialect: "statsd",
      host: "localhost",
      port: 8_125,
      namespace: "k6.",
      pushIntervalMs: 1_000,
      bufferSize: 20,
    });
    assert.equal(hasTags, false);
    assert.deepEqual([...blockedTags], ["vu", "iter", "url"]);
    assert.equal(parseStatsdOptions("dogstatsd", "", {}).hasTags, true);
  });

  it("take an address in the argument, which goes before the variable", () => {
    const addressOf = (argument: string, env = {}): string => {
      const { host, port } = parseStatsdOptions("statsd", argument, env);
      return `${host} ${port}`;
    };
    assert.equal(addressOf("", { K6_STATSD_ADDR: "h:1" }), "h 1");
    assert.equal(addressOf("udp://other:2", { K6_STATSD_ADDR: "h:1" }), "other 2");
    assert.equal(addressOf("[::1]:9"), "::1 9");
    assert.equal(addressOf("h"), "h 8125");
  });

  it("are refused with the place of the mistake", () => {
    const cases: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
      ["h:99999", {}, /"h:99999" is no address/u],
      ["http://h:1", {}, /is no address/u],
      ["", { K6_STATSD_BUFFER_SIZE: "0" }, /K6_STATSD_BUFFER_SIZE is "0"/u],
      ["", { K6_STATSD_PUSH_INTERVAL: "-1s" }, /K6_STATSD_PUSH_INTERVAL is "-1s"/u],
      ["", { K6_STATSD_ENABLE_TAGS: "yes" }, /K6_STATSD_ENABLE_TAGS is "yes"/u],
    ];
    for (const [argument, env, message] of cases) {
      assert.throws(
        () => parseStatsdOptions("statsd", argument, env),
        (error) =>
          error instanceof LakhError &&
          error.code === "OUTPUT_ARGUMENT" &&
          message.test(error.message),
      );
    }
  });
});
