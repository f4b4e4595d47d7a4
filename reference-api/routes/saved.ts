/** `GET /api/v1/engagement/series/saved`: what the guest of the Bearer token saved; 401 without a valid token. */
import type { FastifyInstance } from "fastify";
import type { Database } from "../database.ts";
import { savedBy } from "../guests.ts";
import { cardSchema } from "./card-schema.ts";

const answer = {
  type: "object",
  properties: {
    count: { type: "integer" },
    series: {
      type: "array",
      items: {
        type: "object",
        properties: { ...cardSchema.properties, savedAt: { type: "string" } },
      },
    },
  },
} as const;

/** Registers the route. */
export function registerSaved(server: FastifyInstance, database: Database): void {
  server.get(
    "/api/v1/engagement/series/saved",
    { schema: { response: { 200: answer } }, onRequest: (request) => request.jwtVerify() },
    async (request) => {
      const series = await savedBy(database, request.user.sub);
      return { count: series.length, series };
    },
  );
}
