import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { composeProject, monitorPaths } from "../../../src/monitor/paths.ts";

describe("the monitor's folder", () => {
  const stateFile = (env: Record<string, string>): string => monitorPaths(env).stateFile;
  it("is below XDG_STATE_HOME", () =>
    assert.equal(stateFile({ XDG_STATE_HOME: "/s", HOME: "/h" }), "/s/lakh/monitor.json"));
  it("is below ~/.local/state without it, and when it is relative or empty", () => {
    for (const given of [{}, { XDG_STATE_HOME: "here" }, { XDG_STATE_HOME: "" }])
      assert.equal(stateFile({ ...given, HOME: "/h" }), "/h/.local/state/lakh/monitor.json");
  });
  it("has a Compose project of its own, with a name that Compose takes", () => {
    const [one, other] = ["/a/lakh/monitor", "/b/lakh/monitor"].map((folder) =>
      composeProject({ folder }),
    );
    assert.notEqual(one, other);
    assert.match(one!, /^[a-z0-9][a-z0-9_-]*$/u);
    assert.equal(composeProject({ folder: "/a/lakh/monitor" }), one);
  });
});
