/** The run-time kit: turn-taking inside a VU, entries, and the callback methods on built-in prototypes. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { lower } from "../../../src/script/lowering/lower.ts";
import {
  createGlobalReader,
  createGlobalWriter,
  createScriptRuntime,
} from "../../../src/script/runtime.ts";
import {
  createWorld,
  instantiate,
  runScript,
  scriptOf,
  type World,
} from "../../support/lowering-harness.ts";

async function load(world: World, body: string, top = ""): Promise<() => unknown> {
  const instance = await instantiate(lower(scriptOf(body, top, "async function")), world);
  return () => world.lane.enter(() => instance.default!());
}

const macrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("the baton of a VU", () => {
  it("makes concurrent async functions send one after the other", async () => {
    const world = createWorld("waiting");
    const run = await load(
      world,
      "await Promise.all([1, 2, 3].map(async (u) => { await null; log('s', u); const r = http.get(u); log('e', u); return r }))",
    );
    await run();
    const order = [1, 2, 3].flatMap((n) => [`s ${n}`, `get ${n}`, `e ${n}`]);
    assert.deepEqual(world.trace, order);
  });

  it("is held until the segment ends, not until the request completes", async () => {
    const world = createWorld("waiting");
    const run = await load(
      world,
      "const f = async (u) => { await null; http.get(u); log('a', u); http.get(u + 10); log('b', u); await null; log('c', u) }; await Promise.all([f(1), f(2), f(3)])",
    );
    await run();
    const withoutEnds = world.trace.filter((line) => !line.startsWith("c"));
    const order = [1, 2, 3].flatMap((n) => [`get ${n}`, `a ${n}`, `get ${n + 10}`, `b ${n}`]);
    assert.deepEqual(withoutEnds, order);
  });

  it("goes on after a segment that throws", async () => {
    const world = createWorld("waiting");
    const run = await load(
      world,
      "const f = async (u) => { await null; return http.get(u).id }; return (await Promise.allSettled([f('boom'), f(2)])).map((r) => r.status)",
    );
    assert.deepEqual(await run(), ["rejected", "fulfilled"]);
  });

  it("holds back timers and completions while a call blocks", async () => {
    const world = createWorld("waiting");
    const { lane, trace } = world;
    const run = await load(world, "http.get(1); log('on'); http.get(2); log('end')");
    const entry = run();
    void lane.gate(() => trace.push("timer"));
    const completion = lane
      .afterTurn(Promise.resolve(5))
      .then((value) => trace.push(`done ${value}`));
    await entry;
    await completion;
    await macrotask();
    assert.deepEqual(trace, ["get 1", "on", "get 2", "end", "timer", "done 5"]);
  });

  it("lets a timer callback wait, and the entry wait for it", async () => {
    const world = createWorld("waiting");
    const { lane, trace } = world;
    const instance = await instantiate(
      lower(
        scriptOf(
          "log('main'); http.get(1)",
          "export const tick = (n) => { http.get(n); log('tick', n) };",
        ),
      ),
      world,
    );
    const entry = lane.enter(() => instance.default!());
    const ticks = [5, 6].map(async (n) => lane.gate(() => instance.tick!(n)));
    await entry;
    await Promise.all(ticks);
    assert.deepEqual(trace, ["main", "get 1", "get 5", "tick 5", "get 6", "tick 6"]);
    assert.equal(lane.hasWork, false);
  });

  it("lets promise callbacks run before the next callback that has waited", async () => {
    const world = createWorld("waiting");
    const { lane, trace } = world;
    const instance = await instantiate(
      lower(
        scriptOf(
          "http.get(0)",
          "export const tick = (n) => { log('tick', n); Promise.resolve().then(() => http.get(n)).then(() => log('after', n)) };",
        ),
      ),
      world,
    );
    const entry = lane.enter(() => instance.default!());
    const ticks = [1, 2].map(async (n) => lane.gate(() => instance.tick!(n)));
    await entry;
    await Promise.all(ticks);
    assert.deepEqual(trace.slice(0, 4), ["get 0", "tick 1", "get 1", "after 1"]);
  });

  it("reports what a gated callback throws", async () => {
    const world = createWorld("waiting");
    const { boom } = await instantiate(
      lower(
        scriptOf(
          "",
          "export const boom = (now) => { if (now) throw new Error('now'); http.get('boom') };",
        ),
      ),
      world,
    );
    assert.throws(() => world.lane.gate(() => boom!(true)), /now/u);
    await assert.rejects(Promise.resolve(world.lane.gate(() => boom!(false))), /no route/u);
  });

  it("waits at the end of an entry for async functions that were left running", async () => {
    const world = createWorld("waiting");
    const instance = await instantiate(
      lower(
        scriptOf(
          "const f = async () => { await null; http.get(1); log('late') }; f(); http.get(2); log('main')",
        ),
      ),
      world,
    );
    await world.lane.enter(() => instance.default!());
    assert.deepEqual(world.trace, ["get 2", "main", "get 1", "late"]);
  });
});

describe("entries", () => {
  it("are synchronous when nothing waits", async () => {
    const world = createWorld("immediate");
    const { default: main } = await instantiate(lower(scriptOf("return http.get(3).id")), world);
    assert.equal(
      world.lane.enter(() => main!()),
      3,
    );
  });

  it("keep VUs of a worker apart", async () => {
    const source = lower(scriptOf("n++; http.get(n); n++; return n", "let n = 0;"));
    const worlds = [createWorld("waiting"), createWorld("waiting")];
    const runs = worlds.map(async (world) => {
      const { default: main } = await instantiate(source, world);
      return [await world.lane.enter(() => main!()), await world.lane.enter(() => main!())];
    });
    assert.deepEqual(await Promise.all(runs), [
      [2, 4],
      [2, 4],
    ]);
  });

  it("survive a hundred suspended levels and many cycles", async () => {
    const source = scriptOf(
      "const f = (n) => n === 0 ? http.get(1).id : f(n - 1) + 1; let s = 0; for (let i = 0; i < 100; i++) s += f(100); return s",
    );
    const outcome = await runScript(source, { primitives: "waiting" });
    assert.equal(outcome.ended, "10100");
  });

  it("make a lane cheap: it has no closures of its own", () => {
    const runtime = createScriptRuntime();
    const lane = runtime.createLane();
    assert.deepEqual(
      Object.values(lane).filter((value) => typeof value === "function"),
      [],
    );
    assert.equal(lane.kit.run, runtime.kit.run);
  });
});

describe("the symbols on built-in prototypes", () => {
  it("cannot be seen by a script that enumerates", () => {
    createScriptRuntime();
    const seen: string[] = [];
    for (const key in {}) seen.push(key);
    assert.deepEqual(seen, []);
    assert.deepEqual(Object.keys(Array.prototype), []);
  });
});

describe("createGlobalWriter", () => {
  it("writes globals that exist, and throws for one that does not", () => {
    const globals: Record<string, unknown> = { a: 1 };
    const writer = createGlobalWriter()(globals) as Record<string, unknown>;
    writer["a"] = 2;
    writer["a"] = (writer["a"] as number) + 1;
    assert.equal(globals["a"], 3);
    for (const use of [() => (writer["b"] = 1), () => writer["b"]])
      assert.throws(use, { name: "ReferenceError", message: "b is not defined" });
    assert.equal("b" in globals, false);
  });
});

describe("createGlobalReader", () => {
  it("reads properties, the language's own names, and throws for what is neither", () => {
    const read = createGlobalReader({ a: undefined });
    assert.equal(read("a"), undefined);
    assert.equal(read("Promise"), Promise);
    assert.throws(() => read("process"), {
      name: "ReferenceError",
      message: "process is not defined",
    });
  });
});
