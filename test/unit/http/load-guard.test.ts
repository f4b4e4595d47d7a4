/** Which hosts are confirmed, what is loopback, and the count that lets 50 requests a second through and no more. */
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { createSecureServer, type Http2SecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { systemClock } from "../../../src/base/clock.ts";
import { LakhError } from "../../../src/base/errors.ts";
import { RateWindow, rateWindowBytes } from "../../../src/base/rate-window.ts";
import { breachError } from "../../../src/engine/index.ts";
import {
  ConfirmedHosts,
  createHttpStack,
  type HttpClient,
  isLoopback,
  LoadGuard,
} from "../../../src/http/index.ts";
import type { Origin } from "../../../src/http/origin.ts";
import { authorityPem, localhostCertificate } from "../../support/http-certificates.ts";
import { defaultHttpOptions, get } from "../../support/http-servers.ts";

describe("ConfirmedHosts", () => {
  it("knows a host by its name, whatever the port, the scheme or the case that it was given with", () => {
    const entries = ["API.example.com:8443", "https://www.example.org/path", "[2001:db8::1]:80"];
    const hosts = new ConfirmedHosts([...entries, "10.0.0.7"]);
    for (const host of ["api.example.com", "www.example.org", "2001:db8::1", "10.0.0.7"])
      assert.ok(hosts.has(host), host);
    for (const host of ["example.com", "a.api.example.com", "10.0.0.70"])
      assert.ok(!hosts.has(host), host);
  });

  it("takes *.suffix for every name below the suffix, and not for the suffix", () => {
    const hosts = new ConfirmedHosts(["*.example.com"]);
    assert.ok(hosts.has("a.example.com") && hosts.has("a.b.example.com"));
    assert.ok(!hosts.has("example.com") && !hosts.has("badexample.com"));
  });

  for (const entry of ["", "*", "a b", "*.", "a@b"])
    it(`refuses ${JSON.stringify(entry)}`, () => {
      assert.throws(
        () => new ConfirmedHosts([entry]),
        (error) => error instanceof LakhError && error.code === "HTTP_BAD_CONFIRM_HOST",
      );
    });
});

describe("isLoopback", () => {
  for (const ip of ["127.0.0.1", "127.8.9.10", "::1", "0:0:0:0:0:0:0:1", "0.0.0.0", "::"])
    it(`${ip} is this machine`, () => assert.ok(isLoopback(ip)));
  for (const ip of ["10.0.0.1", "128.0.0.1", "192.168.0.1", "::2", "fe80::1"])
    it(`${ip} is not`, () => assert.ok(!isLoopback(ip)));
});

const createWindow = (): RateWindow =>
  new RateWindow(new BigInt64Array(new SharedArrayBuffer(rateWindowBytes(50))));

interface Watched {
  readonly guards: readonly LoadGuard[];
  readonly clock: { wallMs: number };
  readonly breaches: number[];
  readonly seen: string[];
  readonly window: RateWindow;
}

/** Guards that count together, as those of several workers. */
function createGuards(count = 1, confirmed: readonly string[] = []): Watched {
  const window = createWindow();
  const clock = { wallMs: 1_800_000_000_000 };
  const breaches: number[] = [];
  const seen: string[] = [];
  const guards = Array.from(
    { length: count },
    () =>
      new LoadGuard({
        confirmed: new ConfirmedHosts(confirmed),
        window,
        wallMs: () => clock.wallMs,
        onUnconfirmed: (host) => seen.push(host),
        onBreach: (withinMs) => breaches.push(withinMs),
      }),
  );
  return { guards, clock, breaches, seen, window };
}

describe("LoadGuard", () => {
  it("lets exactly 50 requests a second through for as long as anybody wants", () => {
    const { guards, clock, breaches, window } = createGuards();
    for (let n = 0; n < 1_000; n++) {
      assert.ok(guards[0]!.admits("api.test"), `request ${n}`);
      clock.wallMs += 20;
    }
    assert.deepEqual(breaches, []);
    assert.equal(window.count, 1_000);
  });

  it("refuses the 51st request within a second, and every one after it", () => {
    const { guards, clock, breaches } = createGuards();
    for (let n = 0; n < 50; n++) {
      assert.ok(guards[0]!.admits("api.test"));
      clock.wallMs += 10;
    }
    assert.ok(!guards[0]!.admits("api.test"));
    clock.wallMs += 60_000;
    assert.ok(!guards[0]!.admits("api.test"));
    assert.deepEqual(breaches, [500]);
  });

  it("finds a burst wherever the second begins", () => {
    const { guards, clock, breaches } = createGuards();
    const sendAll = (count: number): boolean[] =>
      Array.from({ length: count }, () => guards[0]!.admits("api.test"));
    clock.wallMs += 900;
    assert.ok(sendAll(30).every(Boolean));
    clock.wallMs += 200; // the next second of the clock
    assert.deepEqual(sendAll(21).indexOf(false), 20);
    assert.deepEqual(breaches, [200]);
  });

  it("counts all workers and all unconfirmed hosts together; each worker tells of the end", () => {
    const { guards, breaches, seen } = createGuards(2);
    const [first, second] = guards;
    for (let n = 0; n < 25; n++) assert.ok(first!.admits("a.test") && second!.admits("b.test"));
    assert.ok(!second!.admits("b.test"));
    assert.ok(!first!.admits("a.test"));
    assert.deepEqual(breaches, [0, 0]);
    assert.deepEqual(seen, ["a.test", "b.test"]);
  });

  it("neither counts nor refuses a confirmed host, not even after a breach", () => {
    const { guards, window } = createGuards(1, ["mine.test"]);
    const [guard] = guards;
    for (let n = 0; n < 51; n++) guard!.admits("other.test");
    for (let n = 0; n < 500; n++) assert.ok(guard!.admits("mine.test"));
    assert.equal(window.count, 51);
  });

  it("watches what leads away from this machine, by address and not by name", () => {
    const { guards } = createGuards(1, ["mine.test"]);
    const [guard] = guards;
    assert.ok(!guard!.watchesHost("api.test", "127.0.0.1"));
    assert.ok(guard!.watchesHost("localhost", "10.0.0.1"));
    assert.ok(!guard!.watchesHost("mine.test", "10.0.0.1"));
  });

  it("judges a proxied request by the host behind the proxy", () => {
    const { guards } = createGuards(1, ["mine.test"]);
    const [guard] = guards;
    const origin = (hostname: string, isTls: boolean): Origin =>
      ({ hostname, isTls, proxy: { hostname: "127.0.0.1", port: 3128 } }) as unknown as Origin;
    assert.ok(guard!.watches(origin("api.test", true), "127.0.0.1"));
    assert.ok(!guard!.watches(origin("mine.test", true), "127.0.0.1"));
    // Its connections serve other hosts as well, so each request asks.
    assert.ok(guard!.watches(origin("mine.test", false), "127.0.0.1"));
  });
});

/** A guard to which nothing is loopback: tests have nowhere else to go. */
class StrictGuard extends LoadGuard {
  override watches(): boolean {
    return true;
  }
}

function startGuardedClient(t: TestContext): { client: HttpClient; breaches: number[] } {
  const breaches: number[] = [];
  const guard = new StrictGuard({
    confirmed: new ConfirmedHosts([]),
    window: createWindow(),
    wallMs: () => 1_800_000_000_000,
    onUnconfirmed: () => undefined,
    onBreach: (withinMs) => breaches.push(withinMs),
  });
  const options = { ...defaultHttpOptions, extraCaPem: authorityPem };
  const stack = createHttpStack(options, systemClock, { guard });
  t.after(() => stack.close());
  return { client: stack.createClient(), breaches };
}

/** Sends 40 one after the other, on a connection that is kept, and then 20 at once; the texts of the failures. */
async function sendSixty(client: HttpClient, url: string): Promise<(string | undefined)[]> {
  const failures: (string | undefined)[] = [];
  for (let n = 0; n < 40; n++) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    failures.push((await client.send(get(url))).failure?.message);
  }
  const rest = await Promise.all(Array.from({ length: 20 }, () => client.send(get(url))));
  return [...failures, ...rest.map(({ failure }) => failure?.message)];
}

describe("a client", () => {
  const refused = "host is not confirmed for load";
  const expected = [...Array<undefined>(50).fill(undefined), ...Array<string>(10).fill(refused)];

  it("asks before each request on kept and on new connections", async (t) => {
    let served = 0;
    const server = createServer((_request, response) => {
      served++;
      response.end("ok");
    });
    const port = await listening(t, server);
    const { client, breaches } = startGuardedClient(t);
    assert.deepEqual(await sendSixty(client, `http://127.0.0.1:${port}/`), expected);
    assert.equal(served, 50);
    assert.equal(breaches.length, 1);
  });

  it("asks before each request on an HTTP/2 session", async (t) => {
    let served = 0;
    const server = createSecureServer(localhostCertificate, (_request, response) => {
      served++;
      response.end("ok");
    });
    const port = await listening(t, server);
    const { client } = startGuardedClient(t);
    const failures = await sendSixty(client, `https://localhost:${port}/`);
    assert.deepEqual(failures, expected);
    assert.equal(served, 50);
  });

  it("asks for dials that are not its own", async (t) => {
    const { client } = startGuardedClient(t);
    const address = await client.resolveAddress("192.0.2.77", 80);
    assert.ok("ip" in address);
    for (let n = 1; n < 50; n++) assert.equal(address.admits!(), true);
    assert.equal(address.admits!(), false);
    assert.deepEqual(await client.resolveAddress("192.0.2.77", 80).then(textOfFailure), refused);
    const loopback = await client.resolveAddress("127.0.0.1", 80);
    assert.ok("ip" in loopback && loopback.admits === undefined);
  });
});

const textOfFailure = (outcome: object): unknown => (outcome as { message?: string }).message;

async function listening(t: TestContext, server: Server | Http2SecureServer): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

describe("the error", () => {
  it("names the host, the rate and the flag to add", () => {
    const error = breachError(["a.test", "b.test"], 640);
    assert.equal(error.code, "HOST_UNCONFIRMED");
    assert.equal(error.exitCode, 104);
    assert.match(error.message, /^a\.test, b\.test .*51 requests within 640 ms/u);
    assert.match(error.hint!, /--confirm-host a\.test --confirm-host b\.test/u);
  });
});
