/** WebSockets in a real run: they keep iterations alive, end with them, and leave nothing behind. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { RunRecord } from "../../src/record/index.ts";
import { runLakh, scratchFolder } from "../support/cli.ts";
import { startWsServer } from "../support/ws-server.ts";

function values(cwd: string, name: string): Readonly<Record<string, number>> {
  const [id] = readdirSync(join(cwd, "lakh-runs"));
  const text = readFileSync(join(cwd, "lakh-runs", id!, "record.json"), "utf8");
  const record = JSON.parse(text) as RunRecord;
  return record.metrics.find((metric) => metric.name === name)?.values ?? {};
}

test("1,000 VUs with a socket each exchange messages and close them all", async (t) => {
  const server = await startWsServer(t);
  const script = `
    import { WebSocket } from 'k6/websockets';
    export const options = {
      scenarios: { s: { executor: 'per-vu-iterations', vus: 1000, iterations: 2, maxDuration: '60s' } },
      thresholds: { ws_sessions: ['count==2000'], ws_msgs_received: ['count==4000'], iterations: ['count==2000'] },
    };
    export default function () {
      const socket = new WebSocket('${server.url}/echo');
      let heard = 0;
      socket.onopen = () => { socket.send('a'); };
      socket.onmessage = () => { if (++heard === 2) socket.close(); else socket.send('b'); };
    }`;
  const cwd = scratchFolder(t, { "script.js": script });
  const result = await runLakh(["run", "script.js"], { cwd });
  assert.equal(result.code, 0, result.stdout + result.stderr);
  assert.ok(values(cwd, "data_received")["count"]! > 0);
  await server.closed(2_000);
  assert.equal(server.openCount, 0);
  assert.ok(server.closeCodes.every((code) => code === 1000));
});

test("handlers of k6/ws block as in k6, and other code of the VU waits for connect", async (t) => {
  const server = await startWsServer(t);
  const script = `
    import ws from 'k6/ws';
    import http from 'k6/http';
    import { sleep, check } from 'k6';
    export const options = { thresholds: { checks: ['rate==1'] } };
    export default function () {
      const log = [];
      const say = (text) => log.push(text);
      setTimeout(() => { say('timer'); check(log.join(), { order: (l) => l === 'open,status 200,slept,m,after m,close 1001,returned 101,timer' }); console.log(log.join()); }, 1);
      const response = ws.connect('${server.url}/echo', (socket) => {
        socket.on('open', () => {
          say('open');
          say('status ' + http.get('${server.httpUrl}/').status);
          socket.send('m');
          sleep(0.05);
          say('slept');
        });
        socket.on('message', (text) => { say(text); sleep(0.01); say('after ' + text); socket.close(); });
        socket.on('close', (code) => { sleep(0.01); say('close ' + code); });
      });
      say('returned ' + response.status);
    }`;
  const cwd = scratchFolder(t, { "script.js": script });
  const result = await runLakh(["run", "script.js"], { cwd });
  assert.equal(result.code, 0, result.stdout + result.stderr);
});

test("an exception ends the sockets of the iteration, is reported once, and the next iteration runs", async (t) => {
  const server = await startWsServer(t);
  const script = `
    import { WebSocket } from 'k6/websockets';
    export const options = { iterations: 3, thresholds: { iterations: ['count==3'] } };
    export default function () {
      const socket = new WebSocket('${server.url}/echo');
      socket.onclose = (event) => console.log('closed ' + event.code);
      socket.onopen = () => setTimeout(() => { throw new Error('boom'); }, 1);
    }`;
  const cwd = scratchFolder(t, { "script.js": script });
  const result = await runLakh(["run", "script.js"], { cwd });
  const output = result.stdout + result.stderr;
  assert.equal(result.code, 0, output);
  assert.equal(output.match(/closed 1000/gu)?.length, 3, output);
  assert.match(output, /Error: boom/u);
  await server.closed(3);
  assert.equal(server.openCount, 0);
});

test("VUs that are abandoned at the end close their sockets", async (t) => {
  const server = await startWsServer(t);
  const script = `
    import { WebSocket } from 'k6/websockets';
    import ws from 'k6/ws';
    export const options = { scenarios: {
      events: { executor: 'constant-vus', vus: 5, duration: '1s', gracefulStop: '0s', exec: 'events' },
      blocking: { executor: 'constant-vus', vus: 5, duration: '1s', gracefulStop: '0s', exec: 'blocking' },
    } };
    export function events() { new WebSocket('${server.url}/echo'); }
    export function blocking() { ws.connect('${server.url}/echo', () => {}); }`;
  const cwd = scratchFolder(t, { "script.js": script });
  const result = await runLakh(["run", "script.js"], { cwd });
  assert.equal(result.code, 0, result.stdout + result.stderr);
  await server.closed(10);
  assert.equal(server.openCount, 0);
  const codes = server.closeCodes.toSorted((a, b) => a - b);
  assert.deepEqual(codes, [...Array(5).fill(1000), ...Array(5).fill(1001)]);
});
