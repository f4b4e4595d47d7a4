/**
 * Libraries bundled as scripts bundle them: their functions take callbacks that block, keep their results when all of
 * them is lowered, and are not coloured when the script hands them nothing that blocks.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { build } from "esbuild";
import { lower } from "../../../src/script/lowering/lower.ts";
import type { Lowered } from "../../../src/script/lowering/lowered.ts";
import { runScript, variants } from "../../support/lowering-harness.ts";

/** Bundles a script with the packages it imports, and says which package an offset belongs to. */
async function bundle(
  source: string,
): Promise<{ code: string; groupAt: (offset: number) => number }> {
  const result = await build({
    stdin: { contents: source, resolveDir: process.cwd(), sourcefile: "script.js" },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    external: ["k6", "k6/*"],
  });
  const code = result.outputFiles[0]!.text;
  const regions = [...code.matchAll(/^\s*\/\/ (\S+)$/gmu)].map((match) => ({
    start: match.index,
    file: match[1]!,
  }));
  const packages = ["script.js"];
  const groupOf = (file: string): number => {
    const name = /node_modules\/([^/]+)/u.exec(file)?.[1] ?? "script.js";
    if (!packages.includes(name)) packages.push(name);
    return packages.indexOf(name);
  };
  const known = regions
    .filter(({ file }) => /\.(?:m?js|cjs)$/u.test(file))
    .map(({ start, file }) => ({ start, group: groupOf(file) }));
  return {
    code,
    groupAt: (offset) => known.findLast(({ start }) => start <= offset + 1)?.group ?? -1,
  };
}

const imports =
  'import http from "k6/http"; import {sleep} from "k6"; import _ from "lodash"; import * as es from "lodash-es"; import Papa from "papaparse";';
const get = "(x) => http.get(x).id";

/** Bodies that hand a blocking callback to a library, or use it beside blocking calls. */
const calls: readonly (readonly [string, string])[] = [
  ["map", `return _.map([1, 2], ${get})`],
  ["map over an object", `return _.map({ a: 1, b: 2 }, (v, k) => [k, http.get(v).id])`],
  ["each", `const out = []; _.each([1, 2], (x) => { out.push(http.get(x).id) }); return out`],
  [
    "each that stops",
    "const out = []; _.forEach([1, 2, 3], (x) => { out.push(http.get(x).id); return x !== 2 }); return out",
  ],
  [
    "filter and reject",
    "return [_.filter([1, 2], (x) => http.get(x).id > 1), _.reject([1, 2], (x) => http.get(x).id > 1)]",
  ],
  ["reduce", "return _.reduce([1, 2, 3], (a, x) => a + http.get(x).id, 0)"],
  [
    "find, some, every",
    "const p = (x) => http.get(x).id === 2; return [_.find([1, 2], p), _.some([1, 2], p), _.every([2, 1], p)]",
  ],
  ["once", `const f = _.once(() => http.get(4).id); return [f(), f()]`],
  ["memoize", `const f = _.memoize(${get}); return [f(1), f(1), f(2)]`],
  ["flow", `return _.flow([${get}, (x) => x + 1, ${get}])(1)`],
  ["curry", "return _.curry((a, b) => http.get(a + b).id)(1)(2)"],
  ["partial", "return _.partial((a, b) => http.get(a + b).id, 3)(4)"],
  ["bind", "return _.bind(function (x) { return http.get(this.k + x).id }, { k: 1 })(2)"],
  ["times", `return _.times(3, ${get})`],
  ["mapValues", `return _.mapValues({ a: 1 }, ${get})`],
  [
    "groupBy and keyBy",
    "return [_.groupBy([1, 2, 3], (x) => http.get(x).id % 2), _.keyBy([1], (x) => `k${http.get(x).id}`)]",
  ],
  ["invoke", "return _.invoke({ a: { f: (x) => http.get(x).id } }, 'a.f', 3)"],
  [
    "cond",
    "return _.cond([[(x) => http.get(x).id > 1, () => 'big'], [() => true, () => 'small']])(1)",
  ],
  ["chain", `return _.chain([1, 2, 3]).map(${get}).filter((x) => x > 1).value()`],
  ["sortBy", "return _.sortBy([3, 1, 2], (x) => http.get(x).id)"],
  ["sumBy and maxBy", `return [_.sumBy([1, 2], ${get}), _.maxBy([1, 2], ${get})]`],
  ["attempt", "return _.attempt(() => http.get(2).id)"],
  [
    "wrap and negate",
    "return [_.wrap((x) => http.get(x).id, (f, x) => f(x) + 1)(1), _.negate((x) => http.get(x).id > 5)(1)]",
  ],
  [
    "tap and thru",
    "return [_.tap([1], (a) => { a.push(http.get(2).id) }), _.thru(3, (x) => http.get(x).id)]",
  ],
  ["over and juxt", `return _.over([${get}, (x) => x])(2)`],
  ["lodash-es map", `return es.map([1, 2], ${get})`],
  ["lodash-es reduce", "return es.reduce({ a: 1, b: 2 }, (a, v) => a + http.get(v).id, 0)"],
  ["lodash-es untouched", "return [es.chunk([1, 2, 3], 2), es.sortBy([2, 1]), http.get(1).id]"],
  [
    "papaparse untouched",
    "return [Papa.parse('a,b\\n1,2', { header: true }).data, Papa.unparse([[1, 2]]), http.get(1).id]",
  ],
  [
    "papaparse step",
    "const out = []; Papa.parse('1\\n2', { step: (r) => { out.push(http.get(r.data[0]).id) } }); return out",
  ],
  ["papaparse transform", "return Papa.parse('1,2', { transform: (v) => http.get(v).id }).data"],
  [
    "papaparse complete",
    "let n; Papa.parse('1\\n2', { complete: (r) => { n = http.get(r.data.length).id } }); return n",
  ],
  [
    "untouched lodash",
    "return [_.cloneDeep({ a: [1] }), _.merge({}, { a: { b: 1 } }), _.template('<%= x %>')({ x: http.get(1).id }), _.debounce(() => 1, 0) !== null, _.isEqual([1], [1])]",
  ],
  ["array methods beside a library", `return [1, 2].map(${get}).concat(_.uniq([1, 1]))`],
];

describe("libraries", async () => {
  const first = calls
    .map(([, body], index) => `export const c${index} = () => {${body}};`)
    .join("\n");
  const { code, groupAt } = await bundle(`${imports}\n${first}`);
  const lowered = new Map<string, Lowered>();
  for (const mode of ["none", "auto", "all"] as const) {
    lowered.set(mode, lower(code, { mode, groupAt }));
  }

  for (const [index, [title, body]] of calls.entries()) {
    it(`give what they give without lowering: ${title}`, async () => {
      const exported = { exported: "default", local: `c${index}` };
      const form = (mode: string): Lowered => ({ ...lowered.get(mode)!, exports: [exported] });
      const expected = await runScript("", { primitives: "plain", lowered: form("none") });
      assert.ok(expected.thrown === undefined, `${body}: ${expected.ended}`);
      for (const { title: how, primitives, mode } of variants) {
        const actual = await runScript("", { primitives, lowered: form(mode) });
        assert.deepEqual([how, actual.ended, actual.trace], [how, expected.ended, expected.trace]);
      }
    });
  }

  it("grow by less than half when a script blocks in all of their callbacks", () => {
    const growth = lowered.get("auto")!.code.length / code.length;
    assert.ok(growth < 1.5, `the code grew by ${growth}`);
  });

  /** What a script hands in → the largest share of the packages' functions that may turn red. */
  const shares: readonly (readonly [string, string, number])[] = [
    [
      "nothing that blocks",
      "const ids = [1, 2].map((x) => http.get(x).id); return _.uniq(es.chunk(ids), Papa.parse('a'))",
      0,
    ],
    ["a callback to one function of lodash-es", "return es.map([1], (x) => http.get(x).id)", 0.06],
    ["a step of papaparse", "return Papa.parse('1', { step: (x) => http.get(x).id })", 0.07],
  ];
  for (const [title, body, limit] of shares) {
    it(`are coloured only as far as callbacks reach: ${title}`, async () => {
      const plain = await bundle(`${imports}\nexport default () => {${body}};`);
      const { stats, code: text } = lower(plain.code, { groupAt: plain.groupAt });
      const outside = stats.red - (stats.redByGroup[0] ?? 0);
      assert.ok(outside / stats.functions <= limit, JSON.stringify(stats));
      assert.ok(text.length / plain.code.length < 1.1);
    });
  }
});
