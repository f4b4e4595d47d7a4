/**
 * The shape of the config file as a check at run time: what `config.ts` says, plus what its types cannot say. `satisfies`
 * makes the compiler compare the two, so the types cannot promise what is not checked here.
 */
import * as z from "zod";
import type { DemandInput } from "../plan/index.ts";
import type { LakhConfig, ObserveConfig } from "./config.ts";
import { objectivesSchema } from "./objectives.ts";
import {
  durationMs,
  hostName,
  numberAbove,
  share,
  text,
  texts,
  webUrl,
  wholeNumber,
} from "./quantities.ts";
import type { ResolvedConfig } from "./resolved.ts";

const above = (what: string): z.ZodType<number, number> => numberAbove(`${what} above 0`, 0);

const name = "a name of letters, digits, _ and -";
/** k6's rule for the names of scenarios, which these become. */
const scenarioName = z.string({ error: name }).regex(/^[\w-]+$/u, { error: name });

const env = z.record(
  z.string().regex(/^[A-Za-z_]\w*$/u, { error: "a name of letters, digits and _" }),
  z.union([z.string(), z.number(), z.boolean(), z.undefined()], {
    error: "a text, a number or true",
  }),
  { error: "names with values" },
);

const target = z.strictObject({
  url: webUrl("https://staging.example.com").optional(),
  allowedHosts: z.array(hostName, { error: "a list of hosts" }).optional(),
  cores: above("a number of CPU cores").optional(),
});

const atLeastOne = "a factor of at least 1";

const audience = z.strictObject({
  dau: above("a number of daily users").optional(),
  requestsPerUserPerDay: above("a number of requests").optional(),
  sessionsPerUserPerDay: above("a number of sessions").optional(),
  requestsPerSession: above("a number of requests").optional(),
  sessionSeconds: above("a number of seconds").optional(),
  thinkTimeSeconds: above("a number of seconds").optional(),
  peakWindowHours: above("a number of hours").optional(),
  peakWindowShare: share('0.6, or "60%"').optional(),
  peakToAverage: z.number({ error: atLeastOne }).min(1, { error: atLeastOne }).optional(),
  concurrencyShare: share('0.05, or "5%"').optional(),
  growth: above("a factor").optional(),
});

const journey = z
  .strictObject({
    name: scenarioName,
    exec: text("the name of a function that the script exports").optional(),
    weight: above("a number").optional(),
  })
  .transform(({ name: called, exec = called, weight = 1 }) => ({ name: called, exec, weight }));

const phase = z
  .strictObject({
    name: scenarioName,
    users: wholeNumber("a whole number of users above 0", 1),
    duration: durationMs("30m"),
    warmUp: durationMs("1m").optional(),
    objectives: objectivesSchema.optional(),
  })
  .transform(({ name: called, users, duration, warmUp, objectives = nothingStated }) => ({
    name: called,
    users,
    durationMs: duration,
    warmUpMs: warmUp,
    objectives,
  }));

const nothingStated = { overall: {}, endpoints: [] };

const headers = texts.optional();
const observe: z.ZodType<ObserveConfig, ObserveConfig> = z.union(
  [
    z.strictObject({ metrics: webUrl("http://10.0.0.7:9464/metrics"), headers }),
    z.strictObject({ process: wholeNumber("the id of a process", 1, 2 ** 31) }),
    z.strictObject({
      prometheus: webUrl("http://prometheus:9090"),
      preset: z
        .enum(["kubernetes", "node-exporter", "nodejs", "go", "jvm"], {
          error: '"kubernetes", "node-exporter", "nodejs", "go" or "jvm"',
        })
        .optional(),
      selector: texts.optional(),
      queries: texts.optional(),
      headers,
    }),
  ],
  { error: "{ metrics: URL }, { process: PID } or { prometheus: URL, preset }" },
);

/** A list whose items are told apart by their names. */
const named = <Out extends { readonly name: string }, In>(
  item: z.ZodType<Out, In>,
  what: string,
): z.ZodType<Out[], readonly In[]> =>
  z.array(item, { error: `a list of ${what}` }).superRefine((items, context) => {
    for (const [index, { name: called }] of items.entries()) {
      if (items.findIndex((each) => each.name === called) === index) continue;
      context.addIssue({ code: "custom", path: [index, "name"], message: "a name of its own" });
    }
  });

/** The file without its place: paths are still as they are written. */
type PlacelessConfig = Omit<ResolvedConfig, "file" | "audience"> & {
  readonly audience: { readonly [K in keyof DemandInput]?: DemandInput[K] | undefined };
};

export const configSchema: z.ZodType<PlacelessConfig, LakhConfig> = z
  .strictObject({
    $schema: z.string().optional(),
    script: text("the path of a k6 script").optional(),
    env: env.optional(),
    target: target.optional(),
    audience: audience.optional(),
    journeys: named(journey, "journeys").optional(),
    objectives: objectivesSchema.optional(),
    phases: named(phase, "phases").optional(),
    observe: z.array(observe, { error: "a list of sources" }).optional(),
    outputs: z
      .array(text("prometheus=http://host:9090"), { error: "a list of outputs" })
      .optional(),
    exchanges: z.boolean({ error: "true or false" }).optional(),
  })
  .transform((given) => {
    const { url, allowedHosts = [], cores } = given.target ?? {};
    return {
      script: given.script,
      env: { ...(url === undefined ? {} : { BASE_URL: url }), ...setValues(given.env) },
      target: { url, allowedHosts, cores },
      audience: given.audience ?? {},
      journeys: given.journeys ?? [],
      objectives: given.objectives ?? nothingStated,
      phases: given.phases,
      observe: given.observe ?? [],
      outputs: given.outputs,
      exchanges: given.exchanges,
    };
  });

/** Values as texts, which is what `__ENV` has; what is undefined is not set. */
function setValues(given: LakhConfig["env"] = {}): Record<string, string> {
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set.map(([key, value]) => [key, String(value)]));
}
