/**
 * The server that the suite's scripts load: plain HTTP/1.1 with WebSockets on one port, TLS with HTTP/2 or HTTP/1.1 (ALPN) on another,
 * gRPC on a third.
 * It answers the same each time: no dates, no counters, no random bytes. One file an area; `areas` lists them.
 */
import { createServer } from "node:http";
import { createSecureServer } from "node:http2";
import type { AddressInfo, Server, Socket } from "node:net";
import { authorityPem, localhostCertificate } from "../../support/http-certificates.ts";
import { authRoutes } from "./auth.ts";
import { bodyRoutes } from "./bodies.ts";
import { cookieRoutes } from "./cookies.ts";
import { formRoutes } from "./forms.ts";
import { htmlRoutes } from "./html.ts";
import { httpRoutes } from "./http.ts";
import { startHttp2Faults } from "./http2-faults.ts";
import { startNetworkTarget } from "./network.ts";
import { pageRoutes } from "./pages.ts";
import { redirectRoutes } from "./redirects.ts";
import { startGrpcServer } from "../../support/grpc-server.ts";
import { listener, type Routes } from "./route.ts";
import { websocketUpgrade } from "./websockets.ts";

const areas: readonly Routes[] = [
  httpRoutes,
  cookieRoutes,
  redirectRoutes,
  authRoutes,
  bodyRoutes,
  htmlRoutes,
  formRoutes,
  pageRoutes,
];

/** The target while it runs. */
export interface Target {
  /** What scripts find in `__ENV`. */
  readonly env: Readonly<Record<string, string>>;
  /** Address on this machine -> what stands for it in a recorded outcome. */
  readonly addresses: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts all servers on free ports of the loopback address. */
export async function startTarget(): Promise<Target> {
  const routes: Routes = Object.assign({}, ...areas) as Routes;
  const plain = await listen(createPlainServer(routes));
  const tls = await listen(createTlsServer(routes));
  const grpc = await startGrpcServer();
  const faults = await startHttp2Faults();
  const network = await startNetworkTarget();
  const running = [plain, tls, faults, network, { close: async () => grpc.stop() }];
  return {
    env: {
      ...network.env,
      BASE_URL: `http://127.0.0.1:${plain.port}`,
      TLS_URL: `https://localhost:${tls.port}`,
      WS_URL: `ws://127.0.0.1:${plain.port}`,
      WSS_URL: `wss://localhost:${tls.port}`,
      GRPC_ADDR: grpc.address,
      H2_FAULTS_URL: `https://127.0.0.1:${faults.port}`,
      CA_PEM: authorityPem,
    },
    addresses: new Map([
      ...network.addresses,
      [`127.0.0.1:${plain.port}`, "HTTP_HOST"],
      [`localhost:${plain.port}`, "HTTP_NAME"],
      [`127.0.0.1:${tls.port}`, "TLS_ADDRESS"],
      [`localhost:${tls.port}`, "TLS_HOST"],
      [grpc.address, "GRPC_ADDRESS"],
      [`127.0.0.1:${faults.port}`, "H2_FAULTS_HOST"],
    ]),
    close: async () => {
      await Promise.all(running.map((server) => server.close()));
    },
  };
}

function createPlainServer(routes: Routes): Server {
  const server = createServer({ keepAliveTimeout: 120_000 }, listener(routes, false));
  server.on("upgrade", websocketUpgrade());
  return server;
}

function createTlsServer(routes: Routes): Server {
  const options = { ...localhostCertificate, allowHTTP1: true };
  const server = createSecureServer(options, listener(routes, true));
  server.on("upgrade", websocketUpgrade());
  server.on("sessionError", () => undefined); // clients under test hang up
  server.on("tlsClientError", () => undefined);
  return server;
}

async function listen(server: Server): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}
