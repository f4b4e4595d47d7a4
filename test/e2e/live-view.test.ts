/** The live view on a real terminal: what stands on the screen while a run goes on, and after it. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { scratchFolder } from "../support/cli.ts";
import { noTerminal, TestTerminal, type TerminalSize } from "../support/terminal.ts";

const script = `
import http from "k6/http";
import { sleep } from "k6";
export const options = {
  scenarios: {
    browse: { executor: "constant-arrival-rate", rate: 20, duration: "5s", preAllocatedVUs: 10 },
    checkout: { executor: "per-vu-iterations", vus: 2, iterations: 4, exec: "checkout" },
  },
  thresholds: { http_req_duration: ["p(95)<300"] },
};
export default function () {
  http.get(__ENV.BASE + "/found");
  console.log("a whole line of the script, number " + __ITER + " of VU " + __VU + ".");
}
export function checkout() {
  http.get(__ENV.BASE + "/missing");
  sleep(0.5);
}
`;

interface Started {
  readonly terminal: TestTerminal;
}

async function start(
  t: TestContext,
  size: TerminalSize,
  { flags = [], env = {} }: { flags?: readonly string[]; env?: NodeJS.ProcessEnv } = {},
): Promise<Started> {
  const server = createServer((request, response) => {
    response.statusCode = request.url === "/found" ? 200 : 404;
    response.end("ok");
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close().closeAllConnections());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cwd = scratchFolder(t, { "script.js": script });
  const args = ["run", "-e", `BASE=${base}`, ...flags, "script.js"];
  const terminal = new TestTerminal(args, { cwd, env, ...size });
  t.after(() => terminal.close());
  return { terminal };
}

const skip = noTerminal ?? false;

/** Lines of the script's console that are on the terminal, joined where the terminal broke them. */
function consoleLines(history: readonly string[], columns: number): string[] {
  const text = history.map((line) => line.padEnd(columns)).join("");
  return [...text.matchAll(/a whole line of the script, number \d+ of VU \d+\./gu)].map(String);
}

function assertWhole(history: readonly string[], columns: number): void {
  const begun = history.join("").match(/INFO\[/gu)?.length ?? 0;
  const whole = consoleLines(history, columns);
  assert.ok(whole.length > 0);
  assert.ok(begun >= whole.length);
  assert.equal(history.join("\n").match(/number/gu)?.length, whole.length, "no line is torn");
}

test("shows a run at 80 by 24, and leaves its summary and nothing else of the view", {
  skip,
}, async (t) => {
  const { terminal } = await start(t, { columns: 80, rows: 24 });
  const shown = await terminal.shows(/errors +\S.* HTTP 404/u);
  const text = shown.join("\n");
  assert.match(text, /^ {2}(?:ramp|steady state) {3}00:0\d {3}(?:left|\d)/mu);
  assert.match(text, /^ {2}browse +━+─+ +\d+ % +\d+ of 10 VUs +[\d.]+ of 20\.0 it\/s$/mu);
  assert.match(text, /^ {2}checkout +━*─* +\d+ % +\d of 2 VUs +\d of 8 it$/mu);
  assert.match(text, /^ {2}requests +[\d.]+\/s +.*[▁-█]$/mu);
  assert.match(text, /^ {2}p95 +[\d.]+ ms +limit 300\.0 ms +[▁-█]+$/mu);
  assert.match(text, /^ {2}generator +(?:starting|healthy|warning|saturated) +\S/mu);
  assert.equal(await terminal.ended, 0);
  const history = await terminal.history();
  assert.match(history.join("\n"), /http_req_duration\.+: avg=/u);
  assert.match(history.findLast((line) => line !== "")!, /^report: |report\.html$/u);
  assert.doesNotMatch(history.join("\n"), /^ {2}generator/mu);
  assertWhole(history, 80);
});

test("fits 40 by 10, and follows the terminal when its size changes", { skip }, async (t) => {
  const { terminal } = await start(t, { columns: 40, rows: 10 });
  const small = await terminal.shows(/^generator /mu);
  assert.match(small.join("\n"), /^browse +━+─+ +\d+ %$/mu);
  assert.equal(small.at(-1), "", "the cursor's own line");
  terminal.resize({ columns: 100, rows: 30 });
  const large = await terminal.shows(
    /^ {2}generator +(?:starting|healthy|warning|saturated) +\S.*$/mu,
  );
  assert.equal(large.filter((line) => /^ *generator /u.test(line)).length, 1);
  assert.match(large.join("\n"), /^ {2}browse .* it\/s$/mu);
  terminal.resize({ columns: 50, rows: 12 });
  const narrow = await terminal.shows(/^generator /mu);
  assert.equal(narrow.filter((line) => /^ *generator/u.test(line)).length, 1, narrow.join("\n"));
  terminal.resize({ columns: 60, rows: 5 });
  await terminal.shows(/req\/s.*errors/u);
  assert.equal(await terminal.ended, 0);
});

test("Ctrl-C ends the run with the view gone and the summary whole", { skip }, async (t) => {
  const { terminal } = await start(t, { columns: 80, rows: 24 });
  await terminal.shows(/^ {2}generator /mu);
  terminal.press("\u0003");
  assert.equal(await terminal.ended, 105);
  const text = (await terminal.history()).join("\n");
  assert.match(text, /stopping; interrupt again to leave teardown\(\) out/u);
  assert.match(text, /http_reqs\.+: \d+/u);
  assert.doesNotMatch(text, /^ {2}generator/mu);
});

test("colours are there on a terminal, and not with NO_COLOR or --no-color", {
  skip,
}, async (t) => {
  const stop = "\u0003";
  const colours = /\u001b\[3\dm/u; // oxlint-disable-line no-control-regex -- colours of paint.ts
  for (const [use, expected] of [
    [{}, true],
    [{ env: { NO_COLOR: "1" } }, false],
    [{ flags: ["--no-color"] }, false],
  ] as const) {
    const { terminal } = await start(t, { columns: 80, rows: 24 }, use);
    await terminal.shows(/^ {2}generator /mu);
    terminal.press(stop);
    await terminal.ended;
    assert.equal(colours.test(terminal.written), expected, JSON.stringify(use));
  }
});

test("in CI and on a dumb terminal there are k6's lines, with --quiet there is nothing", {
  skip,
}, async (t) => {
  for (const env of [{ CI: "true" }, { TERM: "dumb" }]) {
    const { terminal } = await start(t, { columns: 100, rows: 30 }, { env });
    await terminal.shows(/^running \(00m0\d\.\ds\), \d+\/12 VUs/mu);
    terminal.press("\u0003");
    await terminal.ended;
    assert.doesNotMatch(terminal.written, /\u001b\[\d+A/u); // oxlint-disable-line no-control-regex -- up, of the view
  }
  const { terminal } = await start(t, { columns: 100, rows: 30 }, { flags: ["--quiet"] });
  assert.equal(await terminal.ended, 0);
  assert.doesNotMatch(terminal.written, /generator|running \(|execution: local/u);
});
