/**
 * `GET /api/v1/content/mobile/home`: eight rails of twelve series. The feed is the same for everybody and is kept,
 * serialised, for a second, as such feeds are in production; the age is stated in `Cache-Control`.
 */
import type { FastifyInstance } from "fastify";
import type { Clock } from "../../src/base/clock.ts";
import type { Database } from "../database.ts";
import { cardColumns, type SeriesCard } from "../guests.ts";
import { createTimedCache } from "../timed-cache.ts";

const cacheMs = 1_000;
const railLength = 12;

type RailRow = SeriesCard & { railSlug: string; railTitle: string };

/** Each branch has one order, so that each reads an index (or, by genre, a few hundred rows) instead of sorting everything. */
const selectRails = {
  name: "home-rails",
  text: `
    SELECT rail.slug AS "railSlug", rail.title AS "railTitle", ${cardColumns}
    FROM home_rails AS rail CROSS JOIN LATERAL (
      (SELECT popular.*, row_number() OVER () AS place FROM
        (SELECT * FROM series WHERE rail.source = 'popular' ORDER BY popularity DESC, id LIMIT $1) AS popular)
      UNION ALL
      (SELECT new.*, row_number() OVER () FROM
        (SELECT * FROM series WHERE rail.source = 'new' ORDER BY released_on DESC, id LIMIT $1) AS new)
      UNION ALL
      (SELECT rated.*, row_number() OVER () FROM
        (SELECT * FROM series WHERE rail.source = 'rated' ORDER BY rating DESC, id LIMIT $1) AS rated)
      UNION ALL
      (SELECT themed.*, row_number() OVER () FROM
        (SELECT * FROM series WHERE rail.source = 'genre' AND genres @> ARRAY[rail.genre]
         ORDER BY popularity DESC, id LIMIT $1) AS themed)
    ) AS s
    ORDER BY rail.position, s.place`,
};

/** Registers the route. */
export function registerHome(server: FastifyInstance, database: Database, clock: Clock): void {
  const feed = createTimedCache({
    clock,
    ttlMs: cacheMs,
    load: async () => JSON.stringify(await loadFeed(database)),
  });
  server.get("/api/v1/content/mobile/home", async (_request, reply) => {
    return reply
      .type("application/json; charset=utf-8")
      .header("cache-control", `public, max-age=${cacheMs / 1_000}`)
      .send(await feed());
  });
}

async function loadFeed(database: Database): Promise<{ rails: object[] }> {
  const rails = new Map<string, { slug: string; title: string; series: SeriesCard[] }>();
  for (const { railSlug, railTitle, ...card } of await database.query<RailRow>(selectRails, [
    railLength,
  ])) {
    let rail = rails.get(railSlug);
    if (rail === undefined)
      rails.set(railSlug, (rail = { slug: railSlug, title: railTitle, series: [] }));
    rail.series.push(card);
  }
  return { rails: [...rails.values()] };
}
