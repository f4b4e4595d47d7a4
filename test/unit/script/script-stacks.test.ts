import { strict as assert } from "node:assert";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { goErrorAt } from "../../../src/k6/errors.ts";
import { folder, loadVu } from "./script-harness.ts";

test("a script reads stacks with its own places, and the description of an error agrees with them", async (t) => {
  const dir = await folder(t, {
    "script.js": `import http from "k6/http";
      function inner() { return new Error("placed"); }
      export default () => {
        const before = inner();
        http.get("http://t/x");
        return [before.stack, inner().stack];
      };
      export const described = () => { const e = inner(); e.stack; throw e; };
      export const unread = () => { throw inner(); };
      export const own = () => { const e = inner(); e.stack = "mine"; return e.stack; };`,
  });
  const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  t.after(() => {
    if (before === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
    else Object.defineProperty(Error, "prepareStackTrace", before);
  });
  const vu = await loadVu(dir);
  const foreign = new Error("not of the script");
  vu.program.mapStacks();
  const file = pathToFileURL(join(dir, "script.js")).href;
  const at = (caller: string): string =>
    `Error: placed\n\tat inner (${file}:2:33)\n\tat ${caller}\n`;
  assert.deepEqual(await vu.run(), [at(`default (${file}:4:24)`), at(`default (${file}:6:31)`)]);
  assert.equal(await vu.run("own"), "mine");
  for (const name of ["described", "unread"]) {
    const thrown = await vu.run(name).catch((error: unknown) => error);
    const report = vu.program.describeError(thrown);
    assert.deepEqual([report.file, report.line, report.column], [file, 2, 33]);
    assert.match(report.stack, /^Error: placed\n\tat inner \(.*:2:33\)\n\tat \w+ \(.*\)$/u);
    const late = vu.program.describeError(goErrorAt(thrown as Error, "late"));
    assert.deepEqual([late.message, late.line], ["GoError: late", 2]);
  }
  assert.match(foreign.stack ?? "", /^Error: not of the script\n {4}at .*script-stacks/u);
});
