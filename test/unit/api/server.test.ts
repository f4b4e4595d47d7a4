/** The REST API on a real socket, over a run that this test holds in its hands. Expected answers are those of k6 v2.2.0. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { silentLogger } from "../../../src/base/log.ts";
import {
  type GroupView,
  Refusal,
  type RunControl,
  runPhases,
  type RunStatus,
  type ScaleRequest,
  startApiServer,
} from "../../../src/api/index.ts";

class HeldRun implements RunControl {
  readonly calls: unknown[] = [];
  setupJson: string | undefined;
  state: RunStatus = {
    phase: runPhases.pausedBeforeRun,
    paused: true,
    activeVus: 0,
    initializedVus: 2,
    stopped: false,
    running: false,
    tainted: false,
  };

  status(): RunStatus {
    return this.state;
  }
  setPaused(paused: boolean): void {
    if (paused === this.state.paused)
      throw new Refusal("Pause error", "execution is already paused");
    this.state = { ...this.state, paused };
  }
  stop(): void {
    this.state = { ...this.state, stopped: true };
  }
  scale(request: ScaleRequest): Promise<void> {
    this.calls.push(request);
    return Promise.resolve();
  }
  metrics(): ReturnType<RunControl["metrics"]> {
    const sample = { count: 3, rate: 1.5 };
    return [{ name: "a{b:c}", type: "counter", contains: "default", tainted: null, sample }];
  }
  rootGroup(): GroupView {
    const check = { id: "c1", path: "::G::one", name: "one", passes: 2, fails: 1 };
    const inner: GroupView = { id: "g1", path: "::G", name: "G", groups: [], checks: [check] };
    return { id: "root", path: "", name: "", groups: [inner], checks: [] };
  }
  setSetupJson(json: string | undefined): void {
    this.setupJson = json;
  }
  runSetup(): Promise<void> {
    this.setupJson = '{"x":"<"}';
    return Promise.resolve();
  }
  runTeardown(): Promise<void> {
    return Promise.reject(new Error("td"));
  }
}

async function serve(t: TestContext): Promise<{
  run: HeldRun;
  ask: (method: string, path: string, body?: string) => Promise<string>;
}> {
  const run = new HeldRun();
  const server = await startApiServer("127.0.0.1:0", { control: run, logger: silentLogger });
  t.after(() => server.close());
  const ask = async (method: string, path: string, body?: string): Promise<string> => {
    const init = body === undefined ? { method } : { method, body };
    const answer = await fetch(`http://${server.address}${path}`, init);
    return `${answer.status} ${answer.headers.get("content-type") ?? "-"} ${await answer.text()}`;
  };
  return { run, ask };
}

const patch = (attributes: object): string =>
  JSON.stringify({ data: { type: "status", id: "default", attributes } });

test("status is told and changed", async (t) => {
  const { run, ask } = await serve(t);
  const paused =
    '200 application/json; charset=utf-8 {"data":{"type":"status","id":"default","attributes":{"status":4,"paused":true,"vus":0,"vus-max":2,"stopped":false,"running":false,"tainted":false}}}';
  assert.equal(await ask("GET", "/v1/status"), paused);
  assert.equal(await ask("PATCH", "/v1/status", "{}"), paused);
  assert.equal(
    await ask("PATCH", "/v1/status", patch({ paused: true })),
    '500 application/json; charset=utf-8 {"errors":[{"status":"500","title":"Pause error","detail":"execution is already paused"}]}',
  );
  assert.match(
    await ask("PATCH", "/v1/status", patch({ paused: false, stopped: false })),
    /"paused":false/u,
  );
  assert.match(await ask("PATCH", "/v1/status", patch({ stopped: true })), /"stopped":true/u);
  await ask("PATCH", "/v1/status", patch({ vus: 3, "vus-max": 5, scenario: "a" }));
  assert.deepEqual(run.calls, [
    { paused: undefined, stopped: false, vus: 3, maxVus: 5, scenario: "a" },
  ]);
});

test("a body that cannot be read is told in the words of Go's decoder", async (t) => {
  const { ask } = await serve(t);
  assert.equal(
    await ask("PATCH", "/v1/status", "xx"),
    '400 application/json; charset=utf-8 {"errors":[{"status":"400","title":"Invalid data","detail":"invalid character \'x\' looking for beginning of value"}]}',
  );
  assert.match(await ask("PATCH", "/v1/status", ""), /^400 .*unexpected end of JSON input/u);
  assert.match(
    await ask("PATCH", "/v1/status", patch({ vus: 1.5 })),
    /^400 .*"vus\\" must be a whole number/u,
  );
  assert.equal(
    await ask("PUT", "/v1/setup", "bad"),
    '400 text/plain; charset=utf-8 {"errors":[{"status":"400","title":"Error parsing request body","detail":"invalid character \'b\' looking for beginning of value"}]}',
  );
});

test("setup data is made, read, replaced and cleared", async (t) => {
  const { ask } = await serve(t);
  const data = (attributes: string): string =>
    `200 application/json {"data":{"type":"setupData","id":"default","attributes":${attributes}}}`;
  assert.equal(await ask("GET", "/v1/setup"), data("{}"));
  assert.equal(await ask("POST", "/v1/setup"), data('{"data":{"x":"\\u003c"}}'));
  assert.equal(await ask("PUT", "/v1/setup", ' {"y": [1, 2]} '), data('{"data":{"y":[1,2]}}'));
  assert.equal(await ask("PUT", "/v1/setup", ""), data("{}"));
  assert.equal(
    await ask("POST", "/v1/teardown"),
    '500 text/plain; charset=utf-8 {"errors":[{"status":"500","title":"Error executing teardown","detail":"td"}]}',
  );
});

test("metrics and groups are listed and found by id", async (t) => {
  const { ask } = await serve(t);
  const metric =
    '{"type":"metrics","id":"a{b:c}","attributes":{"type":"counter","contains":"default","tainted":null,"sample":{"count":3,"rate":1.5}}}';
  assert.equal(
    await ask("GET", "/v1/metrics"),
    `200 text/plain; charset=utf-8 {"data":[${metric}]}`,
  );
  assert.equal(
    await ask("GET", "/v1/metrics/a%7Bb:c%7D"),
    `200 text/plain; charset=utf-8 {"data":${metric}}`,
  );
  assert.equal(
    await ask("GET", "/v1/metrics/nope"),
    '404 text/plain; charset=utf-8 {"errors":[{"status":"404","title":"Not Found","detail":"No metric with that ID was found"}]}',
  );
  const root =
    '{"type":"groups","id":"root","attributes":{"path":"","name":"","checks":null},"relationships":{"groups":{"data":[{"type":"groups","id":"g1"}]},"parent":{"data":null}}}';
  const inner =
    '{"type":"groups","id":"g1","attributes":{"path":"::G","name":"G","checks":[{"id":"c1","path":"::G::one","name":"one","passes":2,"fails":1}]},"relationships":{"groups":{"data":[]},"parent":{"data":{"type":"groups","id":"root"}}}}';
  assert.equal(
    await ask("GET", "/v1/groups"),
    `200 text/plain; charset=utf-8 {"data":[${root},${inner}]}`,
  );
  assert.equal(
    await ask("GET", "/v1/groups/g1"),
    `200 text/plain; charset=utf-8 {"data":${inner}}`,
  );
  assert.match(await ask("GET", "/v1/groups/nope"), /^404 .*No group with that ID was found/u);
});

test("other paths are ok, other routes of v1 are not found, other methods are refused", async (t) => {
  const { ask } = await serve(t);
  assert.equal(await ask("GET", "/ping"), "200 text/plain; charset=utf-8 ok");
  assert.equal(await ask("GET", "/whatever?x=1"), "200 text/plain; charset=utf-8 ok");
  assert.equal(await ask("GET", "/v1/nope"), "404 text/plain; charset=utf-8 404 page not found\n");
  assert.equal(await ask("DELETE", "/v1/status"), "405 - ");
  assert.equal(await ask("GET", "/v1/teardown"), "405 - ");
  assert.match(await ask("GET", "/metrics"), /\nprocess_resident_memory_bytes \d+\n/u);
});

test("an address that cannot be listened on is told with exit code 106", async (t) => {
  const parts = { control: new HeldRun(), logger: silentLogger };
  const first = await startApiServer("127.0.0.1:0", parts);
  t.after(() => first.close());
  for (const address of [first.address, "nonsense", "127.0.0.1:99999"])
    await assert.rejects(startApiServer(address, parts), { code: "API_ADDRESS", exitCode: 106 });
});
