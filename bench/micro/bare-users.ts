/**
 * The requests and sleeps of the journey by users that are no scripts: what is left of a generator's cost when everything
 * above its sockets (`wire`) or its HTTP client (`client`) is free. Started by bench/layers.ts.
 *
 *     node dist/bench/micro/bare-users.js wire|client URL USERS SECONDS
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { systemClock } from "../../src/base/clock.ts";
import { ReadyQueue } from "../../src/base/ready-queue.ts";
import { Sleeper, SleepWheel } from "../../src/engine/worker/sleep-wheel.ts";
import {
  createHttpStack,
  type Exchange,
  type ExchangeReceiver,
  type HeaderFields,
} from "../../src/http/index.ts";
import { connectTcpWire } from "../../src/http/tcp-wire.ts";
import type { Wire, WireListener } from "../../src/http/wire.ts";
import { defaultHttpOptions } from "../../test/support/http-servers.ts";

interface Step {
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
  sleepMs(): number;
}

const shortSleepMs = (): number => 100;
const thinkMs = (): number => Math.random() * 2_000 + 500;
const guest = '{"deviceId":"bench","deviceInfo":{"platform":"android","version":"2.0.0"}}';
const get = (path: string, sleepMs: () => number): Step => ({
  method: "GET",
  path: `/api/v1/${path}`,
  body: undefined,
  sleepMs,
});
const steps: readonly Step[] = [
  { method: "POST", path: "/api/v1/auth/guest/init", body: guest, sleepMs: shortSleepMs },
  get("content/mobile/home", shortSleepMs),
  get("search?q=drama", shortSleepMs),
  get("engagement/series/saved", thinkMs),
];
const headers: HeaderFields = [
  ["User-Agent", "k6/2.0.0"],
  ["Content-Type", "application/json"],
];
const headerLines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
const [firstOfStatus, statusAt] = ["2".charCodeAt(0), "HTTP/1.1 ".length];

const [layer, url, users, seconds] = process.argv.slice(2) as [string, string, string, string];
const { hostname, port, host } = new URL(url);
const endMs = performance.now() + Number(seconds) * 1_000;
const ready = new ReadyQueue(systemClock);
const wheel = new SleepWheel(systemClock, ready);

/** Sends a step, sleeps when its answer is there, sends the next. */
abstract class User extends Sleeper {
  #at = 0;

  protected get step(): Step {
    return steps[this.#at]!;
  }

  protected abstract send(): void;

  override onWake(): void {
    this.send();
  }

  protected onAnswer(isOk: boolean): void {
    if (!isOk) throw new Error(`${this.step.path} failed`);
    const sleepMs = this.step.sleepMs();
    this.#at = (this.#at + 1) % steps.length;
    if (performance.now() < endMs) wheel.add(this, sleepMs);
  }
}

const stack = createHttpStack(defaultHttpOptions, systemClock, { ready });

class ClientUser extends User implements ExchangeReceiver {
  readonly #client = stack.createClient();

  protected send(): void {
    const { method, path, body } = this.step;
    this.#client.start({ method, url: url + path, headers, body, timeoutMs: 30_000 }, this);
  }

  onExchange({ status }: Exchange): void {
    this.onAnswer(status === 200);
  }
}

const readBuffer = Buffer.allocUnsafeSlow(65_536);

class WireUser extends User implements WireListener {
  #wire: Wire | undefined;

  protected send(): void {
    const { method, path, body } = this.step;
    const length = body === undefined ? "" : `Content-Length: ${body.length}\r\n`;
    const head = `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n${headerLines}${length}\r\n`;
    const where = { host: hostname, port: Number(port), localAddress: undefined };
    const onConnect = (): void => void this.#wire!.send(head + (body ?? ""), undefined);
    if (this.#wire !== undefined) onConnect();
    else this.#wire = connectTcpWire(where, { buffer: readBuffer, listener: this, onConnect });
  }

  onRead(_: number, buffer: Buffer): void {
    const isOk = buffer[statusAt] === firstOfStatus;
    ready.add({ readySinceMs: systemClock.nowMs(), onReady: () => this.onAnswer(isOk) });
  }

  onError(error: NodeJS.ErrnoException): void {
    throw error;
  }

  onFlushed(): void {}
  onEnd(): void {}
  onClosed(): void {}
}

for (let count = 0; count < Number(users); count++) {
  (layer === "wire" ? new WireUser() : new ClientUser()).onWake();
  if (count % 16 === 0) await nextTurn();
}
setTimeout(() => process.exit(), endMs - performance.now());
