import { strict as assert } from "node:assert";
import { test } from "node:test";
import { groupFinder } from "../../../src/script/groups.ts";

const code = `var __commonJS = 1;

// node_modules/lodash/map.js
var map = 1;

// node_modules/@acme/a/node_modules/deep/index.js
var deep = "// script.ts";

// node_modules/lodash/each.js
var each = 1;

// remote:https://cdn.test/lib/a.js
var a = 1;

// remote:https://cdn.test/lib/b.js
var b = 1;

// jslib:https://jslib.k6.io/k6-utils/1.4.0/index.js
var utils = 1;

// script.ts
var script = 1;
`;
const inputs = [
  "node_modules/lodash/map.js",
  "node_modules/@acme/a/node_modules/deep/index.js",
  "node_modules/lodash/each.js",
  "remote:https://cdn.test/lib/a.js",
  "left-no-code.ts",
  "remote:https://cdn.test/lib/b.js",
  "jslib:https://jslib.k6.io/k6-utils/1.4.0/index.js",
  "script.ts",
];

test("an offset's group is that of the file whose comment stands before it", () => {
  const groupAt = groupFinder(code, inputs);
  const of = (text: string): number => groupAt(code.indexOf(text));
  assert.equal(of("var __commonJS"), -1);
  assert.equal(of("var script"), 0);
  assert.equal(of("var map"), of("var each"));
  assert.equal(of("var a ="), of("var b ="));
  const packages = [of("var map"), of("var deep"), of("var a ="), of("var utils")];
  assert.equal(new Set(packages).size, 4);
  assert.ok(packages.every((group) => group > 0));
});

test("a script that is one file is the user's from its first character", () => {
  const groupAt = groupFinder("// script.js\nvar a = 1;\n", ["script.js"]);
  assert.deepEqual([groupAt(0), groupAt(20)], [0, 0]);
});
