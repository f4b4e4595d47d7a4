/**
 * Objectives as they are written, and as a run is judged by them: the fields of `Objectives` that are stated, for the
 * rest to keep its default. Whoever states a percentile states all of them: a default p99 beside a stated p95 would judge
 * something that nobody asked for.
 */
import * as z from "zod";
import type { Objectives } from "../plan/index.ts";
import type { EndpointObjectivesConfig, ObjectivesConfig } from "./config.ts";
import { durationMs, numberAbove, parsePercentile, share } from "./quantities.ts";

/** What one endpoint must show. */
export interface EndpointObjectives {
  /** As it is written. */
  readonly endpoint: string;
  /** Undefined: any. */
  readonly method: string | undefined;
  /** Of the requests: their `name` tag. */
  readonly name: string;
  readonly latency: Objectives["latency"];
  readonly errorShare: number | null;
}

/** What is stated; a field that is missing keeps its default. */
export interface StatedObjectives {
  readonly overall: Partial<Objectives>;
  readonly endpoints: readonly EndpointObjectives[];
}

/** The fields that are stated, in the shape in which a run is judged by them. */
export function statedObjectives({ overall, endpoints }: StatedObjectives): Partial<Objectives> {
  if (endpoints.length === 0) return overall;
  return {
    ...overall,
    endpoints: endpoints.map(({ name, method, latency, errorShare }) => ({
      name,
      method,
      latency,
      errorShare,
    })),
  };
}

type Limit = Objectives["latency"][number];

const notJudged = "not judged";
const limit = durationMs("300ms");
const errorRate = share('0.001, or "0.1%"');

const percentiles = z
  .record(z.string(), limit, { error: 'percentiles with durations such as { "p99.9": "2s" }' })
  .transform((limits, context): Limit[] =>
    Object.entries(limits).flatMap(([name, limitMs]) => {
      const percentile = parsePercentile(name);
      if (percentile !== undefined) return [{ share: percentile, limitMs }];
      const message = 'a percentile such as "p95" or "p99.9" as the name';
      context.addIssue({ code: "custom", path: [name], message });
      return [];
    }),
  );

const rateExample = `a number of requests/s above 0, { min, max }, or "${notJudged}"`;
const rateBound = numberAbove("a number of requests/s above 0", 0);
const rate = z.union(
  [
    rateBound.transform((min) => ({ min, max: null })),
    z
      .strictObject({ min: rateBound, max: rateBound.optional() })
      .refine(({ min, max = min }) => min <= max)
      .transform(({ min, max = null }) => ({ min, max })),
    z.literal(notJudged).transform(() => null),
  ],
  { error: rateExample },
);

const orNotJudged = <Out, In>(
  scalar: z.ZodType<Out, In>,
  what: string,
): z.ZodType<Out | null, In | typeof notJudged> =>
  z.union([z.literal(notJudged).transform(() => null), scalar], {
    error: `${what}, or "${notJudged}"`,
  });

const endpointSchema = z
  .strictObject({
    p95: limit.optional(),
    p99: limit.optional(),
    latency: percentiles.optional(),
    errorRate: errorRate.optional(),
  })
  .transform((stated, context) => ({
    latency: limitsOf(stated, context) ?? [],
    errorShare: stated.errorRate ?? null,
  })) satisfies z.ZodType<unknown, EndpointObjectivesConfig>;

/** As they are written, to as they are judged. */
export const objectivesSchema: z.ZodType<StatedObjectives, ObjectivesConfig> = z
  .strictObject({
    p95: limit.optional(),
    p99: limit.optional(),
    latency: orNotJudged(percentiles, 'percentiles such as { "p99.9": "2s" }').optional(),
    errorRate: orNotJudged(errorRate, 'a share from 0 to 1 (0.001, or "0.1%")').optional(),
    requestsPerSecond: rate.optional(),
    cpu: orNotJudged(share(""), 'a share from 0 to 1 (0.7, or "70%")').optional(),
    memory: z.enum(["stable", notJudged], { error: `"stable" or "${notJudged}"` }).optional(),
    endpoints: z.record(z.string(), endpointSchema, { error: "endpoints by name" }).optional(),
  })
  .transform((stated, context) => ({
    overall: overallOf(stated, limitsOf(stated, context)),
    endpoints: Object.entries(stated.endpoints ?? {}).map(([endpoint, limits]) => ({
      endpoint,
      ...splitEndpoint(endpoint),
      ...limits,
    })),
  }));

interface StatedLimits {
  readonly p95?: number | undefined;
  readonly p99?: number | undefined;
  readonly latency?: readonly Limit[] | null | undefined;
}

/** Undefined when none is stated. */
function limitsOf(
  { p95, p99, latency }: StatedLimits,
  context: z.core.$RefinementCtx,
): Limit[] | undefined {
  const named: Limit[] = [
    ...(p95 === undefined ? [] : [{ share: 0.95, limitMs: p95 }]),
    ...(p99 === undefined ? [] : [{ share: 0.99, limitMs: p99 }]),
  ];
  if (named.length === 0 && latency === undefined) return undefined;
  const limits = [...named, ...(latency ?? [])].toSorted((one, other) => one.share - other.share);
  if (latency === null && named.length > 0)
    refuse(context, `"${notJudged}" only without p95 and p99`);
  for (const [index, { share: next, limitMs }] of limits.entries()) {
    const before = limits[index - 1];
    if (before === undefined) continue;
    if (before.share === next) refuse(context, `each percentile once, not ${shown(next)} twice`);
    else if (before.limitMs > limitMs)
      refuse(
        context,
        `limits that grow with the percentile, not ${shown(next)} below ${limitMs} ms beside ${shown(before.share)} below ${before.limitMs} ms`,
      );
  }
  return limits;
}

function refuse(context: z.core.$RefinementCtx, message: string): void {
  context.addIssue({ code: "custom", message });
}

function shown(percentile: number): string {
  return `p${Number((percentile * 100).toFixed(6))}`;
}

interface StatedOverall {
  readonly errorRate?: number | null | undefined;
  readonly requestsPerSecond?: Objectives["requestsPerSecond"] | undefined;
  readonly cpu?: number | null | undefined;
  readonly memory?: "stable" | typeof notJudged | undefined;
}

function overallOf(
  { errorRate: errorShare, requestsPerSecond, cpu, memory }: StatedOverall,
  latency: Limit[] | undefined,
): Partial<Objectives> {
  return {
    ...(latency === undefined ? {} : { latency }),
    ...(errorShare === undefined ? {} : { errorShare }),
    ...(requestsPerSecond === undefined ? {} : { requestsPerSecond }),
    ...(cpu === undefined ? {} : { cpuShare: cpu }),
    ...(memory === undefined ? {} : { memoryStable: memory === "stable" }),
  };
}

/** "GET /home" is a method and a name; "/home" and "log in" are names. */
function splitEndpoint(endpoint: string): { method: string | undefined; name: string } {
  const [, method, name = endpoint] = /^([A-Z]+) (.+)$/u.exec(endpoint) ?? [];
  return { method, name };
}
