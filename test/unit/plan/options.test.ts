import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { OptionFields, OptionLayerName } from "../../../src/plan/index.ts";
import {
  mergeLayers,
  mergeOptions,
  optionsFromEnv,
  parseOptions,
} from "../../../src/plan/index.ts";
import { optionFields, optionTable } from "../../../src/plan/option-table.ts";

function values(raw: unknown, layer: OptionLayerName = "script"): Partial<OptionFields> {
  return parseOptions(raw, layer).values;
}

function fromEnv(name: string, text: string): Partial<OptionFields> {
  return optionsFromEnv({ [name]: text }).values;
}

describe("the table", () => {
  test("has the environment variables and flags of k6", () => {
    const names = (field: keyof OptionFields): (string | null)[] => [
      optionTable[field].env,
      optionTable[field].flag,
    ];
    assert.deepEqual(names("vus"), ["K6_VUS", "--vus"]);
    assert.deepEqual(names("stages"), ["K6_STAGES", "--stage"]);
    assert.deepEqual(names("insecureSkipTLSVerify"), [
      "K6_INSECURE_SKIP_TLS_VERIFY",
      "--insecure-skip-tls-verify",
    ]);
    assert.deepEqual(names("noVUConnectionReuse"), [
      "K6_NO_VU_CONNECTION_REUSE",
      "--no-vu-connection-reuse",
    ]);
    assert.deepEqual(names("blacklistIPs"), ["K6_BLACKLIST_IPS", "--blacklist-ip"]);
    assert.deepEqual(names("localIPs"), ["K6_LOCAL_IPS", "--local-ips"]);
    assert.deepEqual(names("minIterationDurationMs"), [
      "K6_MIN_ITERATION_DURATION",
      "--min-iteration-duration",
    ]);
    assert.deepEqual(names("executionSegment"), [null, "--execution-segment"]);
    assert.deepEqual(names("noCookiesReset"), ["K6_NO_COOKIES_RESET", null]);
    assert.deepEqual(names("setupTimeoutMs"), ["K6_SETUP_TIMEOUT", null]);
    assert.deepEqual(names("summaryTrendStats"), [
      "K6_SUMMARY_TREND_STATS",
      "--summary-trend-stats",
    ]);
    assert.deepEqual(names("handleSummaryTimeoutMs"), ["K6_HANDLE_SUMMARY_TIMEOUT", null]);
  });

  test("has defaults that its own readers accept", () => {
    for (const field of optionFields) {
      const { kind, fallback, k6Name } = optionTable[field];
      if (fallback !== null)
        assert.notEqual(kind.fromJson(kind.toK6(fallback as never)), undefined, k6Name);
    }
  });
});

describe("script options", () => {
  test("reads every kind of value", () => {
    const raw = {
      vus: "2",
      duration: "1m30s",
      setupTimeout: 1_500,
      noSetup: true,
      stages: [{ duration: "10s", target: 5 }, { target: 3 }, { duration: 500 }],
      tags: { team: "a" },
      hosts: { "api.test": "127.0.0.1:80", "*.six": "[::1]:443", six: "::1" },
      blacklistIPs: ["10.0.0.0/8", "::1/128", "1.2.3.4/32"],
      thresholds: {
        m: ["p(95)<300", { threshold: "avg<1", abortOnFail: true, delayAbortEval: "5s" }],
      },
      summaryTrendStats: ["avg", "p(99.9)", "count"],
      summaryTimeUnit: "ms",
      systemTags: ["status", "vu"],
      dns: { ttl: "1m", policy: "any" },
      ext: { loadimpact: { projectID: 1 } },
    };
    assert.deepEqual(values(raw), {
      vus: 2,
      durationMs: 90_000,
      setupTimeoutMs: 1_500,
      noSetup: true,
      stages: [
        { durationMs: 10_000, target: 5 },
        { durationMs: 500, target: null },
      ],
      tags: { team: "a" },
      hosts: raw.hosts,
      blacklistIPs: raw.blacklistIPs,
      thresholds: {
        m: [
          { source: "p(95)<300", abortOnFail: false, delayAbortEvalMs: 0 },
          { source: "avg<1", abortOnFail: true, delayAbortEvalMs: 5_000 },
        ],
      },
      summaryTrendStats: raw.summaryTrendStats,
      summaryTimeUnit: "ms",
      systemTags: raw.systemTags,
      dns: { ttl: "1m", select: null, policy: "any" },
      ext: raw.ext,
    });
  });

  test("takes null and undefined as not set, and an empty list of system tags as none", () => {
    assert.deepEqual(values({ vus: null, duration: undefined, systemTags: [] }), {
      systemTags: [],
    });
    assert.deepEqual(values(undefined), {});
    assert.deepEqual(values(null), {});
  });

  test("takes what k6 takes: strange numbers, fields of stages that are none, empty values", () => {
    assert.deepEqual(
      values({
        rps: -1,
        batch: -2,
        maxRedirects: -1,
        minIterationDuration: -5,
        teardownTimeout: "-1s",
      }),
      {
        rps: -1,
        batch: -2,
        maxRedirects: -1,
        minIterationDurationMs: -5,
        teardownTimeoutMs: -1_000,
      },
    );
    assert.deepEqual(
      values({ stages: [{ duration: "1s", target: 1, x: 2 }, { target: 3 }] }).stages,
      [{ durationMs: 1_000, target: 1 }],
    );
    assert.deepEqual(values({ systemTags: ["nope", "url"], tags: { a: null } }), {
      systemTags: ["url"],
      tags: { a: "" },
    });
    assert.deepEqual(values({ thresholds: { checks: null } }), { thresholds: { checks: [] } });
    // An archive of k6 holds these for an option that nobody set.
    assert.deepEqual(
      values({ dns: { ttl: null, select: null, policy: null }, features: null }),
      {},
    );
    assert.deepEqual(fromEnv("K6_STAGES", "1s").stages, [{ durationMs: 1_000, target: null }]);
  });

  test("reads stages that the command line has taken apart", () => {
    const stages = [{ duration: "1s", target: 5 }];
    assert.deepEqual(values({ stages }, "cli").stages, [{ durationMs: 1_000, target: 5 }]);
  });

  test("warns about unknown fields and suggests the nearest", () => {
    assert.deepEqual(parseOptions({ vus: 1, thresholdz: {}, qqqqqq: 1 }, "script").warnings, [
      'There were unknown fields in the options exported in the script: "thresholdz" (did you mean "thresholds"?), "qqqqqq"',
    ]);
    assert.deepEqual(parseOptions({ out: ["json"], collectors: {} }, "file").warnings, []);
    assert.equal(parseOptions({ consoleOutput: "x" }, "script").warnings.length, 1);
  });

  const wrong: readonly [Record<string, unknown>, RegExp, number][] = [
    [{ vus: 1.5 }, /^option "vus" \(script\) must be a whole number, but is 1\.5$/u, 104],
    [{ duration: "soon" }, /^option "duration" \(script\) must be a duration/u, 104],
    [{ throw: 1 }, /must be true or false, but is 1$/u, 104],
    [{ setupTimeout: "soon" }, /must be a duration/u, 104],
    [{ stages: { duration: "1s" } }, /must be a list of \{duration, target\}/u, 104],
    [{ scenarios: [] }, /must be an object, but is \[\]$/u, 104],
    [{ thresholds: { m: "p(95)<3" } }, /lists of 'expression'/u, 104],
    [{ thresholds: { m: [{ threshold: 1 }] } }, /lists of 'expression'/u, 104],
    [{ hosts: { a: "b" } }, /'ip' or 'ip:port'/u, 104],
    [{ hosts: { a: "1.2.3.4:70000" } }, /'ip' or 'ip:port'/u, 104],
    [{ hosts: { "a*.b": "1.2.3.4" } }, /a leading '\*'/u, 104],
    [{ hosts: { "a:x": "1.2.3.4" } }, /a leading '\*'/u, 104],
    [{ blacklistIPs: ["10.0.0.0/33"] }, /CIDR/u, 104],
    [{ blacklistIPs: ["10.0.0.1"] }, /CIDR/u, 104],
    [{ blockHostnames: ["a*b"] }, /list of host names/u, 104],
    [{ blockHostnames: ["a_b"] }, /list of host names/u, 104],
    [{ tags: { a: 1 } }, /names with texts/u, 104],
    [{ systemTags: [1] }, /must be a list of proto, /u, 104],
    [{ summaryTimeUnit: "h" }, /must be one of s, ms, us, but is "h"$/u, 104],
    [{ summaryTrendStats: ["p(101)"] }, /N from 0 to 100/u, 255],
    [{ dns: { ttl: 5 } }, /must be \{ttl/u, 104],
    [{ dns: { select: "x" } }, /must be \{ttl/u, 104],
    [{ dns: { policy: "preferipv4" } }, /must be \{ttl/u, 104],
  ];
  for (const [raw, message, exitCode] of wrong) {
    test(`refuses ${JSON.stringify(raw)}`, () => {
      assert.throws(() => parseOptions(raw, "script"), {
        code: "PLAN_OPTION_INVALID",
        message,
        exitCode,
      });
    });
  }

  test("lists all problems of a layer at once", () => {
    assert.throws(
      () => parseOptions({ vus: "x", throw: "yes" }, "file"),
      (error: Error) => error.message.split("\n").length === 2,
    );
  });

  test("refuses what is no object or no JSON", () => {
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    assert.throws(() => parseOptions("vus: 1", "script"), { code: "PLAN_OPTION_INVALID" });
    assert.throws(() => parseOptions(() => 1, "script"), { code: "PLAN_OPTION_INVALID" });
    assert.throws(() => parseOptions(cyclic, "script"), {
      code: "PLAN_OPTIONS_NOT_JSON",
      exitCode: 104,
    });
    assert.throws(() => parseOptions({ vus: 1n }, "script"), { code: "PLAN_OPTIONS_NOT_JSON" });
  });
});

describe("the environment", () => {
  test("reads texts of every kind", () => {
    assert.deepEqual(fromEnv("K6_VUS", "3"), { vus: 3 });
    assert.deepEqual(fromEnv("K6_DURATION", "500"), { durationMs: 500 });
    assert.deepEqual(fromEnv("K6_STAGES", "1s:1,1m:0"), {
      stages: [
        { durationMs: 1_000, target: 1 },
        { durationMs: 60_000, target: 0 },
      ],
    });
    assert.deepEqual(fromEnv("K6_TAGS", "a:b,c:d:e"), { tags: { a: "b", c: "d:e" } });
    assert.deepEqual(fromEnv("K6_DNS", "ttl=1m,select=first"), {
      dns: { ttl: "1m", select: "first", policy: null },
    });
    assert.deepEqual(fromEnv("K6_BLACKLIST_IPS", "10.0.0.0/8, 1.1.1.1/32"), {
      blacklistIPs: ["10.0.0.0/8", "1.1.1.1/32"],
    });
    assert.deepEqual(fromEnv("K6_NO_SETUP", "false"), { noSetup: false });
    assert.deepEqual(fromEnv("K6_VUS", ""), {});
  });

  for (const [name, text] of [
    ["K6_THROW", "1"],
    ["K6_THROW", "TRUE"],
    ["K6_TAGS", "a=b"],
    ["K6_VUS", "many"],
    ["K6_STAGES", "1s:x"],
    ["K6_DURATION", "soon"],
    ["K6_DNS", "5m"],
    ["K6_DNS", "foo=1"],
    ["K6_DNS", "ttl="],
    ["K6_LOCAL_IPS", "x"],
    ["K6_LOCAL_IPS", "127.0.0.2, 127.0.0.3"],
    ["K6_LOCAL_IPS", "127.0.0.4-127.0.0.2"],
    ["K6_LOCAL_IPS", "127.0.0.1/33"],
    ["K6_BLACKLIST_IPS", "10.0.0.1"],
    ["K6_BLOCK_HOSTNAMES", "a*b"],
  ] as const) {
    test(`refuses ${name}=${text}`, () => {
      assert.throws(() => optionsFromEnv({ [name]: text }), {
        exitCode: 104,
        message: new RegExp(`^environment variable ${name} must be `, "u"),
      });
    });
  }

  test("says of variables without effect that they have none", () => {
    const { values: set, warnings } = optionsFromEnv({ K6_THRESHOLDS: "x", K6_HOSTS: "y" });
    assert.deepEqual(set, {});
    assert.deepEqual(
      warnings.map((line) => line.split(" ")[0]),
      ["K6_THRESHOLDS", "K6_HOSTS"],
    );
  });
});

describe("flags", () => {
  test("read texts, repeated texts, bare flags and ready values", () => {
    const raw = {
      vus: "10",
      duration: "5s",
      stages: ["1s:1", "2s:0"],
      tags: ["a=b,c", "d=e=f"],
      noSetup: true,
      blockHostnames: ["*.a.com,b.com", "c.com"],
    };
    assert.deepEqual(values(raw, "cli"), {
      vus: 10,
      durationMs: 5_000,
      stages: [
        { durationMs: 1_000, target: 1 },
        { durationMs: 2_000, target: 0 },
      ],
      tags: { a: "b,c", d: "e=f" },
      noSetup: true,
      blockHostnames: ["*.a.com", "b.com", "c.com"],
    });
    assert.deepEqual(values({ tags: { a: "b" } }, "cli"), { tags: { a: "b" } });
    assert.deepEqual(values({ tags: "a=b" }, "cli"), { tags: { a: "b" } });
  });

  test("refuse a duration without a unit, and name the flag", () => {
    assert.throws(() => parseOptions({ duration: "500" }, "cli"), {
      exitCode: 255,
      message: /^flag --duration must be a duration/u,
    });
    assert.throws(() => parseOptions({ tags: ["ab"] }, "cli"), { exitCode: 255 });
    assert.deepEqual(values({ minIterationDuration: "0" }, "cli"), { minIterationDurationMs: 0 });
  });
});

describe("layers", () => {
  const layer = (raw: unknown, name: OptionLayerName): ReturnType<typeof parseOptions> =>
    parseOptions(raw, name);

  test("start from k6's defaults", () => {
    const { options, warnings, unsupported } = mergeOptions();
    assert.deepEqual(
      [
        options.vus,
        options.setupTimeoutMs,
        options.maxRedirects,
        options.batch,
        options.batchPerHost,
      ],
      [null, 60_000, 10, 20, 6],
    );
    assert.deepEqual(options.summaryTrendStats, ["avg", "min", "med", "max", "p(90)", "p(95)"]);
    assert.equal(options.systemTags.length, 14);
    assert.deepEqual([options.given, warnings, unsupported], [[], [], []]);
  });

  test("let the higher one win, wholesale", () => {
    const { options } = mergeOptions(
      layer({ userAgent: "lakh/1" }, "defaults"),
      layer({ batch: 1, rps: 1, tags: { a: "file" } }, "file"),
      layer({ batch: 2, tags: { b: "script" } }, "script"),
      optionsFromEnv({ K6_BATCH: "3" }),
      layer({ batch: "4" }, "cli"),
    );
    assert.deepEqual(
      [options.batch, options.rps, options.tags, options.userAgent],
      [4, 1, { b: "script" }, "lakh/1"],
    );
    assert.deepEqual([...options.given].sort(), ["batch", "rps", "tags"]);
  });

  test("keep the tags of all layers when they are to be merged", () => {
    const list = [
      parseOptions({ tags: { a: "1", b: "1" } }, "script"),
      parseOptions({ tags: ["b=2"] }, "cli"),
    ];
    assert.deepEqual(mergeLayers(list, { mergesTags: true }).options.tags, { a: "1", b: "2" });
    assert.deepEqual(mergeLayers(list, { mergesTags: false }).options.tags, { b: "2" });
  });

  test("drop all lower shortcuts when one sets any, but keep vus", () => {
    const { options, warnings } = mergeOptions(
      layer({ vus: 7, scenarios: { a: {} }, iterations: 3 }, "script"),
      layer({ duration: "5s" }, "cli"),
    );
    assert.deepEqual(
      [options.vus, options.durationMs, options.iterations, options.stages, options.scenarios],
      [7, 5_000, null, null, null],
    );
    assert.deepEqual(warnings, [
      '"cli" level configuration overrode scenarios configuration entirely',
    ]);
  });

  test("are silent when scenarios replace scenarios", () => {
    const { options, warnings } = mergeOptions(
      layer({ scenarios: { a: {} } }, "script"),
      layer({ scenarios: { peak: {} } }, "plan"),
    );
    assert.deepEqual([options.scenarios, warnings], [{ peak: {} }, []]);
  });

  test("collect what lakh does not act on yet", () => {
    const { unsupported } = mergeOptions(
      layer(
        {
          metricSamplesBufferSize: 5,
          httpDebug: "full",
          tlsVersion: "tls1.3",
          cloud: { name: "x" },
        },
        "script",
      ),
    );
    assert.deepEqual(unsupported, ["metricSamplesBufferSize"]);
  });
});
