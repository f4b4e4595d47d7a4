import assert from "node:assert/strict";
import type { ResolvedConfig } from "../../../src/config/index.ts";
import { test } from "node:test";
import { targetCoresOf, toObserveRequest } from "../../../src/cli/observe-flags.ts";

const url = "http://prometheus:9090";

test("flags about Prometheus become what is asked of it", () => {
  assert.deepEqual(
    toObserveRequest(
      {
        observe: ["http://a/metrics"],
        observePid: [7],
        observePrometheus: url,
        observePreset: ["kubernetes"],
        observeSelector: ["namespace=shop"],
        observeQuery: ['cpu_cores=sum(rate(a{b="c"}[1m]))'],
        observeHeader: ["X-Scope-OrgID=team=1"],
      },
      {},
    ),
    {
      urls: ["http://a/metrics"],
      pids: [7],
      prometheus: {
        url,
        presets: ["kubernetes"],
        selector: ["namespace=shop"],
        queries: { cpu_cores: 'sum(rate(a{b="c"}[1m]))' },
        headers: { "X-Scope-OrgID": "team=1" },
      },
    },
  );
  assert.equal(toObserveRequest({}, {}).prometheus, undefined);
});

test("a bearer token comes from the environment", () => {
  const request = toObserveRequest({ observePrometheus: url }, { LAKH_OBSERVE_TOKEN: "t" });
  assert.deepEqual(request.prometheus?.headers, { authorization: "Bearer t" });
});

test("what is to be asked of no Prometheus is refused, and a header that cannot be read is not repeated", () => {
  assert.throws(() => toObserveRequest({ observePreset: ["go"] }, {}), {
    code: "FLAG_OBSERVE",
    exitCode: 104,
  });
  assert.throws(
    () => toObserveRequest({ observePrometheus: url, observeHeader: ["s3cret"] }, {}),
    (error) => {
      assert.doesNotMatch(JSON.stringify(error) + String(error), /s3cret/u);
      return (error as { code: string }).code === "FLAG_PAIR";
    },
  );
});

test("cores are those stated, or of a local process those of this machine", () => {
  const [local, remote] = [
    { urls: [], pids: [1] },
    { urls: [], pids: [] },
  ];
  const config = { target: { cores: 2 } } as ResolvedConfig;
  assert.equal(targetCoresOf({ targetCores: 3 }, config, local), 3);
  assert.equal(targetCoresOf({}, config, local), 2);
  assert.ok(targetCoresOf({}, undefined, local)! >= 1);
  assert.equal(targetCoresOf({}, undefined, remote), undefined);
});
