/** Failures by kind: every one is counted, the first of each kind are kept, and the kinds are bounded. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FailureKinds, restKey } from "../../../src/engine/worker/failure-kinds.ts";

const key = (name: string, status = 503): Parameters<FailureKinds<string>["of"]>[0] => ({
  method: "GET",
  name,
  status,
  errorCode: 1_000 + status,
});

function fail(kinds: FailureKinds<string>, name: string, status?: number): void {
  const kind = kinds.of(key(name, status));
  kind.count++;
  if (kind.wanted > 0) kind.keep(`${name} ${kind.count}`);
}

const told = (kinds: FailureKinds<string>, samples: number = Infinity): unknown[] =>
  [...kinds.all()].flatMap((kind) => {
    const taken = kind.take(samples);
    return taken === undefined ? [] : [[kind.key.name, kind.key.status, taken.count, taken.kept]];
  });

describe("FailureKinds", () => {
  it("tells endpoints and statuses apart, counts all and keeps the first", () => {
    const kinds = new FailureKinds<string>({ kinds: 5, furtherKinds: 2, each: 2 });
    for (const name of ["/a", "/a", "/b", "/a"]) fail(kinds, name);
    fail(kinds, "/a", 404);
    assert.deepEqual(told(kinds), [
      ["/a", 503, 3, ["/a 1", "/a 2"]],
      ["/b", 503, 1, ["/b 1"]],
      ["/a", 404, 1, ["/a 1"]],
    ]);
  });

  it("tells each failure once", () => {
    const kinds = new FailureKinds<string>({ kinds: 5, furtherKinds: 2, each: 2 });
    fail(kinds, "/a");
    told(kinds);
    assert.deepEqual(told(kinds), []);
    for (let n = 0; n < 3; n++) fail(kinds, "/a");
    assert.deepEqual(told(kinds), [["/a", 503, 3, ["/a 2"]]]);
  });

  it("hands over as many exchanges as are asked for, and the others later", () => {
    const kinds = new FailureKinds<string>({ kinds: 5, furtherKinds: 2, each: 2 });
    for (let n = 0; n < 3; n++) fail(kinds, "/a");
    assert.deepEqual(told(kinds, 0), [["/a", 503, 3, []]]);
    assert.deepEqual(told(kinds, 0), []);
    assert.deepEqual(told(kinds, 1), [["/a", 503, 0, ["/a 1"]]]);
    assert.deepEqual(told(kinds), [["/a", 503, 0, ["/a 2"]]]);
    assert.deepEqual(told(kinds), []);
  });

  it("puts endpoints beyond the limit together by status, and what is left in one", () => {
    const kinds = new FailureKinds<string>({ kinds: 2, furtherKinds: 2, each: 1 });
    for (const name of ["/a", "/b", "/c", "/d", "/a"]) fail(kinds, name);
    fail(kinds, "/e", 404);
    fail(kinds, "/f", 500);
    fail(kinds, "/c");
    assert.deepEqual(told(kinds), [
      ["/a", 503, 2, ["/a 1"]],
      ["/b", 503, 1, ["/b 1"]],
      [null, 503, 3, ["/c 1"]],
      [restKey.name, restKey.status, 2, ["/e 1"]],
    ]);
    for (let n = 0; n < 1_000; n++) fail(kinds, `/${n}`, 400 + (n % 100));
    assert.ok([...kinds.all()].length <= 4);
  });
});
