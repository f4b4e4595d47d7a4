/** Names to addresses: k6's `dns` against a DNS server of our own, `hosts`, and where connections leave from. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { Resolver } from "node:dns";
import type { LookupAddress } from "node:dns";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import { systemClock } from "../../../src/base/clock.ts";
import { LakhError } from "../../../src/base/errors.ts";
import type { NameLookup } from "../../../src/http/addresses.ts";
import { createHttpStack } from "../../../src/http/index.ts";
import type { DnsSettings, HttpClient, HttpOptions } from "../../../src/http/index.ts";
import { LocalAddresses } from "../../../src/http/local-addresses.ts";
import { defaultHttpOptions, get, onRequests, startRawServer } from "../../support/http-servers.ts";

const records: Readonly<Record<string, readonly string[]>> = {
  "both.test": ["::1", "127.0.0.1", "127.0.0.2", "127.0.0.3"],
  "four.test": ["127.0.0.5"],
  "six.test": ["::1"],
};

interface DnsServer {
  readonly lookup: NameLookup;
  /** Questions for A records so far. */
  readonly questions: string[];
}

/** Answers A and AAAA questions from `records`; what it does not know does not exist. */
async function startDns(t: TestContext): Promise<DnsServer> {
  const questions: string[] = [];
  const server = createSocket("udp4");
  server.on("message", (query, { port, address }) => {
    const end = query.indexOf(0, 12);
    const name = readName(query.subarray(12, end));
    const type = query.readUInt16BE(end + 1);
    if (type === 1) questions.push(name);
    server.send(answer(query.subarray(0, end + 5), { name, type }), port, address);
  });
  await new Promise<void>((resolve) => {
    server.bind(0, "127.0.0.1", resolve);
  });
  t.after(() => server.close());
  const resolver = new Resolver({ timeout: 5_000 });
  resolver.setServers([`127.0.0.1:${server.address().port}`]);
  return { lookup: (hostname, onFound) => ask(resolver, hostname, onFound), questions };
}

function readName(bytes: Buffer): string {
  const labels: string[] = [];
  for (let at = 0; at < bytes.length; at += bytes[at]! + 1)
    labels.push(bytes.toString("latin1", at + 1, at + 1 + bytes[at]!));
  return labels.join(".");
}

function answer(question: Buffer, { name, type }: { name: string; type: number }): Buffer {
  const head = Buffer.from(question);
  const known = records[name];
  const data = (known ?? [])
    .filter((ip) => ip.includes(":") === (type === 28))
    .map((ip) =>
      ip.includes(":")
        ? Buffer.from("00000000000000000000000000000001", "hex")
        : Buffer.from(ip.split(".").map(Number)),
    );
  head.writeUInt16BE(known === undefined ? 0x8183 : 0x8180, 2);
  head.writeUInt16BE(data.length, 6);
  head.writeUInt32BE(0, 8);
  const answers = data.map((address) => {
    const record = Buffer.from("c00c0000000100000000", "hex");
    record.writeUInt16BE(type, 2);
    return Buffer.concat([record, Buffer.from([0, address.length]), address]);
  });
  return Buffer.concat([head, ...answers]);
}

/** As getaddrinfo does: both families, IPv6 first. */
function ask(
  resolver: Resolver,
  hostname: string,
  onFound: (error: NodeJS.ErrnoException | null, found: readonly LookupAddress[]) => void,
): void {
  resolver.resolve6(hostname, (error6, six) => {
    resolver.resolve4(hostname, (error4, four) => {
      const found = [
        ...(error6 === null ? six : []).map((address) => ({ address, family: 6 })),
        ...(error4 === null ? four : []).map((address) => ({ address, family: 4 })),
      ];
      onFound(found.length > 0 ? null : error4, found);
    });
  });
}

function clientWith(
  t: TestContext,
  options: Partial<HttpOptions>,
  more: { lookup?: NameLookup; vuNumber?: number } = {},
): HttpClient {
  const stack = createHttpStack({ ...defaultHttpOptions, ...options }, systemClock, {
    nameLookup: more.lookup,
  });
  t.after(() => stack.close());
  return stack.createClient(more.vuNumber);
}

async function ipsOf(client: HttpClient, hostname: string, count: number): Promise<string[]> {
  const ips: string[] = [];
  for (let i = 0; i < count; i++) {
    const outcome = await client.resolveAddress(hostname, 80);
    ips.push("code" in outcome ? `${outcome.code} ${outcome.message}` : outcome.ip);
  }
  return ips;
}

describe("dns", () => {
  const cases: readonly [Partial<DnsSettings>, string, readonly string[]][] = [
    [{ select: "first" }, "both.test", ["127.0.0.1", "127.0.0.1", "127.0.0.1"]],
    [{ select: "roundRobin" }, "both.test", ["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.1"]],
    [{ select: "roundRobin" }, "six.test", ["::1", "::1"]],
    [
      { select: "roundRobin", policy: "any" },
      "both.test",
      ["::1", "127.0.0.1", "127.0.0.2", "127.0.0.3", "::1"],
    ],
    [{ select: "first", policy: "preferIPv6" }, "both.test", ["::1", "::1"]],
    [{ select: "first", policy: "preferIPv6" }, "four.test", ["127.0.0.5"]],
    [{ policy: "onlyIPv6" }, "both.test", ["::1"]],
    [{ policy: "onlyIPv6" }, "four.test", ["1000 lookup four.test: no such host"]],
    [{ policy: "onlyIPv4" }, "six.test", ["1000 lookup six.test: no such host"]],
    [{ policy: "onlyIPv4" }, "nope.test", ["1101 lookup: no such host"]],
  ];
  for (const [settings, hostname, expected] of cases) {
    test(`${JSON.stringify(settings)} of ${hostname} gives ${expected.join(", ")}`, async (t) => {
      const { lookup } = await startDns(t);
      const client = clientWith(t, { dns: { ...defaultHttpOptions.dns, ...settings } }, { lookup });
      assert.deepEqual(await ipsOf(client, hostname, expected.length), expected);
    });
  }

  test("picks at random among all addresses of the preferred family", async (t) => {
    const { lookup } = await startDns(t);
    const picked = new Set(await ipsOf(clientWith(t, {}, { lookup }), "both.test", 200));
    // One of three is missed by all of 200 picks once in 10^35.
    assert.deepEqual([...picked].sort(), ["127.0.0.1", "127.0.0.2", "127.0.0.3"]);
  });

  test("asks once within the ttl, for all clients, and each time when it is 0", async (t) => {
    for (const [ttlMs, times] of [
      [0, 3],
      [300_000, 1],
      [Infinity, 1],
    ] as const) {
      const { lookup, questions } = await startDns(t);
      const dns = { ...defaultHttpOptions.dns, ttlMs };
      const stack = createHttpStack({ ...defaultHttpOptions, dns }, systemClock, {
        nameLookup: lookup,
      });
      for (let i = 0; i < 3; i++) await ipsOf(stack.createClient(), "four.test", 1);
      stack.close();
      assert.equal(questions.length, times);
    }
  });

  test("goes on in turn after the answer has expired", async (t) => {
    const { lookup } = await startDns(t);
    const dns = { ttlMs: 0, select: "roundRobin", policy: "preferIPv4" } as const;
    assert.deepEqual(await ipsOf(clientWith(t, { dns }, { lookup }), "both.test", 4), [
      "127.0.0.1",
      "127.0.0.2",
      "127.0.0.3",
      "127.0.0.1",
    ]);
  });

  test("says where a request went", async (t) => {
    const server = await startRawServer(t, (socket) =>
      onRequests(socket, () => socket.write("HTTP/1.1 204 No Content\r\n\r\n")),
    );
    const { lookup } = await startDns(t);
    const client = clientWith(
      t,
      { dns: { ...defaultHttpOptions.dns, select: "first" } },
      { lookup },
    );
    const { status, remoteIp } = await client.send(get(`http://both.test:${server.port}/`));
    assert.deepEqual([status, remoteIp], [204, "127.0.0.1"]);
  });
});

describe("hosts", () => {
  const hosts = {
    "a.test": "127.0.0.2",
    "b.test": "127.0.0.3:8080",
    "c.test:80": "127.0.0.4",
    "c.test:99": "127.0.0.5:8080",
    "*.w.test": "127.0.0.6",
    "*.x.w.test": "127.0.0.7",
    "*.p.test:80": "127.0.0.8:8080",
    "UP.test": "127.0.0.9",
    "1.2.3.4": "127.0.0.10",
    "m.test": "::ffff:127.0.0.1",
    "six.test": "[::1]:8080",
  };
  // Each of these was asked of k6 2.2.
  for (const [hostname, port, ip, to] of [
    ["a.test", 80, "127.0.0.2", 80],
    ["A.TEST", 80, "127.0.0.2", 80],
    ["b.test", 99, "127.0.0.3", 8080],
    ["c.test", 80, "127.0.0.4", 0],
    ["c.test", 99, "127.0.0.5", 8080],
    ["x.w.test", 80, "127.0.0.6", 80],
    ["y.x.w.test", 80, "127.0.0.7", 80],
    ["q.p.test", 80, "127.0.0.8", 8080],
    ["up.test", 80, "127.0.0.9", 80],
    ["1.2.3.4", 80, "127.0.0.10", 80],
    ["m.test", 80, "127.0.0.1", 80],
    ["six.test", 80, "::1", 8080],
  ] as const) {
    test(`${hostname}:${port} leads to ${ip} port ${to}`, async (t) => {
      const outcome = await clientWith(t, { hosts }).resolveAddress(hostname, port);
      assert.deepEqual(outcome, { ip, port: to, localAddress: undefined });
    });
  }

  test("a bare asterisk comes before names without a port", async (t) => {
    const client = clientWith(t, { hosts: { "*": "127.0.0.11:1", "a.test": "127.0.0.2:2" } });
    assert.deepEqual(await client.resolveAddress("a.test", 80), {
      ip: "127.0.0.11",
      port: 1,
      localAddress: undefined,
    });
  });

  test("an IPv4 address written as IPv6 is found in the blacklist", async (t) => {
    const client = clientWith(t, { blacklistIps: ["127.0.0.77/32"] });
    for (const ip of ["127.0.0.77", "::ffff:127.0.0.77", "::ffff:7f00:4d"])
      assert.deepEqual(await ipsOf(client, ip, 1), ["1110 ip is blacklisted"]);
  });
});

describe("localIPs", () => {
  const first = (list: string, count: number): string[] => {
    const pool = new LocalAddresses(list);
    return Array.from({ length: count }, (_, index) => pool.pick(index + 1));
  };

  // Each of these was asked of k6 2.2.
  test("go round by the number of the VU, without network and broadcast addresses", () => {
    assert.deepEqual(first("127.0.0.2,127.0.0.9", 3), ["127.0.0.2", "127.0.0.9", "127.0.0.2"]);
    assert.deepEqual(first("127.0.0.2-127.0.0.3", 3), ["127.0.0.2", "127.0.0.3", "127.0.0.2"]);
    assert.deepEqual(first("127.0.0.8/30", 3), ["127.0.0.9", "127.0.0.10", "127.0.0.9"]);
    assert.deepEqual(first("127.0.0.8/31", 2), ["127.0.0.8", "127.0.0.9"]);
    assert.deepEqual(first("127.0.0.5/32", 2), ["127.0.0.5", "127.0.0.5"]);
    assert.deepEqual(first("127.0.0.2,127.0.0.10-127.0.0.11,127.0.0.20/30", 6), [
      "127.0.0.2",
      "127.0.0.10",
      "127.0.0.11",
      "127.0.0.21",
      "127.0.0.22",
      "127.0.0.2",
    ]);
    assert.deepEqual(first("fd00::ffff-fd00::1:1", 3), ["fd00::ffff", "fd00::1:0", "fd00::1:1"]);
    assert.deepEqual(first("fd00::/64", 2), ["fd00::1", "fd00::2"]);
  });

  test("setup and teardown leave from the first", () => {
    assert.equal(new LocalAddresses("127.0.0.2-127.0.0.3").pick(0), "127.0.0.2");
  });

  for (const list of ["x", "127.0.0.4-127.0.0.2", "fd00::2-fd00::1", "127.0.0.1/33", ","]) {
    test(`${list} is refused`, () => {
      assert.throws(
        () => new LocalAddresses(list),
        (error) => error instanceof LakhError && error.code === "HTTP_BAD_LOCAL_IPS",
      );
    });
  }

  test("connections leave from the VU's address, and it is told to other dials", async (t) => {
    const seen: (string | undefined)[] = [];
    const server = await startRawServer(t, (socket) => {
      seen.push(socket.remoteAddress);
      onRequests(socket, () => socket.write("HTTP/1.1 204 No Content\r\n\r\n"));
    });
    const client = clientWith(t, { localIps: "127.0.0.2-127.0.0.4" }, { vuNumber: 2 });
    assert.equal((await client.send(get(server.url))).status, 204);
    assert.deepEqual(seen, ["127.0.0.3"]);
    assert.deepEqual(await client.resolveAddress("127.0.0.1", 7), {
      ip: "127.0.0.1",
      port: 7,
      localAddress: "127.0.0.3",
    });
  });

  test("an address of the other family cannot be left from: 1210", async (t) => {
    const server = await startRawServer(t, () => undefined);
    const { failure } = await clientWith(t, { localIps: "::1" }).send(get(server.url));
    assert.deepEqual(
      [failure?.code, failure?.message],
      [1210, "dial tcp: address [::1]:0: no suitable address found"],
    );
  });
});
