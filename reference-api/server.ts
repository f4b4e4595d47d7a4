/**
 * The HTTP side: Fastify with the guide's four endpoints, health and metrics over a {@link Database}.
 * Creates a server that does not listen yet and owns nothing but itself: whoever opened the database closes it.
 */
import jwt from "@fastify/jwt";
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from "fastify";
import type { Clock } from "../src/base/clock.ts";
import { LakhError } from "../src/base/errors.ts";
import type { Logger } from "../src/base/log.ts";
import type { Database } from "./database.ts";
import { registerMetrics } from "./metrics.ts";
import { registerGuestInit } from "./routes/auth.ts";
import { registerHealth } from "./routes/health.ts";
import { registerHome } from "./routes/home.ts";
import { registerSaved } from "./routes/saved.ts";
import { registerSearch } from "./routes/search.ts";

declare module "@fastify/jwt" {
  interface FastifyJWT {
    payload: { sub: string; role: "guest" };
    user: { sub: string; role: "guest" };
  }
}

/** What a server needs. */
export interface ServerOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Signs and verifies tokens; at least 32 characters. */
  readonly jwtSecret: string;
  readonly tokenLifeSeconds: number;
}

const issuer = "lakh-reference-api";

/** Builds the server. Nothing listens until `listen()`. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { database, clock, jwtSecret, tokenLifeSeconds } = options;
  const server = Fastify({
    logger: false,
    bodyLimit: 64 * 1_024,
    // Longer than the idle time of load balancers (60 s), so that they and not we close first; headers must come faster.
    keepAliveTimeout: 72_000,
    requestTimeout: 30_000,
    connectionTimeout: 0,
    // A pooled client is not to be cut off in the middle of its journey because it has sent many requests.
    maxRequestsPerSocket: 0,
    forceCloseConnections: "idle",
  });
  server.server.headersTimeout = 20_000;
  await server.register(jwt, {
    secret: jwtSecret,
    sign: { algorithm: "HS256", iss: issuer, expiresIn: tokenLifeSeconds },
    verify: { algorithms: ["HS256"], allowedIss: issuer },
  });
  answerErrors(server, options.logger);
  registerMetrics(server, database);
  registerHealth(server, database);
  registerGuestInit(server, database, tokenLifeSeconds);
  registerHome(server, database, clock);
  registerSearch(server, database);
  registerSaved(server, database);
  return server;
}

/** Every error has one shape, `{"error":{"code","message"}}`, and an unexpected one keeps its details to the log. */
function answerErrors(server: FastifyInstance, logger: Logger): void {
  server.setNotFoundHandler((request, reply) => {
    sendError(reply, 404, {
      code: "NOT_FOUND",
      message: `no such endpoint: ${request.method} ${request.url}`,
    });
  });
  server.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error instanceof LakhError && error.code === "TARGET_DATABASE_UNREACHABLE") {
      logger.log("error", error.message, { code: error.code, url: request.url });
      return sendError(reply, 503, {
        code: "DATABASE_UNAVAILABLE",
        message: "the database does not answer",
      });
    }
    const status = error.statusCode ?? 500;
    if (status >= 500) {
      logger.log("error", error.message, { url: request.url, stack: error.stack ?? "" });
      return sendError(reply, status, {
        code: "INTERNAL",
        message: "the request could not be answered",
      });
    }
    if (status === 401) reply.header("www-authenticate", "Bearer");
    return sendError(reply, status, {
      code: status === 401 ? "UNAUTHENTICATED" : error.code,
      message: error.message,
    });
  });
}

function sendError(
  reply: FastifyReply,
  status: number,
  error: { code: string; message: string },
): FastifyReply {
  return reply.code(status).send({ error });
}
