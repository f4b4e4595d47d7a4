import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  loadArguments,
  outputsForK6,
  runArguments,
} from "../../../../../src/run/runners/k6/command.ts";

const invocation = { script: "/s/script.js", samplesPath: "/t/samples", summaryPath: "/t/summary" };

describe("the command line for k6", () => {
  it("passes the user's flags on as they were given, and takes out what would hide what lakh reads", () => {
    const k6Arguments = ["--vus=5", "--throw", "--log-format=raw", "--quiet", "--out=csv=x.csv"];
    const outputs = ["csv=x.csv"];
    const given = runArguments({ env: {}, k6Arguments }, {}, { ...invocation, outputs });
    assert.deepEqual(given.slice(-4), ["--out=csv=x.csv", "--vus=5", "--throw", "/s/script.js"]);
    assert.ok(given.includes("--log-format=json") && !given.includes("--log-format=raw"));
    assert.ok(given.includes("--out=json=/t/samples"));
  });

  it("names the Prometheus output as k6 does, and tells the address as k6 wants it", () => {
    assert.deepEqual(outputsForK6(["prometheus=http://ann:pw@p:9090", "csv=a=b.csv"]), {
      outputs: ["experimental-prometheus-rw", "csv=a=b.csv"],
      env: { K6_PROMETHEUS_RW_SERVER_URL: "http://ann:pw@p:9090/api/v1/write" },
    });
    assert.deepEqual(outputsForK6(["prometheus"]), {
      outputs: ["experimental-prometheus-rw"],
      env: {},
    });
  });

  it("gives k6 the variables that its environment does not have", () => {
    const env = { PATH: "/bin", BASE_URL: "http://127.0.0.1", CHANGED: "new" };
    const hostEnv = { PATH: "/bin", CHANGED: "old" };
    const given = runArguments({ env, k6Arguments: ["--env=X=1"] }, hostEnv, invocation);
    assert.deepEqual(
      given.filter((argument) => argument.startsWith("--env")),
      ["--env=BASE_URL=http://127.0.0.1", "--env=CHANGED=new"],
    );
  });

  it("replaces the system tags when more of them are needed", () => {
    const request = { env: {}, k6Arguments: ["--system-tags=url"] };
    const given = runArguments(request, {}, { ...invocation, systemTags: ["url", "vu"] });
    assert.deepEqual(
      given.filter((argument) => argument.startsWith("--system-tags")),
      ["--system-tags=url,vu"],
    );
  });

  it("loads a script with the flags that decide how it is loaded, and no others", () => {
    const k6Arguments = ["--vus=5", "--compatibility-mode=base", "--no-include-system-env-vars"];
    assert.deepEqual(loadArguments({ env: {}, k6Arguments }, {}), [
      "--compatibility-mode=base",
      "--no-include-system-env-vars",
    ]);
    assert.deepEqual(loadArguments({ env: {}, k6Arguments: [] }, {}), [
      "--include-system-env-vars",
    ]);
  });
});
