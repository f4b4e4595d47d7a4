import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LakhError } from "../../../src/base/errors.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import type { LakhConfig, ResolvedConfig } from "../../../src/config/index.ts";

const file = "/project/lakh.config.ts";
const parse = (config: LakhConfig): ResolvedConfig => parseConfig(config, file);

/** The lines of the message after its first; `config` is what no compiler has seen. */
function faultsOf(config: unknown): string[] {
  try {
    parseConfig(config, file);
  } catch (error) {
    assert.ok(error instanceof LakhError);
    assert.equal(error.code, "LAKH_CONFIG_INVALID");
    assert.equal(error.exitCode, 104);
    const [first, ...lines] = error.message.split("\n");
    assert.equal(first, `${file} is not valid:`);
    return lines.map((line) => line.trim());
  }
  return assert.fail("it was accepted");
}

describe("a config file that says everything", () => {
  const resolved = parse({
    script: "load/journey.ts",
    env: { TOKEN: "s3cret", LIMIT: 5, DEBUG: false, MISSING: undefined },
    target: { url: "https://staging.example.com", allowedHosts: ["staging.example.com"], cores: 4 },
    audience: { dau: 100_000, requestsPerSession: 20, concurrencyShare: "5%", growth: 1.5 },
    journeys: [
      { name: "browse", weight: 9 },
      { name: "buy", exec: "checkout" },
    ],
    objectives: {
      p95: "300ms",
      latency: { "p(99.9)": "2s", p99: 500 },
      errorRate: "0.1%",
      requestsPerSecond: { min: 400, max: 500 },
      cpu: 0.7,
      memory: "not judged",
      endpoints: { "GET /home": { p95: 100 }, search: { errorRate: 0.01 } },
    },
    phases: [{ name: "smoke", users: 5, duration: "1m30s", warmUp: 500, objectives: { p95: 800 } }],
    observe: [
      { metrics: "http://10.0.0.7:9464/metrics", headers: { authorization: "Bearer x" } },
      { process: 4711 },
      { prometheus: "http://prometheus:9090", preset: "kubernetes", selector: { pod: "api-.*" } },
    ],
    outputs: ["prometheus=http://prometheus:9090"],
  });

  it("is a script relative to the file's folder", () => {
    assert.equal(resolved.script, "/project/load/journey.ts");
    assert.equal(parse({ script: "/abs/a.js" }).script, "/abs/a.js");
    assert.equal(parse({ script: "https://example.com/a.js" }).script, "https://example.com/a.js");
  });

  it("sets variables as texts, BASE_URL to the target, and leaves out what is undefined", () => {
    assert.deepEqual(resolved.env, {
      BASE_URL: "https://staging.example.com",
      TOKEN: "s3cret",
      LIMIT: "5",
      DEBUG: "false",
    });
    const own = parse({ target: { url: "http://a" }, env: { BASE_URL: "http://a/v1" } });
    assert.deepEqual(own.env, { BASE_URL: "http://a/v1" });
  });

  it("takes shares as percentages, to the digit", () => {
    assert.equal(resolved.audience.concurrencyShare, 0.05);
    assert.equal(resolved.objectives.overall.errorShare, 0.001);
    assert.deepEqual(Object.keys(resolved.audience).sort(), [
      "concurrencyShare",
      "dau",
      "growth",
      "requestsPerSession",
    ]);
  });

  it("names a journey's function after the journey, and weighs it 1", () => {
    assert.deepEqual(resolved.journeys, [
      { name: "browse", exec: "browse", weight: 9 },
      { name: "buy", exec: "checkout", weight: 1 },
    ]);
  });

  it("orders percentiles and has durations in milliseconds", () => {
    assert.deepEqual(resolved.objectives.overall, {
      latency: [
        { share: 0.95, limitMs: 300 },
        { share: 0.99, limitMs: 500 },
        { share: 0.999, limitMs: 2_000 },
      ],
      errorShare: 0.001,
      requestsPerSecond: { min: 400, max: 500 },
      cpuShare: 0.7,
      memoryStable: false,
    });
  });

  it("splits an endpoint into method and name", () => {
    assert.deepEqual(resolved.objectives.endpoints, [
      {
        endpoint: "GET /home",
        method: "GET",
        name: "/home",
        latency: [{ share: 0.95, limitMs: 100 }],
        errorShare: null,
      },
      { endpoint: "search", method: undefined, name: "search", latency: [], errorShare: 0.01 },
    ]);
  });

  it("keeps phases and sources in order", () => {
    assert.deepEqual(resolved.phases, [
      {
        name: "smoke",
        users: 5,
        durationMs: 90_000,
        warmUpMs: 500,
        objectives: { overall: { latency: [{ share: 0.95, limitMs: 800 }] }, endpoints: [] },
      },
    ]);
    assert.deepEqual(
      resolved.observe.map((source) => Object.keys(source)[0]),
      ["metrics", "process", "prometheus"],
    );
    assert.deepEqual(resolved.outputs, ["prometheus=http://prometheus:9090"]);
  });
});

describe("a config file that says nothing", () => {
  const resolved = parse({});

  it("states no objective, so that the defaults are judged", () => {
    assert.deepEqual(resolved.objectives, { overall: {}, endpoints: [] });
  });

  it("leaves the phases to the campaign", () => {
    assert.equal(resolved.phases, undefined);
  });
});

describe("objectives", () => {
  const overall = (objectives: LakhConfig["objectives"]): unknown =>
    parse({ objectives }).objectives.overall;

  it("that are not judged are null, which is not the same as left out", () => {
    assert.deepEqual(overall({ errorRate: "not judged" }), { errorShare: null });
    assert.deepEqual(overall({ requestsPerSecond: "not judged" }), { requestsPerSecond: null });
    assert.deepEqual(overall({ cpu: "not judged" }), { cpuShare: null });
    assert.deepEqual(overall({ latency: "not judged" }), { latency: [] });
    assert.deepEqual(overall({ memory: "stable" }), { memoryStable: true });
  });

  it("take one rate as the least that must be reached", () => {
    assert.deepEqual(overall({ requestsPerSecond: 400 }), {
      requestsPerSecond: { min: 400, max: null },
    });
  });

  it("that contradict each other are refused", () => {
    assert.deepEqual(faultsOf({ objectives: { p95: "300ms", p99: "200ms" } }), [
      "objectives: expected limits that grow with the percentile, not p99 below 200 ms beside p95 below 300 ms",
    ]);
    assert.match(
      faultsOf({ objectives: { p95: 300, latency: { p95: 200 } } })[0]!,
      /each percentile once, not p95 twice/u,
    );
    assert.match(
      faultsOf({ objectives: { p95: 300, latency: "not judged" } })[0]!,
      /"not judged" only without p95 and p99/u,
    );
    assert.match(
      faultsOf({ objectives: { requestsPerSecond: { min: 500, max: 400 } } })[0]!,
      /^objectives\.requestsPerSecond: expected/u,
    );
  });
});

describe("a field that is wrong", () => {
  const cases: readonly (readonly [unknown, string])[] = [
    [
      { audience: { dau: "100k" } },
      'audience.dau: expected a number of daily users above 0, but is "100k"',
    ],
    [{ audiense: {} }, 'audiense: unknown field; did you mean "audience"?'],
    [{ objectives: { p59: 300 } }, 'objectives.p59: unknown field; did you mean "p95"?'],
    [
      { objectives: { endpoints: { "GET /home": { p9: 1 } } } },
      'objectives.endpoints["GET /home"].p9: unknown field; did you mean "p95"?',
    ],
    [
      { target: { hosts: [] } },
      "target.hosts: unknown field; the fields here are url, allowedHosts, cores",
    ],
    [
      { phases: [{ name: "smoke", users: 5, duration: "5 minutes" }] },
      'phases[0].duration: expected a duration above 0 such as "30m", or a number of milliseconds, but is "5 minutes"',
    ],
    [
      { phases: [{ name: "smoke", duration: "5m" }] },
      "phases[0].users: expected a whole number of users above 0, but it is missing",
    ],
    [
      { objectives: { cpu: 70 } },
      'objectives.cpu: expected a share from 0 to 1 (0.7, or "70%"), or "not judged", but is 70',
    ],
    [
      { objectives: { latency: { slow: 5 } } },
      'objectives.latency.slow: expected a percentile such as "p95" or "p99.9" as the name, but is 5',
    ],
    [
      { journeys: [{ name: "a" }, { name: "a" }] },
      'journeys[1].name: expected a name of its own, but is "a"',
    ],
    [
      { objectives: { errorRate: "0,1%" } },
      'objectives.errorRate: expected a share from 0 to 1 (0.001, or "0.1%"), or "not judged", but is "0,1%"',
    ],
    [{ target: 5 }, "target: expected an object of fields, but is 5"],
    [
      { target: { url: "staging.example.com" } },
      'target.url: expected an http or https URL such as "https://staging.example.com", but is "staging.example.com"',
    ],
    [
      { target: { allowedHosts: ["https://a.example.com"] } },
      'target.allowedHosts[0]: expected a host without scheme, port and path such as "staging.example.com", but is "https://a.example.com"',
    ],
    [
      { outputs: "prometheus" as never },
      'outputs: expected a list of outputs, but is "prometheus"',
    ],
    [
      { observe: [{ proces: 4 }] },
      "observe[0]: expected { metrics: URL }, { process: PID } or { prometheus: URL, preset }",
    ],
    [
      { observe: [{ process: "4" }] },
      'observe[0].process: expected the id of a process, but is "4"',
    ],
    [
      { observe: [{ prometheus: "http://p:9090", presets: "jvm" }] },
      'observe[0].presets: unknown field; did you mean "preset"?',
    ],
    [
      { audience: { peakWindowShare: 1.5 } },
      'audience.peakWindowShare: expected a share from 0 to 1 (0.6, or "60%"), but is 1.5',
    ],
    [null, "the config: expected an object of fields, but is null"],
  ];
  for (const [config, line] of cases)
    it(`is named: ${line.slice(0, 60)}`, () => assert.deepEqual(faultsOf(config), [line]));

  it("is named beside all others", () => {
    assert.equal(faultsOf({ script: 1, env: 1, phases: 1 }).length, 3);
  });

  it("does not show its value when it is a secret", () => {
    const lines = faultsOf({
      env: { TOKEN: ["s3cret"], "bad-name": "s3cret" },
      target: { url: "https://user:s3cret@example.com" },
      observe: [{ metrics: "http://a/metrics", headers: { authorization: 53_637 } }],
    });
    assert.equal(lines.length, 4);
    for (const line of lines) assert.doesNotMatch(line, /s3cret|53637/u);
  });
});

it("hosts may be addresses", () => {
  const allowedHosts = ["10.0.0.7", "::1", "[::1]", "localhost"];
  assert.deepEqual(parse({ target: { allowedHosts } }).target.allowedHosts, allowedHosts);
  assert.equal(faultsOf({ target: { allowedHosts: ["*.example.com", "a:8080", ""] } }).length, 3);
});
