/** Secrets that a run is given, by whatever way, are in nothing that it leaves or shows. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { runLakh, scratchFolder } from "../support/cli.ts";
import { requireK6 } from "../support/k6-binary.ts";

const secrets = {
  environment: "env-5f2c71aa",
  flag: "flag&9b=3d/84",
  source: "source-71cc02de",
  userInfo: "userinfo-6a1f9e",
  query: "query-0c44b7f2",
  header: "header-88e1d5",
  setup: "setup-3b9d77",
  scenario: "scenario-2f6e01",
  tlsKeyPassword: "tlspass-44ab19",
};

/** Tags, names, checks, groups, exceptions, logs, metric names of thresholds: all hold a secret. */
const script = (port: number): string => `
import http from "k6/http";
import secrets from "k6/secrets";
import { check, group } from "k6";
import { Counter } from "k6/metrics";
const counter = new Counter("of_mine");
export const options = {
  scenarios: { one: { executor: "shared-iterations", vus: 1, iterations: 2, env: { CLIENT_SECRET: "${secrets.scenario}" } } },
  thresholds: { "of_mine{tag:${secrets.environment}}": ["count>=0"] },
};
export function setup() {
  console.log("in setup", __ENV.API_TOKEN);
  return { token: "${secrets.setup}" };
}
export default async function (data) {
  const source = await secrets.get("theirs");
  const base = "http://127.0.0.1:${port}";
  const headers = { Authorization: "Bearer ${secrets.header}" };
  const all = [__ENV.API_TOKEN, __ENV.DB_PASSWORD, source, __ENV.CLIENT_SECRET];
  http.get("http://ann:${secrets.userInfo}@127.0.0.1:${port}/login", { headers });
  http.get(base + "/?access_token=${secrets.query}&t=" + encodeURIComponent(__ENV.DB_PASSWORD));
  for (const value of all) {
    http.get(base + "/" + encodeURIComponent(value), { tags: { name: "page of " + value } });
    check(null, { ["sees " + value]: () => true });
    group("group " + value, () => counter.add(1, { tag: value }));
    console.log("they say", value);
  }
  http.get("http://127.0.0.1:1/?access_token=${secrets.query}&t=" + source);
  throw new Error("bad token " + all.join(" and "));
}
`;

async function startServer(t: TestContext): Promise<number> {
  const server = createServer((_request, response) => void response.end("ok"));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Everything below a folder, by path. */
function filesBelow(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) for (const [p, text] of filesBelow(path)) files.set(p, text);
    else files.set(path, readFileSync(path, "utf8"));
  }
  return files;
}

function assertNone(texts: ReadonlyMap<string, string>, but: readonly string[] = []): void {
  for (const [where, text] of texts) {
    for (const [way, secret] of Object.entries(secrets)) {
      if (but.includes(way)) continue;
      for (const form of [secret, encodeURIComponent(secret)])
        assert.ok(!text.includes(form), `the secret of ${way} is in ${where}`);
    }
  }
}

const given = (port: number): Record<string, string> => ({
  "script.js": script(port),
  "their.secrets": `theirs=${secrets.source}\n`,
});
const flags = ["-e", `DB_PASSWORD=${secrets.flag}`, "--secret-source", "file=their.secrets"];
const env = { API_TOKEN: secrets.environment };

describe("secrets", () => {
  it("are in no record, summary, export, console file or line of the terminal", async (t) => {
    const port = await startServer(t);
    const cwd = scratchFolder(t, given(port));
    const more = ["--summary-mode", "full", "--summary-export", "export.json", "--verbose"];
    const args = ["run", ...flags, ...more, "--console-output", "console.log", "script.js"];
    const { code, stdout, stderr } = await runLakh(args, { cwd, env });
    assert.equal(code, 0, stderr);
    const files = filesBelow(cwd);
    for (const input of Object.keys(given(port))) files.delete(join(cwd, input));
    // The test would pass with nothing to look at.
    assert.match(files.get(join(cwd, "console.log"))!, /they say/u);
    assert.match(files.get(join(cwd, "export.json"))!, /sees /u);
    assert.match(stdout, /sees /u);
    assert.match(stderr, /bad token/u);
    const record = [...files].find(([path]) => path.endsWith("record.json"))!;
    assert.match(record[1], /page of .*bad token/su);
    const report = await runLakh(["report", "latest"], { cwd });
    const json = await runLakh(["report", "latest", "--json"], { cwd });
    assertNone(
      new Map([
        ...files,
        ["standard output", stdout],
        ["standard error", stderr],
        ["the report", report.stdout],
        ["the report as JSON", json.stdout],
      ]),
    );
  });

  it("are not in the error of a script that cannot begin", async (t) => {
    const cwd = scratchFolder(t, {
      "script.js": `throw new Error("no luck with " + __ENV.API_TOKEN + " and " + __ENV.DB_PASSWORD);
export default function () {}`,
    });
    const args = ["run", "-e", `DB_PASSWORD=${secrets.flag}`, "script.js"];
    const { code, stdout, stderr } = await runLakh(args, { cwd, env });
    assert.equal(code, 107);
    assert.match(stderr, /no luck with/u);
    assertNone(new Map([["the output", stdout + stderr]]));
  });

  it("are not in the error of setup(), nor in options of the record", async (t) => {
    const cwd = scratchFolder(t, {
      "script.js": `
export const options = { iterations: 1, tlsAuth: [], ext: { login: { password: "${secrets.tlsKeyPassword}" } } };
export function teardown() { throw new Error("bye " + __ENV.API_TOKEN); }
export default function () {}`,
    });
    const { stdout, stderr } = await runLakh(["run", "script.js"], { cwd, env });
    assert.match(stderr, /bye/u);
    const files = filesBelow(join(cwd, "lakh-runs"));
    assert.equal(files.size > 0, true);
    assertNone(new Map([...files, ["the output", stdout + stderr]]));
  });

  it("are in no record and no line of the terminal when k6 sends the load", async (t) => {
    if (requireK6(t) === undefined) return;
    const port = await startServer(t);
    const cwd = scratchFolder(t, given(port));
    const args = ["run", "--runner", "k6", ...flags, "script.js"];
    const { stdout, stderr } = await runLakh(args, { cwd, env });
    const files = filesBelow(join(cwd, "lakh-runs"));
    assert.match([...files.values()].join(""), /page of /u);
    assertNone(new Map([...files, ["the output", stdout + stderr]]));
  });
});
