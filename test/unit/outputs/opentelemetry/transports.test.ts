import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { describe, it, type TestContext } from "node:test";
import * as grpc from "@grpc/grpc-js";
import protobuf from "protobufjs";
import type { Reception } from "../../../../src/outputs/delivery.ts";
import { GrpcTransport } from "../../../../src/outputs/opentelemetry/grpc-transport.ts";
import { HttpTransport } from "../../../../src/outputs/opentelemetry/http-transport.ts";
import type { ExportRequest } from "../../../../src/outputs/opentelemetry/requests.ts";
import type {
  Transport,
  TransportOptions,
} from "../../../../src/outputs/opentelemetry/transport.ts";
import { freePort } from "../../../support/free-port.ts";
import { authorityPem, localhostCertificate } from "../../../support/http-certificates.ts";
import { serve } from "../../../support/local-server.ts";
import {
  exportResponse,
  type HttpAnswerer,
  startGrpcReceiver,
  startHttpReceiver,
} from "../../../support/otlp-receiver.ts";
import { encodedExport } from "../../../support/otlp-request.ts";

const never = new AbortController().signal;

function optionsFor(url: string, given: Partial<TransportOptions> = {}): TransportOptions {
  const fixed = { headers: {}, isCompressed: false, timeoutMs: 10_000, tls: {}, version: "1.2.3" };
  return { url: new URL(url), ...fixed, ...given };
}

function http(t: TestContext, url: string, given: Partial<TransportOptions> = {}): Transport {
  const transport = new HttpTransport(optionsFor(url, given));
  t.after(() => transport.close());
  return transport;
}

function overGrpc(t: TestContext, url: string, given: Partial<TransportOptions> = {}): Transport {
  const transport = new GrpcTransport(optionsFor(url, given));
  t.after(() => transport.close());
  return transport;
}

const request: ExportRequest = encodedExport();
const tlsOptions = { ca: authorityPem };

/** What a transport makes of an answer that is written by hand. */
async function receptionOf(t: TestContext, answer: HttpAnswerer): Promise<Reception> {
  const { address } = await startHttpReceiver(t, { answer });
  return http(t, `http://${address}/v1/metrics`).send(request, never);
}

/** A google.rpc.Status, with a RetryInfo when there is a delay. */
function rpcStatus(message: string, retrySeconds?: number): Buffer {
  const { root } = protobuf.parse(`syntax = "proto3";
    message Any { string type_url = 1; bytes value = 2; }
    message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
    message Duration { int64 seconds = 1; int32 nanos = 2; }
    message RetryInfo { Duration retry_delay = 1; }`);
  const encode = (type: string, value: object): Uint8Array =>
    root.lookupType(type).encode(root.lookupType(type).fromObject(value)).finish();
  const retry =
    retrySeconds === undefined
      ? []
      : [
          {
            typeUrl: "type.googleapis.com/google.rpc.RetryInfo",
            value: encode("RetryInfo", {
              retryDelay: { seconds: Math.floor(retrySeconds), nanos: (retrySeconds % 1) * 1e9 },
            }),
          },
        ];
  return Buffer.from(encode("Status", { code: 8, message, details: retry }));
}

describe("OTLP over HTTP", () => {
  it("posts protobuf to the path, with the headers that were given", async (t) => {
    const receiver = await startHttpReceiver(t);
    const transport = http(t, `http://${receiver.address}/own/v1/metrics`, {
      headers: { "x-scope-orgid": "team", "content-type": "text/mine" },
    });
    assert.deepEqual(await transport.send(request, never), { kind: "taken" });
    const [{ headers, metrics }] = receiver.exports as [(typeof receiver.exports)[0]];
    assert.equal(headers[":path"], "/own/v1/metrics");
    assert.equal(headers["x-scope-orgid"], "team");
    assert.equal(headers["content-type"], "application/x-protobuf");
    assert.equal(headers["user-agent"], "lakh/1.2.3");
    assert.equal(headers["content-encoding"], undefined);
    assert.equal(metrics[0]!.name, "http_reqs");
  });

  it("compresses when asked to", async (t) => {
    const receiver = await startHttpReceiver(t);
    const transport = http(t, `http://${receiver.address}/`, { isCompressed: true });
    assert.deepEqual(await transport.send(request, never), { kind: "taken" });
    assert.equal(receiver.exports[0]!.headers["content-encoding"], "gzip");
    assert.equal(receiver.latest("http_reqs").length, 1);
  });

  it("takes nothing and JSON for success, and says what was refused or advised", async (t) => {
    assert.deepEqual(await receptionOf(t, (_, response) => (response.end(), true)), {
      kind: "taken",
    });
    const answer =
      (body: Buffer, type: string): HttpAnswerer =>
      (_, response) => {
        response.setHeader("content-type", type).end(body);
        return true;
      };
    const protobufType = "application/x-protobuf";
    assert.deepEqual(await receptionOf(t, answer(Buffer.from("{}"), "application/json")), {
      kind: "taken",
    });
    assert.deepEqual(await receptionOf(t, answer(exportResponse(2, "too\n old"), protobufType)), {
      kind: "partly",
      lostSamples: 2,
      reason: "it refused 2 data points: too old",
    });
    assert.deepEqual(await receptionOf(t, answer(exportResponse(0, "use gzip"), protobufType)), {
      kind: "taken",
      advice: "it says: use gzip",
    });
  });

  it("does not take any server for a receiver because it answers 200", async (t) => {
    for (const [type, body] of [
      ["text/html", "<h1>Welcome</h1>"],
      ["application/x-protobuf", "\u00ff\u00ff garbage"],
    ] as const) {
      const reception = await receptionOf(t, (_, response) => {
        response.setHeader("content-type", type).end(body);
        return true;
      });
      assert.equal(reception.kind, "refused");
      assert.match(
        "reason" in reception ? (reception.reason ?? "") : "",
        /as no OTLP receiver does: is the address right\?/u,
      );
    }
  });

  it("tries again after 429, 502, 503 and 504, when the receiver says", async (t) => {
    for (const status of [429, 502, 503, 504]) {
      const reception = await receptionOf(t, (_, response) => {
        response
          .writeHead(status, { "retry-after": "7", "content-type": "text/plain" })
          .end("busy");
        return true;
      });
      const reason = `it answers ${status} (busy)`;
      assert.deepEqual(reception, { kind: "later", reason, retryAfterMs: 7_000 });
    }
    const byDate = await receptionOf(t, (_, response) => {
      const date = "Sat, 01 Aug 2026 10:00:00 GMT";
      response.writeHead(503, { date, "retry-after": "Sat, 01 Aug 2026 10:00:30 GMT" }).end();
      return true;
    });
    assert.deepEqual(byDate, { kind: "later", reason: "it answers 503", retryAfterMs: 30_000 });
    const without = await receptionOf(t, (_, response) => {
      response.writeHead(503, { "retry-after": "soon" }).end();
      return true;
    });
    assert.equal("retryAfterMs" in without ? without.retryAfterMs : 0, undefined);
  });

  it("drops what is refused for good, with the receiver's reason and what to look at", async (t) => {
    const answer = (status: number, headers: Record<string, string>, body: string | Buffer) =>
      receptionOf(t, (_, response) => {
        response.writeHead(status, headers).end(body);
        return true;
      });
    const type = { "content-type": "application/x-protobuf" };
    assert.deepEqual(await answer(400, type, rpcStatus("bad point")), {
      kind: "refused",
      reason: "it answers 400 (bad point)",
    });
    assert.deepEqual(await answer(404, {}, "404 page not found"), {
      kind: "refused",
      reason: "it answers 404 (404 page not found): is /v1/metrics the path of its metrics?",
    });
    assert.deepEqual(await answer(307, { location: "https://other/v1/metrics" }, ""), {
      kind: "refused",
      reason: "it answers 307: it sends to https://other/v1/metrics, so use that address",
    });
    const page = await answer(500, { "content-type": "text/html" }, "x".repeat(100_000));
    assert.ok("reason" in page && page.reason!.length < 300);
  });

  it("sends nothing any more when its credentials are not accepted", async (t) => {
    const reception = await receptionOf(t, (_, response) => {
      response.writeHead(401).end("no token");
      return true;
    });
    assert.equal(reception.kind, "closed");
    assert.match(reception.kind === "closed" ? reception.hint : "", /K6_OTEL_HEADERS/u);
  });

  it("gives up an answer that does not come in time, and what is not there", async (t) => {
    const { address } = await startHttpReceiver(t, { answer: () => true });
    const slow = http(t, `http://${address}/`, { timeoutMs: 50 });
    await assert.rejects(slow.send(request, never), /no answer within 0\.05 s/u);
    const gone = http(t, `http://127.0.0.1:${await freePort()}/`);
    await assert.rejects(gone.send(request, never), /connect ECONNREFUSED/u);
  });

  it("checks certificates, and says which setting is missing", async (t) => {
    const receiver = await startHttpReceiver(t, { tls: localhostCertificate });
    const url = `https://${receiver.address}/v1/metrics`;
    assert.deepEqual(await http(t, url, { tls: tlsOptions }).send(request, never), {
      kind: "taken",
    });
    await assert.rejects(http(t, url).send(request, never), /K6_OTEL_TLS_CERTIFICATE/u);
    const plain = await startHttpReceiver(t);
    await assert.rejects(
      http(t, `https://${plain.address}/`).send(request, never),
      /seems not to speak TLS: set .*_INSECURE/u,
    );
  });
});

describe("OTLP over gRPC", () => {
  it("calls the export method on one connection, with the metadata that was given", async (t) => {
    const receiver = await startGrpcReceiver(t);
    const transport = overGrpc(t, `http://${receiver.address}`, {
      headers: { "x-scope-orgid": "team" },
    });
    for (let n = 0; n < 3; n++)
      assert.deepEqual(await transport.send(request, never), { kind: "taken" });
    assert.equal(receiver.exports.length, 3);
    const [{ headers }] = receiver.exports as [(typeof receiver.exports)[0]];
    assert.equal(headers["x-scope-orgid"], "team");
    assert.match(headers["user-agent"]!, /lakh\/1\.2\.3/u);
  });

  it("compresses when asked to", async (t) => {
    const receiver = await startGrpcReceiver(t);
    const transport = overGrpc(t, `http://${receiver.address}`, { isCompressed: true });
    assert.deepEqual(await transport.send(request, never), { kind: "taken" });
    assert.equal(receiver.latest("http_reqs").length, 1);
  });

  it("sends a request as large as receivers take", async (t) => {
    const receiver = await startGrpcReceiver(t);
    const large = encodedExport(20_000);
    assert.ok(large.byteLength > 1_000_000);
    const transport = overGrpc(t, `http://${receiver.address}`);
    assert.deepEqual(await transport.send(large, never), { kind: "taken" });
    assert.equal(receiver.latest("http_reqs").length, 20_000);
  });

  it("reads what was refused", async (t) => {
    const { address } = await startGrpcReceiver(t, {
      answer: (callback) => (callback(null, exportResponse(5, "no room")), true),
    });
    assert.deepEqual(await overGrpc(t, `http://${address}`).send(request, never), {
      kind: "partly",
      lostSamples: 5,
      reason: "it refused 5 data points: no room",
    });
  });

  it("tries again after the codes that OTLP calls retryable, and after no others", async (t) => {
    let code = grpc.status.OK;
    const { address } = await startGrpcReceiver(t, {
      answer: (callback) => (callback({ code, details: "why – not" }), true),
    });
    const transport = overGrpc(t, `http://${address}`);
    const kinds = new Map<string, string>();
    for (code = 1; code <= 16; code++) {
      const reception = await transport.send(request, never);
      kinds.set(grpc.status[code]!, reception.kind);
      assert.match("reason" in reception ? reception.reason! : "", /\(why – not\)/u);
    }
    const named = (kind: string): string[] =>
      [...kinds].filter(([, each]) => each === kind).map(([name]) => name);
    assert.deepEqual(named("later"), [
      "CANCELLED",
      "DEADLINE_EXCEEDED",
      "ABORTED",
      "OUT_OF_RANGE",
      "UNAVAILABLE",
      "DATA_LOSS",
    ]);
    assert.deepEqual(named("closed"), ["PERMISSION_DENIED", "UNAUTHENTICATED"]);
    assert.equal(named("refused").length, 8);
  });

  it("comes back when a receiver without room says at what time", async (t) => {
    const metadata = new grpc.Metadata();
    metadata.set("grpc-status-details-bin", rpcStatus("", 2.5));
    const { address } = await startGrpcReceiver(t, {
      answer: (callback) => (
        callback({ code: grpc.status.RESOURCE_EXHAUSTED, details: "full", metadata }), true
      ),
    });
    assert.deepEqual(await overGrpc(t, `http://${address}`).send(request, never), {
      kind: "later",
      reason: "it answers RESOURCE_EXHAUSTED (full)",
      retryAfterMs: 2_500,
    });
  });

  it("says what is wrong with a server of another kind", async (t) => {
    const plain = await serve(t, (_, response) => void response.end("hello"));
    await assert.rejects(
      overGrpc(t, plain).send(request, never),
      /does not speak HTTP\/2: is this its gRPC port\?/u,
    );
    const server = new grpc.Server();
    const port = await new Promise<number>((resolve) =>
      server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (_, bound) =>
        resolve(bound),
      ),
    );
    t.after(() => server.forceShutdown());
    const reception = await overGrpc(t, `http://127.0.0.1:${port}`).send(request, never);
    assert.equal(reception.kind, "refused");
    assert.match(
      "reason" in reception ? reception.reason! : "",
      /UNIMPLEMENTED .*does it take metrics by OTLP over gRPC\?/u,
    );
  });

  it("says why there is no answer, and takes the receiver once it is there", async (t) => {
    const port = await freePort();
    const transport = overGrpc(t, `http://127.0.0.1:${port}`);
    await assert.rejects(transport.send(request, never), /^Error: connect ECONNREFUSED/u);
    await startGrpcReceiver(t, { port });
    assert.deepEqual(await transport.send(request, never), { kind: "taken" });
  });

  it("gives up an answer that does not come in time, and all when it is told to", async (t) => {
    const { address } = await startGrpcReceiver(t, { answer: () => true });
    const url = `http://${address}`;
    const impatient = overGrpc(t, url, { timeoutMs: 50 });
    await assert.rejects(impatient.send(request, never), /no answer within 0\.05 s/u);
    const abort = new AbortController();
    const given = overGrpc(t, url).send(request, abort.signal);
    abort.abort();
    await assert.rejects(given);
  });

  it("opens another connection when the receiver has closed its own", async (t) => {
    let connections = 0;
    const server = createTcpServer((socket) => {
      connections++;
      socket.destroy();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const transport = overGrpc(t, `http://127.0.0.1:${port}`);
    for (let n = 0; n < 2; n++) await assert.rejects(transport.send(request, never));
    assert.equal(connections, 2);
  });

  it("checks certificates, and says which setting is missing", async (t) => {
    const credentials = grpc.ServerCredentials.createSsl(null, [
      {
        cert_chain: Buffer.from(localhostCertificate.cert),
        private_key: Buffer.from(localhostCertificate.key),
      },
    ]);
    const receiver = await startGrpcReceiver(t, { credentials });
    const url = `https://${receiver.address}`;
    assert.deepEqual(await overGrpc(t, url, { tls: tlsOptions }).send(request, never), {
      kind: "taken",
    });
    await assert.rejects(overGrpc(t, url).send(request, never), /K6_OTEL_TLS_CERTIFICATE/u);
    const plain = await startGrpcReceiver(t);
    await assert.rejects(
      overGrpc(t, `https://${plain.address}`).send(request, never),
      /seems not to speak TLS: set .*_INSECURE/u,
    );
  });
});
