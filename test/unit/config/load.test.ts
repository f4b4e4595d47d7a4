import assert from "node:assert/strict";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { LakhError } from "../../../src/base/errors.ts";
import { configFileNames, loadConfig } from "../../../src/config/index.ts";
import { scratchFolder } from "../../support/cli.ts";

async function failure(loading: Promise<unknown>): Promise<LakhError> {
  try {
    await loading;
  } catch (error) {
    assert.ok(error instanceof LakhError, String(error));
    assert.equal(error.exitCode, 104);
    return error;
  }
  return assert.fail("it was loaded");
}

describe("loadConfig", () => {
  it("is undefined where there is no config file", async (t) => {
    assert.equal(await loadConfig(scratchFolder(t)), undefined);
  });

  it("finds each of the names, the first of them first", async (t) => {
    const texts: Record<string, string> = {};
    for (const [index, name] of configFileNames.entries()) {
      const config = `{ "audience": { "dau": ${index + 1} } }`;
      texts[name] = name.endsWith(".json") ? config : `export default ${config};`;
    }
    for (const [index, name] of configFileNames.entries()) {
      const alone = scratchFolder(t, { [name]: texts[name]! });
      const config = await loadConfig(alone);
      assert.equal(config?.file, join(alone, name));
      assert.equal(config.audience.dau, index + 1);
    }
    assert.equal((await loadConfig(scratchFolder(t, texts)))?.audience.dau, 1);
  });

  it("takes another file when it is named, relative to the working directory", async (t) => {
    const folder = scratchFolder(t, {
      "lakh.config.json": "{}",
      "load/staging.mts": "export default { script: './a.js' };",
    });
    const config = await loadConfig(folder, "load/staging.mts");
    assert.equal(config?.script, join(folder, "load", "a.js"));
  });

  it("runs TypeScript with `lakh` at hand in a folder without node_modules", async (t) => {
    const folder = scratchFolder(t, {
      "lakh.config.ts": `
        import { computeDemand, defineConfig, type LakhConfig } from "lakh";
        import { users } from "./users.ts";
        enum Size { Small = 1 }
        const audience: LakhConfig["audience"] = { dau: users * Size.Small };
        export default defineConfig({
          audience,
          objectives: { requestsPerSecond: computeDemand({ dau: users }).ratePerSecond },
        });`,
      "users.ts": "export const users: number = await Promise.resolve(250_000);",
    });
    const config = await loadConfig(folder);
    assert.equal(config?.audience.dau, 250_000);
    assert.equal(Math.round(config.objectives.overall.requestsPerSecond?.min ?? 0), 1_111);
  });

  it("leaves packages where they are, CommonJS and ES modules, and bundles linked sources", async (t) => {
    const folder = scratchFolder(t, {
      "node_modules/old/package.json": '{ "name": "old", "main": "main.js" }',
      "node_modules/old/main.js": "exports.users = 40; exports.where = __filename;",
      "node_modules/young/package.json":
        '{ "name": "young", "type": "module", "exports": "./main.js" }',
      "node_modules/young/main.js": "export const users = 2; export const url = import.meta.url;",
      "packages/own/package.json": '{ "name": "own", "type": "module", "exports": "./own.ts" }',
      "packages/own/own.ts": "export const users: number = 100;",
      "lakh.config.ts": `
        import { users, where } from "old";
        import * as young from "young";
        import * as own from "own";
        import { env } from "node:process";
        export default {
          env: { where, url: young.url, home: env.NO_SUCH_VARIABLE },
          audience: { dau: users + young.users + own.users },
        };`,
    });
    mkdirSync(join(folder, "packages"), { recursive: true });
    symlinkSync(join(folder, "packages", "own"), join(folder, "node_modules", "own"));
    const config = await loadConfig(folder);
    assert.equal(config?.audience.dau, 142);
    assert.match(config.env["where"]!, /node_modules\/old\/main\.js$/u);
    assert.match(config.env["url"]!, /node_modules\/young\/main\.js$/u);
    assert.equal("home" in config.env, false);
  });

  it("keeps each file's own place", async (t) => {
    const folder = scratchFolder(t, {
      "lakh.config.ts": `import { here } from "./deep/place.ts";
        export default { env: { top: import.meta.url, here } };`,
      "deep/place.ts": "export const here: string = import.meta.dirname;",
    });
    const config = await loadConfig(folder);
    assert.match(config!.env["top"]!, /^file:.*lakh\.config\.ts$/u);
    assert.match(config!.env["here"]!, /deep$/u);
  });

  it("takes module.exports", async (t) => {
    const folder = scratchFolder(t, {
      "lakh.config.js": `module.exports = { audience: { dau: require("./users.json").dau } };`,
      "users.json": '{ "dau": 7 }',
    });
    assert.equal((await loadConfig(folder))?.audience.dau, 7);
  });

  it("reads a file again when it has changed", async (t) => {
    const folder = scratchFolder(t, {
      "lakh.config.js": "export default { audience: { dau: 1 } };",
    });
    await loadConfig(folder);
    writeFileSync(join(folder, "lakh.config.js"), "export default { audience: { dau: 2 } };");
    assert.equal((await loadConfig(folder))?.audience.dau, 2);
  });

  it("leaves nothing behind, and does not write beside the file", async (t) => {
    const folder = scratchFolder(t, { "lakh.config.ts": "export default {};" });
    const leftovers = (): string[] =>
      readdirSync(tmpdir()).filter((name) => name.startsWith("lakh-config-"));
    const before = leftovers();
    await loadConfig(folder);
    assert.deepEqual(readdirSync(folder), ["lakh.config.ts"]);
    assert.deepEqual(
      leftovers().filter((name) => !before.includes(name)),
      [],
    );
  });
});

describe("a config file that cannot be used", () => {
  const cases: readonly {
    title: string;
    files: Record<string, string>;
    named?: string;
    code: string;
    message: RegExp;
  }[] = [
    {
      title: "is missing",
      files: {},
      named: "nowhere.ts",
      code: "LAKH_CONFIG_NOT_FOUND",
      message: /^cannot read the config file .*nowhere\.ts: no such file or directory$/u,
    },
    {
      title: "has a syntax error",
      files: { "lakh.config.ts": "export default {\n  audience: { dau: 1,, },\n};" },
      code: "LAKH_CONFIG_SYNTAX",
      message: /lakh\.config\.ts:2:22: Expected identifier but found ","/u,
    },
    {
      title: "imports what is not there",
      files: { "lakh.config.ts": 'import a from "no-such-package";\nexport default a;' },
      code: "LAKH_CONFIG_SYNTAX",
      message: /lakh\.config\.ts:1:15: Could not resolve "no-such-package"/u,
    },
    {
      title: "throws",
      files: {
        "lakh.config.ts": 'import { need } from "./need.ts";\nexport default need("X");',
        "need.ts":
          "interface A { a: 1 }\n\nexport function need(name: string): never {\n  throw new Error(`no ${name}`);\n}",
      },
      code: "LAKH_CONFIG_THREW",
      message: /need\.ts:4:9: Error: no X$/u,
    },
    {
      title: "throws what is no error",
      files: { "lakh.config.ts": "throw 'stop';" },
      code: "LAKH_CONFIG_THREW",
      message: /lakh\.config\.ts: stop$/u,
    },
    {
      title: "exports nothing",
      files: { "lakh.config.ts": "export const config = {};" },
      code: "LAKH_CONFIG_INVALID",
      message: /has no default export$/u,
    },
    {
      title: "exports a function",
      files: { "lakh.config.ts": "export default () => ({});" },
      code: "LAKH_CONFIG_INVALID",
      message: /has a function as its default export$/u,
    },
    {
      title: "is no JSON",
      files: { "lakh.config.json": "{ audience: {} }" },
      code: "LAKH_CONFIG_SYNTAX",
      message: /lakh\.config\.json is not JSON: /u,
    },
    {
      title: "has a wrong field",
      files: { "lakh.config.json": '{ "audience": { "dau": 0 } }' },
      code: "LAKH_CONFIG_INVALID",
      message: /lakh\.config\.json is not valid:\n {2}audience\.dau: expected .*, but is 0$/u,
    },
  ];
  for (const { title, files, named, code, message } of cases)
    it(title, async (t) => {
      const error = await failure(loadConfig(scratchFolder(t, files), named));
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.ok(error.hint !== undefined);
    });
});
