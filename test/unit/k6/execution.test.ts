import assert from "node:assert/strict";
import { test } from "node:test";
import { createModules } from "../../../src/k6/index.ts";
import { TestVu } from "../../support/k6-vu.ts";

interface Execution {
  instance: Record<string, unknown>;
  scenario: Record<string, unknown>;
  test: {
    abort(reason?: string): never;
    fail(reason?: string): void;
    options: Record<string, unknown>;
  };
  vu: Record<string, unknown> & {
    tags: Record<string, unknown>;
    metrics: { tags: Record<string, unknown>; metadata: Record<string, unknown> };
  };
}

function open(vu: TestVu): Execution {
  return createModules(vu)("k6/execution") as Execution;
}

test("the objects read the VU's live state", () => {
  const vu = new TestVu();
  const { instance, scenario, vu: self } = open(vu);
  assert.equal(instance["iterationsCompleted"], 39);
  assert.equal(instance["iterationsInterrupted"], 1);
  assert.equal(instance["vusActive"], 7);
  assert.equal(instance["vusInitialized"], 10);
  assert.equal(instance["currentTestRunDuration"], 1_234.5);
  assert.equal(scenario["name"], "browse");
  assert.equal(scenario["executor"], "constant-vus");
  assert.equal(scenario["startTime"], 1_700_000_000_000);
  assert.equal(scenario["progress"], 0.25);
  assert.equal(scenario["iterationInInstance"], 40);
  assert.equal(scenario["iterationInTest"], 400);
  assert.equal(self["idInInstance"], 3);
  assert.equal(self["idInTest"], 13);
  assert.equal(self["iterationInInstance"], 5);
  assert.equal(self["iterationInScenario"], 4);
  vu.execution = { ...vu.execution, scenarioProgress: 0.5 };
  assert.equal(scenario["progress"], 0.5);
});

test("the init context knows none of it", () => {
  const vu = new TestVu();
  const execution = open(vu);
  vu.phase = "init";
  const message = /in the init context is not supported$/u;
  assert.throws(() => execution.instance["vusActive"], { name: "GoError", message });
  assert.throws(() => execution.scenario["name"], {
    name: "GoError",
    message: "getting scenario information outside of the VU context is not supported",
  });
  assert.throws(() => execution.vu["idInTest"], { name: "GoError", message });
  assert.throws(() => execution.vu.tags, { name: "GoError", message });
  assert.throws(() => execution.test.options, { name: "GoError", message });
});

test("instance has nothing to tell in teardown, as in k6", () => {
  const vu = new TestVu();
  vu.phase = "teardown";
  assert.throws(() => open(vu).instance["vusActive"], {
    message: "getting instance information in the init context is not supported",
  });
});

test("vu.tags takes no notice of being assigned, and refuses what is no tag value as a TypeError", () => {
  const { vu } = open(new TestVu());
  Object.assign(vu, { tags: { all: "new" } });
  assert.equal(vu.tags["scenario"], "browse");
  assert.throws(() => Object.assign(vu.tags, { bad: {} }), { name: "TypeError" });
});

test("setup has no scenario", () => {
  const vu = new TestVu();
  vu.phase = "setup";
  assert.throws(() => open(vu).scenario["name"], {
    message: "getting scenario information outside of the VU context is not supported",
  });
});

test("vu.tags reads and writes the tags of later samples", () => {
  const vu = new TestVu();
  const { tags, metrics } = open(vu).vu;
  assert.equal(tags["scenario"], "browse");
  tags["user"] = 7;
  tags["hot"] = true;
  assert.deepEqual(vu.tags.toObject(), { group: "", scenario: "browse", user: "7", hot: "true" });
  assert.deepEqual({ ...metrics.tags }, vu.tags.toObject());
  assert.ok("user" in tags);
  delete tags["user"];
  assert.equal(vu.tags.get("user"), undefined);
});

test("a tag value must be primitive", () => {
  const { tags, metrics } = open(new TestVu()).vu;
  for (const write of [() => (tags["foo"] = {}), () => (tags["foo"] = null)]) {
    assert.throws(write, {
      message:
        "invalid value for metric tag 'foo': only String, Boolean and Number types are accepted as a metric tag values",
    });
  }
  metrics.metadata["trace"] = 12;
  assert.equal(metrics.metadata["trace"], "12");
});

test("abort ends the test with k6's message; fail marks it and goes on", () => {
  const vu = new TestVu();
  const { test: run } = open(vu);
  assert.throws(() => run.abort("no quota"), { message: "test aborted: no quota" });
  assert.throws(() => run.abort(), { message: "test aborted" });
  run.fail("bad");
  assert.deepEqual(vu.failReasons, ["test marked as failed: bad"]);
});

test("test.options is deeply frozen", () => {
  const { options } = open(new TestVu()).test;
  assert.deepEqual(options, { scenarios: { browse: { vus: 7 } } });
  assert.ok(Object.isFrozen((options["scenarios"] as Record<string, unknown>)["browse"]));
});
