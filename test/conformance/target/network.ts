/**
 * What ordinary servers do not do: answers that break off or are no HTTP, TLS of chosen versions and certificates, a
 * proxy. Each on a port of its own, by raw sockets.
 */
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { TlsOptions } from "node:tls";
import { deflateRawSync, gzipSync } from "node:zlib";
import {
  authorityPem,
  expiredCertificate,
  localhostCertificate,
  otherHostCertificate,
} from "../../support/http-certificates.ts";

/** An answer, and what happens then: the connection stays, is ended, reset, or nothing more comes. */
type Fault = readonly [text: string, then: "stay" | "end" | "reset"];

const ok = "HTTP/1.1 200 OK\r\n";

function encoded(encoding: string, body: Buffer | string): Fault {
  const bytes = typeof body === "string" ? Buffer.from(body, "latin1") : body;
  const head = `${ok}Content-Encoding: ${encoding}\r\nContent-Length: ${bytes.length}\r\n\r\n`;
  return [head + bytes.toString("latin1"), "stay"];
}

const packed = gzipSync("hello hello hello hello");

/** By path. */
const faults: Readonly<Record<string, Fault>> = {
  "/ok": [`${ok}Content-Length: 2\r\n\r\nok`, "stay"],
  "/eof": ["", "end"],
  "/reset": ["", "reset"],
  "/hang": ["", "stay"],
  "/cut-head": [`${ok}Content-Le`, "end"],
  "/cut-value": [`${ok}Content-Length: 5`, "end"],
  "/cut-body": [`${ok}Content-Length: 20\r\n\r\nhalf`, "end"],
  "/cut-chunk": [`${ok}Transfer-Encoding: chunked\r\n\r\n5\r\nhel`, "end"],
  "/reset-body": [`${ok}Content-Length: 20\r\n\r\nhalf`, "reset"],
  "/hang-body": [`${ok}Content-Length: 20\r\n\r\nhalf`, "stay"],
  "/bad-chunk": [`${ok}Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n`, "end"],
  "/chunk-lf": [`${ok}Transfer-Encoding: chunked\r\n\r\n2\nok\n0\n\n`, "end"],
  "/chunk-end": [`${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nokXX`, "end"],
  "/until-close": [`${ok}\r\nok`, "end"],
  "/no-http": ["hello world\r\n\r\n", "end"],
  "/no-space": ["HELLO\r\n\r\n", "end"],
  "/version": ["HTTX/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "end"],
  "/status": ["HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n", "end"],
  "/no-reason": ["HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok", "stay"],
  "/no-colon": [`${ok}foo\r\n\r\n`, "end"],
  "/control": [`${ok}Foo: a\x01b\r\n\r\n`, "end"],
  "/length": [`${ok}Content-Length: abc\r\n\r\nok`, "end"],
  "/two-lengths": [`${ok}Content-Length: 2\r\nContent-Length: 3\r\n\r\nok`, "end"],
  "/coding": [`${ok}Transfer-Encoding: foo\r\n\r\nok`, "end"],
  "/gzip": encoded("gzip", "hello"),
  "/gzip-empty": encoded("gzip", ""),
  "/gzip-cut": encoded("gzip", packed.subarray(0, packed.length - 4)),
  "/gzip-long": encoded("gzip", "x".repeat(30)),
  "/deflate": encoded("deflate", "hello"),
  "/deflate-raw": encoded("deflate", deflateRawSync("hello")),
  "/br": encoded("br", "x".repeat(30)),
  "/br-empty": encoded("br", ""),
  "/unknown-coding": encoded("foo", "hello"),
  "/capital-coding": encoded("GZIP", "hello"),
  "/to-no-url": [
    "HTTP/1.1 302 Found\r\nLocation: http://[::1\r\nContent-Length: 0\r\n\r\n",
    "stay",
  ],
  "/to-bad-escape": ["HTTP/1.1 302 Found\r\nLocation: %zz\r\nContent-Length: 0\r\n\r\n", "stay"],
  "/to-ftp": ["HTTP/1.1 302 Found\r\nLocation: ftp://a/b\r\nContent-Length: 0\r\n\r\n", "stay"],
  "/to-refused": [
    "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/x\r\nContent-Length: 0\r\n\r\n",
    "stay",
  ],
  "/to-nowhere": ["HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", "stay"],
};

/** Answers with its fault, or, on other paths, with the request as it came and where it came from. */
function serveFaults(socket: Socket): void {
  onRequest(socket, (head) => {
    const fault = faults[head.split(" ")[1] ?? ""];
    if (fault === undefined) {
      answer(socket, `${socket.remoteAddress}\n${head}`);
      return;
    }
    const [text, then] = fault;
    const finish = (): void => {
      if (then === "end") socket.end();
      if (then === "reset") setTimeout(() => socket.resetAndDestroy(), 50);
    };
    if (text === "") finish();
    else socket.write(text, "latin1", finish);
  });
}

function serveOk(socket: Socket): void {
  onRequest(socket, () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
}

/** Says what it was asked, and tunnels to the port that the name asks for; `deny.test` is refused. */
function serveProxy(socket: Socket): void {
  onRequest(socket, (head) => {
    const [method, target = ""] = head.split(" ");
    if (method !== "CONNECT") {
      answer(socket, head);
      return;
    }
    if (target.startsWith("deny.test")) {
      socket.write("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    socket.removeAllListeners("data");
    const onward = connect(Number(target.split(":")[1]), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(onward).pipe(socket);
    });
    onward.on("error", () => socket.destroy());
    socket.on("close", () => onward.destroy());
  });
}

/** NTLM with the example of MS-NLMP 4.2: a challenge, then anybody is let in by name. */
function serveNtlm(socket: Socket): void {
  onRequest(socket, (head) => {
    const token = /^authorization: ntlm (.*)$/imu.exec(head)?.[1];
    const message = Buffer.from(token ?? "", "base64");
    if (token !== undefined && message.readUInt32LE(8) === 3) {
      const start = message.readUInt32LE(40);
      const user = message.toString("utf16le", start, start + message.readUInt16LE(36));
      answer(socket, `hello ${user}`);
      return;
    }
    const challenge = token === undefined ? "" : ` ${ntlmChallenge()}`;
    socket.write(
      `HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM${challenge}\r\nContent-Length: 3\r\n\r\nwho`,
    );
  });
}

function ntlmChallenge(): string {
  const info = Buffer.concat([
    Buffer.from([2, 0, 12, 0]),
    Buffer.from("Domain", "utf16le"),
    Buffer.alloc(4),
  ]);
  const head = Buffer.alloc(48);
  head.write("NTLMSSP\0", "latin1");
  head.writeUInt32LE(2, 8);
  head.writeUInt32LE(48, 16);
  head.writeUInt32LE(0xa28a8233, 20);
  head.write("0123456789abcdef", 24, "hex");
  head.writeUInt16LE(info.length, 40);
  head.writeUInt16LE(info.length, 42);
  head.writeUInt32LE(48, 44);
  return Buffer.concat([head, info]).toString("base64");
}

function answer(socket: Socket, body: string): void {
  socket.write(`${ok}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function onRequest(socket: Socket, act: (head: string) => void): void {
  let received = "";
  socket.on("data", (data) => {
    received += data.toString("latin1");
    for (let end = received.indexOf("\r\n\r\n"); end !== -1; end = received.indexOf("\r\n\r\n")) {
      const head = received.slice(0, end);
      received = received.slice(end + 4);
      act(head);
    }
  });
}

/** Name of the variable -> the server behind it; scheme and host of its URL. */
interface Special {
  readonly name: string;
  readonly scheme: "http" | "https";
  readonly create: (onSocket: (socket: Socket) => void) => Server;
  readonly serve: (socket: Socket) => void;
}

const plain = (name: string, serve: Special["serve"]): Special => ({
  name,
  scheme: "http",
  create: (onSocket) => createServer(onSocket),
  serve,
});

const tls = (name: string, options: TlsOptions): Special => ({
  name,
  scheme: "https",
  create: (onSocket) => createTlsServer({ ...localhostCertificate, ...options }, onSocket),
  serve: serveOk,
});

const wantsCertificate = { requestCert: true, rejectUnauthorized: true, ca: authorityPem };

const specials: readonly Special[] = [
  plain("FAULT_URL", serveFaults),
  plain("CLOSING_URL", (socket) => socket.once("data", () => socket.end())),
  plain("NO_TLS_URL", (socket) => socket.once("data", () => socket.end("no TLS here at all\r\n"))),
  plain("PROXY_URL", serveProxy),
  plain("NTLM_URL", serveNtlm),
  tls("TLS12_URL", { maxVersion: "TLSv1.2" }),
  tls("TLS13_URL", { minVersion: "TLSv1.3" }),
  tls("TLS10_URL", { minVersion: "TLSv1", maxVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" }),
  tls("CBC_URL", { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES256-SHA" }),
  tls("EXPIRED_URL", expiredCertificate),
  tls("OTHER_URL", otherHostCertificate),
  tls("MUTUAL_URL", { ...wantsCertificate, maxVersion: "TLSv1.2" }),
];

/** All of them, while they run. */
export interface NetworkTarget {
  readonly env: Readonly<Record<string, string>>;
  readonly addresses: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/** Starts them on free ports; a URL is `http://127.0.0.1:port` or `https://localhost:port`. */
export async function startNetworkTarget(): Promise<NetworkTarget> {
  const env: Record<string, string> = {
    CLIENT_CERT: localhostCertificate.cert,
    CLIENT_KEY: localhostCertificate.key,
  };
  const addresses = new Map<string, string>();
  const closers: (() => Promise<void>)[] = [];
  for (const { name, scheme, create, serve } of specials) {
    const sockets = new Set<Socket>();
    const server = create((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
      serve(socket);
    });
    server.on("tlsClientError", () => undefined);
    // All of 127.0.0.0/8: `hosts` sends requests to several of them.
    await new Promise<void>((done) => server.listen(0, "0.0.0.0", done));
    const { port } = server.address() as AddressInfo;
    const place = name.replace("_URL", "_HOST");
    env[name] = `${scheme}://${scheme === "https" ? "localhost" : "127.0.0.1"}:${port}`;
    env[name.replace("_URL", "_PORT")] = String(port);
    addresses.set(`127.0.0.1:${port}`, place);
    addresses.set(`localhost:${port}`, place);
    addresses.set(`site.test:${port}`, `SITE_${place}`);
    addresses.set(`deny.test:${port}`, `DENY_${place}`);
    closers.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
    });
  }
  return {
    env,
    addresses,
    close: async () => {
      await Promise.all(closers.map((close) => close()));
    },
  };
}
