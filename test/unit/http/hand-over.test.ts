/** When answers are handed over, and what their timings hold. */
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { suite, test, type TestContext } from "node:test";
import { systemClock, type Clock } from "../../../src/base/clock.ts";
import { ReadyQueue } from "../../../src/base/ready-queue.ts";
import { createHttpStack } from "../../../src/http/index.ts";
import type { Exchange, HttpStack } from "../../../src/http/index.ts";
import { defaultHttpOptions, get, onRequests, startRawServer } from "../../support/http-servers.ts";

const okResponse = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** Answers in one go when so many requests are there. */
async function startGathering(t: TestContext, count: number): Promise<string> {
  const waiting: Socket[] = [];
  const server = await startRawServer(t, (socket) => {
    onRequests(socket, () => {
      waiting.push(socket);
      if (waiting.length < count) return;
      for (const each of waiting.splice(0)) each.write(okResponse);
    });
  });
  return server.url;
}

function startStack(t: TestContext, clock: Clock, ready: ReadyQueue): HttpStack {
  const stack = createHttpStack(defaultHttpOptions, clock, { ready });
  t.after(() => stack.close());
  return stack;
}

suite("answers that arrive together", () => {
  test("have no part in what the scripts of the others take", async (t) => {
    const clock = { ms: 0, nowMs: () => clock.ms, wallMs: () => clock.ms };
    const stack = startStack(t, clock, new ReadyQueue(clock));
    const url = await startGathering(t, 5);
    const durations: number[] = [];
    await new Promise<void>((resolve) => {
      for (let count = 0; count < 5; count++) {
        const onExchange = ({ timings }: Exchange): void => {
          durations.push(timings.duration);
          clock.ms += 1_000; // a script that goes on for a second
          if (durations.length === 5) resolve();
        };
        stack.createClient().start(get(url), { onExchange });
      }
    });
    assert.deepEqual(durations, [0, 0, 0, 0, 0]);
  });

  test("are handed over at once when their client is destroyed, and only then", async (t) => {
    const ready = new ReadyQueue(systemClock);
    const added = new Promise<void>((resolve) => {
      const add = ready.add.bind(ready);
      t.mock.method(ready, "add", (member: Parameters<typeof add>[0]) => {
        add(member);
        resolve();
      });
    });
    const client = startStack(t, systemClock, ready).createClient();
    const url = await startGathering(t, 1);
    const told: number[] = [];
    t.mock.timers.enable({ apis: ["setImmediate"] });
    client.start(get(url), { onExchange: ({ status }) => void told.push(status) });
    await added;
    assert.deepEqual(told, [], "in its turn");
    client.destroy();
    assert.deepEqual(told, [200]);
    t.mock.timers.tick(1);
    assert.deepEqual(told, [200], "once");
  });
});
