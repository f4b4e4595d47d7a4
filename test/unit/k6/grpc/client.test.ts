/** `k6/net/grpc` against a server of another library; what scripts see of it stands in the conformance scripts. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import * as grpc from "@grpc/grpc-js";
import { createGrpc } from "../../../../src/k6/grpc/module.ts";
import type { HttpOptions } from "../../../../src/http/index.ts";
import {
  type GrpcServer,
  type GrpcServerOptions,
  protoFolder,
  startGrpcServer,
} from "../../../support/grpc-server.ts";
import { authorityPem, localhostCertificate } from "../../../support/http-certificates.ts";
import { startClient } from "../../../support/http-servers.ts";
import { TestVu } from "../../../support/k6-vu.ts";

interface Response {
  status: { valueOf(): number };
  message: Record<string, unknown>;
  error: { code: number; message: string } | null;
}

interface Client {
  load(folders: unknown, ...files: unknown[]): object[];
  connect(address: unknown, params?: unknown): boolean;
  invoke(method: unknown, request: unknown, params?: unknown): Response;
  healthCheck(service?: unknown): { status: unknown };
  close(): void;
}

interface Stream {
  on(event: string, listener: (value: never) => unknown): void;
  write(message: unknown): void;
  end(): void;
}

interface Script {
  readonly vu: TestVu;
  readonly client: Client;
  readonly openStream: (method: string, params?: object) => Stream;
  readonly connect: (address: string, params?: object) => Promise<boolean>;
  readonly invoke: (method: string, request: unknown, params?: object) => Promise<Response>;
}

const feature = "lakh.test.v1.Feature/";

function startVu(t: TestContext, http: Partial<HttpOptions> = {}): Script {
  const vu = new TestVu({ http: startClient(t, http) });
  vu.phase = "init";
  const module = createGrpc(vu) as unknown as {
    Client: () => Client;
    Stream: (client: Client, method: string, params?: object) => Stream;
  };
  const client = module.Client();
  client.load([protoFolder], "feature.proto");
  vu.phase = "iteration";
  t.after(() => {
    for (const resource of vu.owned) resource.destroy();
  });
  return {
    vu,
    client,
    openStream: (method, params) => module.Stream(client, feature + method, params),
    connect: (address, params = { plaintext: true }) =>
      vu.settle(() => client.connect(address, params)),
    invoke: (method, request, params) =>
      vu.settle(() => client.invoke(feature + method, request, params)),
  };
}

async function startServer(t: TestContext, options: GrpcServerOptions = {}): Promise<GrpcServer> {
  const server = await startGrpcServer(options);
  t.after(() => server.stop());
  return server;
}

test("a call fails with Unavailable when the connection is lost, and the next one opens it again", async (t) => {
  const first = await startGrpcServer();
  const script = startVu(t);
  await script.connect(first.address);
  assert.equal((await script.invoke("Say", { name: "x" })).message["text"], "hello x");
  const waiting = script.invoke("Wait", { code: 60_000 });
  await new Promise((resolve) => setImmediate(resolve));
  while (first.openCount() === 0) await new Promise((resolve) => setImmediate(resolve));
  first.stop();
  const lost = await waiting;
  assert.equal(Number(lost.status), 14);
  const refused = await script.invoke("Say", {});
  assert.equal(Number(refused.status), 14);
  assert.match(refused.error!.message, /connect: connection refused/u);
  await startServer(t, { port: Number(first.address.split(":")[1]) });
  assert.equal((await script.invoke("Say", { name: "y" })).message["text"], "hello y");
});

test("an abandoned VU closes its connection and its streams, and the script hears nothing", async (t) => {
  const server = await startServer(t);
  const { vu, connect, openStream } = startVu(t);
  await connect(server.address);
  const stream = openStream("Chat");
  const heard: unknown[] = [];
  const firstAnswer = new Promise<void>((resolve) => stream.on("data", () => resolve()));
  for (const event of ["error", "end"]) stream.on(event, () => heard.push(event));
  stream.write({ name: "a" });
  await firstAnswer;
  vu.interrupted = true;
  for (const companion of vu.companions) companion.destroy();
  for (const resource of vu.owned) resource.destroy();
  while (server.openCount() > 0) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(heard, []);
  assert.equal(vu.companions.size + vu.owned.size, 0);
});

test("connections leave nothing behind: each connect closes the one before, close the last", async (t) => {
  const server = await startServer(t);
  const { vu, client, connect, invoke } = startVu(t);
  for (let i = 0; i < 5; i++) {
    await connect(server.address);
    await invoke("Say", {});
  }
  client.close();
  while (server.openCount() > 0) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(vu.owned.size, 0);
  assert.ok(vu.sentBytes > 500 && vu.receivedBytes > 500);
});

test("a server that accepts and says nothing is given up when the time is over", async (t) => {
  const silent = createServer();
  silent.listen(0, "127.0.0.1");
  t.after(() => silent.close());
  await new Promise((resolve) => silent.once("listening", resolve));
  const sockets: { destroy(): void }[] = [];
  silent.on("connection", (socket) => sockets.push(socket));
  t.after(() => sockets.forEach((socket) => socket.destroy()));
  const { vu, connect } = startVu(t);
  vu.clock.nowMs = () => performance.now();
  const { port } = silent.address() as AddressInfo;
  await assert.rejects(connect(`127.0.0.1:${port}`, { plaintext: true, timeout: 50 }), {
    name: "GoError",
    message: "context deadline exceeded",
  });
  assert.equal(vu.owned.size, 0);
});

test("dials obey hosts and blockHostnames", async (t) => {
  const server = await startServer(t);
  const { vu, connect, invoke } = startVu(t, {
    hosts: { "mapped.test": server.address },
    blockHostnames: ["*.blocked.test"],
  });
  vu.execution = { ...vu.execution, testOptions: { blockHostnames: ["*.blocked.test"] } };
  await connect("mapped.test:1");
  assert.equal((await invoke("Say", { name: "x" })).message["text"], "hello x");
  await assert.rejects(connect("a.blocked.test:1"), {
    message:
      'connection error: desc = "transport: error while dialing: hostname (a.blocked.test) is in a blocked pattern (*.blocked.test)"',
  });
});

test("TLS: the option insecureSkipTLSVerify, or certificates of the connection's own", async (t) => {
  const server = await startServer(t, {
    credentials: grpc.ServerCredentials.createSsl(null, [
      {
        cert_chain: Buffer.from(localhostCertificate.cert),
        private_key: Buffer.from(localhostCertificate.key),
      },
    ]),
  });
  const address = server.address.replace("127.0.0.1", "localhost");
  const strict = startVu(t);
  await assert.rejects(strict.connect(address, { timeout: 1 }), /context deadline exceeded/u);
  await strict.connect(address, { tls: { cacerts: authorityPem } });
  assert.equal((await strict.invoke("Say", { name: "x" })).message["text"], "hello x");
  const lax = startVu(t, { insecureSkipTlsVerify: true });
  await lax.connect(address, {});
  assert.equal((await lax.invoke("Say", { name: "y" })).message["text"], "hello y");
});

test("messages of any size arrive whole", async (t) => {
  const server = await startServer(t);
  const { connect, invoke } = startVu(t);
  await connect(server.address, { plaintext: true, maxReceiveSize: 20_000_000 });
  const name = "x".repeat(5_000_000);
  assert.equal((await invoke("Say", { name })).message["text"], `hello ${name}`);
});
