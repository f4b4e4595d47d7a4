import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { estimateIteration, type IterationEstimate } from "../../../src/lint/model/iteration.ts";
import { ScriptModel } from "../../../src/lint/model/script-model.ts";
import { parseScript } from "../../../src/script/index.ts";
import { imports } from "./lint-harness.ts";

async function estimate(body: string, more = ""): Promise<IterationEstimate> {
  const folder = mkdtempSync(join(tmpdir(), "lakh-lint-"));
  try {
    const path = join(folder, "script.js");
    writeFileSync(path, `${imports}${more}\nexport default function () { ${body} }`);
    const log = { log: () => undefined };
    const request = {
      path,
      cwd: folder,
      cacheDir: folder,
      offline: true,
      lower: "auto",
      log,
    } as const;
    const model = new ScriptModel(await parseScript(request));
    return estimateIteration(model.exported("default")!, model);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const get = `http.get("http://x/");`;

describe("estimateIteration", () => {
  const cases: readonly (readonly [
    body: string,
    requests: readonly [number, number],
    sleep: readonly [number, number | undefined],
  ])[] = [
    [`${get} ${get} sleep(1);`, [2, 2], [1, 1]],
    [`sleep(Math.random() * 2 + 0.5);`, [0, 0], [0.5, 1.5]],
    [`group("a", () => { ${get} sleep(2); });`, [1, 1], [2, 2]],
    [`http.batch(["http://a/", "http://b/"]);`, [2, 2], [0, 0]],
    [`if (__VU) { ${get} } else { ${get} ${get} }`, [1, 2], [0, 0]],
    [`if (__VU) { ${get} sleep(1); }`, [0, 1], [0, undefined]],
    [`if (__VU) return; ${get} sleep(1);`, [0, 1], [0, undefined]],
    [`for (const x of [1, 2]) { ${get} }`, [0, Infinity], [0, 0]],
    [`while (__VU) { sleep(1); }`, [0, 0], [0, undefined]],
    [`try { ${get} } catch (e) { ${get} }`, [1, 2], [0, 0]],
    [`__VU && http.get("http://x/");`, [0, 1], [0, 0]],
    [`switch (__VU) { case 1: ${get} break; default: ${get} }`, [1, 1], [0, 0]],
    [`[1, 2].forEach(() => { ${get} });`, [0, Infinity], [0, 0]],
    [`sleep(Number(__ENV.PAUSE));`, [0, 0], [0, undefined]],
    [`const later = () => { ${get} };`, [0, 0], [0, 0]],
    [`return; ${get}`, [0, 0], [0, 0]],
    [
      `check(http.get("http://x/"), { ok: (r) => r.status === 200 }) || sleep(3);`,
      [1, 1],
      [0, undefined],
    ],
  ];
  for (const [body, [least, most], [leastSleep, meanSleep]] of cases) {
    it(`bounds ${body}`, async () => {
      assert.deepEqual(await estimate(body), {
        ...(await estimate(body)),
        leastRequests: least,
        mostRequests: most,
        leastSleepS: leastSleep,
        meanSleepS: meanSleep,
      });
    });
  }

  it("follows functions, and ends with one that calls itself", async () => {
    const twice = await estimate(
      "one(); one();",
      `function one() { ${get} sleep(1); if (__VU) return; }`,
    );
    assert.deepEqual([twice.leastRequests, twice.mostRequests, twice.meanSleepS], [2, 2, 2]);
    const endless = await estimate("again();", `function again() { ${get} again(); }`);
    assert.deepEqual([endless.leastRequests, endless.mostRequests], [1, Infinity]);
  });
});
