/** Digest against RFC 7616 and a server that checks; NTLM against the published example of MS-NLMP 4.2.4. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, test } from "node:test";
import type { TestContext } from "node:test";
import { systemClock } from "../../../src/base/clock.ts";
import { answerDigest } from "../../../src/http/digest.ts";
import { AuthenticatingClient } from "../../../src/http/index.ts";
import type { Authentication, Exchange } from "../../../src/http/index.ts";
import { md4 } from "../../../src/http/md4.ts";
import {
  authenticateMessage,
  createNtResponse,
  parseChallenge,
  responseKey,
} from "../../../src/http/ntlm.ts";
import { get, startClient, textOf } from "../../support/http-servers.ts";

async function startSite(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<string> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece: Buffer) => (body += piece.toString()));
    request.on("end", () => answer(request, response, body));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Sends one request as `who`; gives the answer and all exchanges. */
async function login(
  t: TestContext,
  request: ReturnType<typeof get>,
  who: Authentication,
): Promise<{ answer: Exchange; onWire: Exchange[] }> {
  const onWire: Exchange[] = [];
  const client = new AuthenticatingClient(startClient(t), who, {
    clock: systemClock,
    onExchange: (exchange) => onWire.push(exchange),
  });
  return { answer: await client.send(request), onWire };
}

function hash(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest("hex");
}

describe("digest", () => {
  const mufasa = {
    method: "GET",
    target: "/dir/index.html",
    body: undefined,
    user: "Mufasa",
    password: "Circle of Life",
    cnonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
  };
  const challenge = (algorithm: string): string =>
    `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';

  test("answers the examples of RFC 7616, section 3.9.1", () => {
    assert.match(
      answerDigest([challenge("MD5")], mufasa),
      /response="8ca523f5e9506fed4657c9700eebdbec"/u,
    );
    assert.match(
      answerDigest([challenge("SHA-256")], mufasa),
      /response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"/u,
    );
  });

  test("answers the example of RFC 2069, which has no qop", () => {
    const answer = answerDigest(
      ['Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'],
      { ...mufasa, password: "CircleOfLife" },
    );
    assert.match(answer, /response="1949323746fe6a43ef61f9606e7febea"/u);
    assert.doesNotMatch(answer, /qop|cnonce/u);
  });

  test("takes the challenge that is one among several", () => {
    const answer = answerDigest(['Basic realm="x"', challenge("MD5")], mufasa);
    assert.match(answer, /realm="http-auth@example.org"/u);
  });

  for (const [qop, sent] of [
    ["auth", "auth"],
    ["auth-int", "auth-int"],
    ["auth-int,auth", "auth"],
  ] as const) {
    test(`logs in at a server that asks for qop ${qop}, with every request twice on the wire`, async (t) => {
      const url = await startSite(t, (request, response, body) => {
        const given = request.headers.authorization ?? "";
        const field = (name: string): string =>
          new RegExp(`\\b${name}="?([^",]+)`, "u").exec(given)?.[1] ?? "";
        const entity = sent === "auth-int" ? `:${hash("md5", body)}` : "";
        const a2 = hash("md5", `POST:/a?b=c${entity}`);
        const expected = hash(
          "md5",
          `${hash("md5", "us er:r:pa:ss")}:n:00000001:${field("cnonce")}:${sent}:${a2}`,
        );
        if (field("response") === expected && field("qop") === sent) {
          response.end(`hello ${body}`);
          return;
        }
        response.writeHead(401, {
          "WWW-Authenticate": `Digest realm="r", nonce="n", qop="${qop}"`,
        });
        response.end();
      });
      const { answer, onWire } = await login(
        t,
        { ...get(`${url}/a?b=c`), method: "POST", body: "body" },
        { scheme: "digest", user: "us er", password: "pa:ss" },
      );
      assert.deepEqual([answer.status, textOf(answer)], [200, "hello body"]);
      assert.deepEqual(
        onWire.map(({ status }) => status),
        [401, 200],
      );
      assert.equal(onWire[1], answer);
    });
  }

  test("asks once where nothing is asked of it", async (t) => {
    const url = await startSite(t, (_request, response) => response.end("open"));
    const { onWire } = await login(t, get(url), { scheme: "digest", user: "u", password: "p" });
    assert.equal(onWire.length, 1);
  });
});

describe("NTLM", () => {
  const serverChallenge = Buffer.from("0123456789abcdef", "hex");
  const targetInfo = Buffer.concat([
    Buffer.from([2, 0, 12, 0]),
    Buffer.from("Domain", "utf16le"),
    Buffer.from([1, 0, 12, 0]),
    Buffer.from("Server", "utf16le"),
    Buffer.alloc(4),
  ]);
  const epoch1601 = -11_644_473_600_000;

  test("MD4 gives the digests of RFC 1320", () => {
    for (const [text, digest] of [
      ["", "31d6cfe0d16ae931b73c59d7e0c089c0"],
      ["abc", "a448017aaf21d8525fc10ae87aa6729d"],
      ["1234567890".repeat(8), "e33b4ddc9c38f2199c3e7b164fcc0536"],
    ] as const) {
      assert.equal(md4(Buffer.from(text)).toString("hex"), digest);
    }
  });

  test("gives NTOWFv2 and NTProofStr of MS-NLMP 4.2.4", () => {
    const key = responseKey("User", "Domain", "Password");
    assert.equal(key.toString("hex"), "0c868a403bfd7a93a3001ef22ef02e3f");
    const response = createNtResponse(
      key,
      { challenge: serverChallenge, targetInfo },
      { wallMs: epoch1601, clientChallenge: Buffer.alloc(8, 0xaa) },
    );
    assert.equal(response.toString("hex", 0, 16), "68cd0ab851e51c96aabc927bebef6a1c");
  });

  /** Type 2, with the flags given. */
  function challengeMessage(flags: number, info: Buffer = targetInfo): string {
    const head = Buffer.alloc(48);
    head.write("NTLMSSP\0", "latin1");
    head.writeUInt32LE(2, 8);
    head.writeUInt32LE(flags, 20);
    serverChallenge.copy(head, 24);
    head.writeUInt16LE(info.length, 40);
    head.writeUInt16LE(info.length, 42);
    head.writeUInt32LE(48, 44);
    return Buffer.concat([head, info]).toString("base64");
  }

  test("refuses what is no challenge, and key exchange and LM keys", () => {
    assert.equal(parseChallenge("bm8="), undefined);
    assert.equal(parseChallenge(challengeMessage(0x60088215)), undefined);
    assert.equal(parseChallenge(challengeMessage(0x20088295)), undefined);
    assert.equal(parseChallenge(challengeMessage(0x20088215))?.flags, 0x20088215);
  });

  test("sends back the server's own time", () => {
    const time = Buffer.from("0102030405060708", "hex");
    const info = Buffer.concat([Buffer.from([7, 0, 8, 0]), time, Buffer.alloc(4)]);
    const message = authenticateMessage(parseChallenge(challengeMessage(0x20088215, info))!, {
      user: "User",
      password: "Password",
      wallMs: 0,
      clientChallenge: Buffer.alloc(8),
    });
    assert.ok(Buffer.from(message, "base64").includes(time));
  });

  for (const [user, domain, name] of [
    ["User", "", "User"],
    ["DOM\\User", "DOM", "User"],
    ["User@dom.test", "", "User@dom.test"],
  ] as const) {
    test(`logs in as ${user}: three requests, the last two over one connection`, async (t) => {
      const ports: (number | undefined)[] = [];
      const url = await startSite(t, (request, response) => {
        ports.push(request.socket.remotePort);
        const message = /^NTLM (.*)$/u.exec(request.headers.authorization ?? "")?.[1];
        const bytes = Buffer.from(message ?? "", "base64");
        if (message !== undefined && bytes.readUInt32LE(8) === 3) {
          const part = (at: number): Buffer => {
            const start = bytes.readUInt32LE(at + 4);
            return bytes.subarray(start, start + bytes.readUInt16LE(at));
          };
          const sent = part(20);
          const expected = createNtResponse(
            responseKey(name, domain, "Password"),
            { challenge: serverChallenge, targetInfo },
            {
              wallMs: epoch1601 + Number(sent.readBigUInt64LE(24) / 10_000n),
              clientChallenge: sent.subarray(32, 40),
            },
          );
          assert.equal(part(28).toString("utf16le"), domain);
          assert.equal(part(36).toString("utf16le"), name);
          response.end(sent.equals(expected) ? "in" : "wrong");
          return;
        }
        const challenge = message === undefined ? "" : ` ${challengeMessage(0x22088215)}`;
        response.writeHead(401, { "WWW-Authenticate": `NTLM${challenge}` });
        response.end("who?");
      });
      const { answer, onWire } = await login(
        t,
        { ...get(url), headers: [["Authorization", "Basic x"]] },
        { scheme: "ntlm", user, password: "Password" },
      );
      assert.equal(textOf(answer), "in");
      assert.deepEqual(
        onWire.map(({ status }) => status),
        [401, 401, 200],
      );
      assert.equal(ports[1], ports[2]);
    });
  }

  test("asks once without a user, or where Basic is asked for", async (t) => {
    const url = await startSite(t, (_request, response) => {
      response.writeHead(401, { "WWW-Authenticate": 'Basic realm="x"' });
      response.end();
    });
    for (const user of ["", "User"]) {
      const { onWire } = await login(t, get(url), { scheme: "ntlm", user, password: "p" });
      assert.equal(onWire.length, 1);
    }
  });
});
