/** `GET /healthz`: 200 when the API can answer, which includes its database; 503 when it cannot. */
import type { FastifyInstance } from "fastify";
import type { Database } from "../database.ts";

const ping = { name: "ping", text: "SELECT 1" };

/** Registers the route. */
export function registerHealth(server: FastifyInstance, database: Database): void {
  server.get("/healthz", async (request, reply) => {
    try {
      await database.query(ping);
      return { status: "ok", database: database.engine };
    } catch (error) {
      request.log.error(error);
      return reply.code(503).send({ status: "unavailable", database: database.engine });
    }
  });
}
