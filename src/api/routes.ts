/**
 * The routes of the REST API (k6-behaviour 8): what each does with a run, and what it answers. No sockets here.
 * Beyond k6: `vus` and `vus-max` of PATCH /v1/status scale looping VUs while they run, where k6 refuses.
 */
import type { Logger } from "../base/log.ts";
import {
  type Answer,
  failure,
  flattenGroups,
  groupBody,
  metricBody,
  noContent,
  ok,
  plainText,
  setupBody,
  setupType,
  statusBody,
  statusType,
  text,
  unknownRoute,
  wrongMethod,
} from "./answers.ts";
import { Refusal, type RunControl, type ScaleRequest } from "./control.ts";
import { processMetrics } from "./process-metrics.ts";

export interface ApiRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly body: string;
}

type Handler = (
  request: ApiRequest,
  parts: { control: RunControl; logger: Logger },
) => Answer | Promise<Answer>;

/** Answers one request; a path outside of /v1 is answered `ok`, as k6 does. */
export async function answer(
  request: ApiRequest,
  parts: { control: RunControl; logger: Logger },
): Promise<Answer> {
  const { path, method } = request;
  if (path === "/metrics") return text(processMetrics());
  if (!path.startsWith("/v1/")) return text("ok");
  const methods = Object.hasOwn(fixedRoutes, path) ? fixedRoutes[path] : itemRoute(path);
  if (methods === undefined) return unknownRoute;
  const handler = Object.hasOwn(methods, method) ? methods[method] : undefined;
  return handler === undefined ? wrongMethod : await handler(request, parts);
}

function itemRoute(path: string): Readonly<Record<string, Handler>> | undefined {
  if (/^\/v1\/metrics\/[^/]+$/u.test(path)) return { GET: getMetric };
  if (/^\/v1\/groups\/[^/]+$/u.test(path)) return { GET: getGroup };
  return undefined;
}

const getStatus: Handler = (_, { control }) => ok(statusBody(control.status()), statusType);

interface StatusPatch extends ScaleRequest {
  readonly paused: boolean | undefined;
  readonly stopped: boolean;
}

const patchStatus: Handler = async ({ body }, { control, logger }) => {
  const patch = parseStatusPatch(body);
  if (patch instanceof SyntaxError)
    return failure(400, { title: "Invalid data", detail: patch.message }, statusType);
  try {
    if (patch.stopped) control.stop();
    else if (patch.paused !== undefined) control.setPaused(patch.paused);
    if (patch.vus !== undefined || patch.maxVus !== undefined) await control.scale(patch);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    logger.log("debug", error.title, { error: error.message });
    return failure(500, { title: error.title, detail: error.message }, statusType);
  }
  return ok(statusBody(control.status()), statusType);
};

function parseStatusPatch(body: string): StatusPatch | SyntaxError {
  const document = parseBody(body);
  if (document instanceof SyntaxError) return document;
  const data = (document as { data?: { attributes?: unknown } } | null)?.data;
  const given = (data?.attributes ?? {}) as Readonly<Record<string, unknown>>;
  const wrong = Object.entries(attributeTypes).find(
    ([name, type]) => given[name] !== undefined && given[name] !== null && !type.is(given[name]),
  );
  if (wrong !== undefined)
    return new SyntaxError(`the attribute "${wrong[0]}" must be ${wrong[1].name}`);
  return {
    paused: (given["paused"] ?? undefined) as boolean | undefined,
    stopped: given["stopped"] === true,
    vus: (given["vus"] ?? undefined) as number | undefined,
    maxVus: (given["vus-max"] ?? undefined) as number | undefined,
    scenario: (given["scenario"] ?? undefined) as string | undefined,
  };
}

const isFlag = (value: unknown): boolean => typeof value === "boolean";
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const attributeTypes: Readonly<Record<string, { name: string; is: (value: unknown) => boolean }>> =
  {
    paused: { name: "true or false", is: isFlag },
    stopped: { name: "true or false", is: isFlag },
    vus: { name: "a whole number", is: isCount },
    "vus-max": { name: "a whole number", is: isCount },
    scenario: { name: "a text", is: (value) => typeof value === "string" },
  };

const getMetrics: Handler = (_, { control }) =>
  ok({ data: control.metrics().map(metricBody) }, plainText);

const getMetric: Handler = ({ path }, { control }) => {
  const name = lastPart(path);
  const found = control.metrics().find((metric) => metric.name === name);
  return found === undefined ? notFound("metric") : ok({ data: metricBody(found) }, plainText);
};

const getGroups: Handler = (_, { control }) =>
  ok({ data: flattenGroups(control.rootGroup()).map(groupBody) }, plainText);

const getGroup: Handler = ({ path }, { control }) => {
  const id = lastPart(path);
  const found = flattenGroups(control.rootGroup()).find(({ group }) => group.id === id);
  return found === undefined ? notFound("group") : ok({ data: groupBody(found) }, plainText);
};

const getSetup: Handler = (_, { control }) => ok(setupBody(control.setupJson), setupType);

const putSetup: Handler = ({ body }, { control }) => {
  const data = body === "" ? undefined : parseBody(body);
  if (data instanceof SyntaxError)
    return failure(400, { title: "Error parsing request body", detail: data.message }, plainText);
  control.setSetupJson(data === undefined ? undefined : JSON.stringify(data));
  return ok(setupBody(control.setupJson), setupType);
};

const postSetup: Handler = async (_, parts) => {
  const failed = await attempt("Error executing setup", () => parts.control.runSetup(), parts);
  return failed ?? ok(setupBody(parts.control.setupJson), setupType);
};

const postTeardown: Handler = async (_, parts) => {
  const run = (): Promise<void> => parts.control.runTeardown();
  return (await attempt("Error executing teardown", run, parts)) ?? noContent;
};

async function attempt(
  title: string,
  run: () => Promise<void>,
  { logger }: { logger: Logger },
): Promise<Answer | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    logger.log("error", title, { error: detail });
    return failure(500, { title, detail }, plainText);
  }
}

function notFound(what: string): Answer {
  const detail = `No ${what} with that ID was found`;
  return failure(404, { title: "Not Found", detail }, plainText);
}

/** Ids of sub-metrics hold braces and colons, which clients may have escaped. */
function lastPart(path: string): string {
  const part = path.slice(path.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(part);
  } catch {
    // No escape sequence at all: the id is meant as it stands.
    return part;
  }
}

/** The body as JSON, or what is wrong with it in the words of Go's decoder where they are these. */
function parseBody(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch (error) {
    const first = /^\s*(\S)/u.exec(body)?.[1];
    if (first === undefined) return new SyntaxError("unexpected end of JSON input");
    const isValueStart = /[[{"\dtfn-]/u.test(first);
    return isValueStart
      ? (error as SyntaxError)
      : new SyntaxError(`invalid character '${first}' looking for beginning of value`);
  }
}

const fixedRoutes: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  "/v1/status": { GET: getStatus, PATCH: patchStatus },
  "/v1/metrics": { GET: getMetrics },
  "/v1/groups": { GET: getGroups },
  "/v1/setup": { GET: getSetup, PUT: putSetup, POST: postSetup },
  "/v1/teardown": { POST: postTeardown },
};
