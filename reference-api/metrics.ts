/**
 * What the target says of itself on `/metrics`, in Prometheus' text format: request durations by route, method and
 * status, the process (CPU, memory, event-loop lag, garbage collection: prom-client's defaults) and the pool.
 * Labels are bounded: a request that meets no route counts as route "unmatched".
 */
import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Database } from "./database.ts";

/** Finer than prom-client's defaults below 100 ms, where a healthy answer lies. */
const durationBucketsSeconds = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** Counts every request of `server` and serves `GET /metrics`. Call it before the routes are registered. */
export function registerMetrics(server: FastifyInstance, database: Database): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  observePool(registry, database);
  observeRequests(server, registry);
  server.get("/metrics", async (_request, reply) => {
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

function observeRequests(server: FastifyInstance, registry: Registry): void {
  const duration = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from the request's headers to the end of its answer.",
    labelNames: ["route", "method", "status"],
    buckets: durationBucketsSeconds,
    registers: [registry],
  });
  server.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url ?? "unmatched";
    duration.observe(
      { route, method: request.method, status: reply.statusCode },
      reply.elapsedTime / 1_000,
    );
    done();
  });
}

function observePool(registry: Registry, database: Database): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    const pool: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      collect: () => pool.set(read()),
    });
  };
  gauge("db_pool_size", "Connections to the database.", () => database.pool().size);
  gauge("db_pool_in_use", "Connections that are running a query.", () => database.pool().inUse);
  gauge("db_pool_waiting", "Queries that wait for a connection.", () => database.pool().waiting);
}
