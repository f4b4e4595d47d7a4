/**
 * `GET /api/v1/search?q=…&limit=…`: series whose title or genres have a word starting with each word of `q`, the most
 * played first. A full-text index finds them (`series_search`); nothing is cached.
 */
import type { FastifyInstance } from "fastify";
import type { Database } from "../database.ts";
import type { SeriesCard } from "../guests.ts";
import { cardColumns } from "../guests.ts";
import { cardSchema } from "./card-schema.ts";

const querystring = {
  type: "object",
  required: ["q"],
  properties: {
    q: { type: "string", minLength: 1, maxLength: 64 },
    limit: { type: "integer", minimum: 1, maximum: 50, default: 20 },
  },
} as const;

const answer = {
  type: "object",
  properties: {
    query: { type: "string" },
    count: { type: "integer" },
    results: { type: "array", items: cardSchema },
  },
} as const;

/** Exported for the test that reads its plan. */
export const selectMatches = {
  name: "search",
  text: `
    SELECT ${cardColumns} FROM series AS s
    WHERE s.search @@ to_tsquery('simple', $1)
    ORDER BY s.popularity DESC, s.id
    LIMIT $2`,
};

/** Registers the route. */
export function registerSearch(server: FastifyInstance, database: Database): void {
  server.get<{ Querystring: { q: string; limit: number } }>(
    "/api/v1/search",
    { schema: { querystring, response: { 200: answer } } },
    async ({ query: { q, limit } }) => {
      const prefixes = toPrefixQuery(q);
      const results =
        prefixes === "" ? [] : await database.query<SeriesCard>(selectMatches, [prefixes, limit]);
      return { query: q, count: results.length, results };
    },
  );
}

/**
 * "silent riv" → `silent:* & riv:*`. Only letters, their marks and digits get through, so the text cannot carry operators of
 * the query language; "" when nothing is left.
 */
export function toPrefixQuery(text: string): string {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return words.map((word) => `${word}:*`).join(" & ");
}
