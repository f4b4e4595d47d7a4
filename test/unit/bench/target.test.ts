import assert from "node:assert/strict";
import { connect } from "node:net";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { startStaticTarget, type StaticTarget } from "../../../bench/target.ts";

const get = "GET /api/v1/search?q=drama HTTP/1.1\r\nHost: x\r\n\r\n";
const post =
  'POST /api/v1/auth/guest/init HTTP/1.1\r\nHost: x\r\nContent-Length: 13\r\n\r\n{"deviceId":1';

describe("static bench target", () => {
  let target: StaticTarget;
  before(async () => {
    target = await startStaticTarget({ host: "127.0.0.1", port: 0 });
  });
  after(() => target.close());

  /** Writes the parts one read at a time, and gives what came back until `answers` status lines were seen. */
  async function exchange(parts: readonly string[], answers: number): Promise<string[]> {
    const socket = connect(Number(new URL(target.url).port), "127.0.0.1")
      .setNoDelay()
      .setEncoding("latin1");
    let text = "";
    const statuses = (): string[] =>
      [...text.matchAll(/HTTP\/1\.1 (\d+)/gu)].map((match) => match[1]!);
    const done = new Promise<void>((resolve, reject) => {
      socket.on("error", reject).on("data", (chunk: string) => {
        text += chunk;
        if (statuses().length === answers) resolve();
      });
    });
    for (const part of parts) await new Promise((resolve) => socket.write(part, resolve));
    await done;
    socket.destroy();
    return statuses();
  }

  it("answers the journey's four endpoints and counts the requests", async () => {
    const before = target.requestCount();
    const answer = await fetch(`${target.url}/api/v1/auth/guest/init`, {
      method: "POST",
      body: '{"deviceId":"é"}',
    });
    const body = (await answer.json()) as { tokens: { accessToken: string } };
    assert.equal(body.tokens.accessToken, "bench-token");
    for (const path of ["content/mobile/home", "search?q=drama", "engagement/series/saved"]) {
      const { status, headers } = await fetch(`${target.url}/api/v1/${path}`);
      assert.equal(status, 200, path);
      assert.equal(headers.get("content-type"), "application/json");
    }
    const count = (await (await fetch(`${target.url}/__count`)).json()) as { count: number };
    assert.equal(count.count, before + 4);
  });

  it("answers requests that arrive together, in order", async () => {
    assert.deepEqual(await exchange([get + post + "GET /nowhere HTTP/1.1\r\n\r\n" + get], 4), [
      "200",
      "200",
      "404",
      "200",
    ]);
  });

  it("answers requests that arrive cut at every byte", async () => {
    const whole = post + get;
    const before = target.requestCount();
    for (let cut = 1; cut < whole.length; cut++) {
      assert.deepEqual(
        await exchange([whole.slice(0, cut), whole.slice(cut)], 2),
        ["200", "200"],
        `cut at ${cut}`,
      );
    }
    assert.equal(target.requestCount(), before + 2 * (whole.length - 1));
  });

  it("ends a connection whose request it cannot read", async () => {
    for (const bad of [
      "nonsense\r\n\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
      "G".repeat(20_000),
    ]) {
      const socket = connect(Number(new URL(target.url).port), "127.0.0.1").setEncoding("latin1");
      socket.write(bad);
      const [answer] = (await once(socket, "data")) as [string];
      assert.match(answer, /^HTTP\/1\.1 400 /u);
      await once(socket, "close");
    }
  });

  it("holds answers back for the delay, in order, and tells how long they truly took", async () => {
    const delayMs = 30;
    const slow = await startStaticTarget({ host: "127.0.0.1", port: 0, delayMs });
    try {
      const startedMs = performance.now();
      const answers = await Promise.all(
        ["/small", "/api/v1/search?q=drama", "/small"].map(async (path) => {
          const text = await (await fetch(slow.url + path)).text();
          assert.ok(performance.now() - startedMs >= delayMs, path);
          return text.slice(0, 8);
        }),
      );
      assert.deepEqual(answers, ['{"text":', '{"query"', '{"text":']);
      const truth = (await (await fetch(`${slow.url}/__truth`)).json()) as Record<string, number>;
      assert.equal(truth["count"], 3);
      assert.ok(truth["p50Ms"]! >= delayMs && truth["p95Ms"]! >= truth["p50Ms"]!);
      assert.equal(slow.requestCount(), 3);
    } finally {
      await slow.close();
    }
  });

  it("answers the bodies of the other scenarios", async () => {
    const large = await (await fetch(`${target.url}/large`)).text();
    assert.equal(large.length, 102_400);
    const order = await fetch(`${target.url}/orders`, { method: "POST", body: "{}" });
    assert.equal(order.status, 200);
  });
});
