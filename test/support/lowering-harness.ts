/**
 * Runs one script in several ways that must not differ: as written on primitives that return at once (the oracle),
 * and lowered on primitives that really wait or that return at once. What is compared is the result, or the error,
 * and the trace of effects in their order.
 */
import { inspect } from "node:util";
import { lower } from "../../src/script/lowering/lower.ts";
import type { Lowered, LowerOptions } from "../../src/script/lowering/lowered.ts";
import { createGlobalReader, createScriptRuntime, type Lane } from "../../src/script/runtime.ts";

const runtime = createScriptRuntime();

/** How primitives behave. */
export type Primitives = "plain" | "waiting" | "immediate";

/** What a run showed. */
export interface Outcome {
  /** The result as text, or `name: message` of what was thrown. */
  readonly ended: string;
  readonly thrown: unknown;
  readonly trace: readonly string[];
}

export interface World {
  readonly trace: string[];
  readonly lane: Lane;
  readonly globals: Record<string, unknown>;
  readonly importModule: (specifier: string) => object;
}

const traceLimit = 2_000;

/** A world of primitives for one VU. */
export function createWorld(primitives: Primitives, lane: Lane = runtime.createLane()): World {
  const trace: string[] = [];
  const log = (...words: unknown[]): void => {
    if (trace.length > traceLimit) throw new Error("the trace is too long: an endless loop?");
    trace.push(words.map((word) => (typeof word === "string" ? word : inspect(word))).join(" "));
  };
  /** Makes a value that the script waits for, or has at once. A function value throws what it throws. */
  const give = <T>(what: string, make: () => T): T => {
    log(what);
    if (primitives !== "waiting") return make();
    const later = new Promise<T>((resolve, reject) => {
      setImmediate(() => {
        try {
          resolve(make());
        } catch (error) {
          reject(error);
        }
      });
    });
    return lane.block(later, what.split(" ")[0]);
  };
  const modules = createModules({ lane, log, give });
  const globals: Record<string, unknown> = { log };
  globals.globalThis = globals;
  return {
    trace,
    lane,
    globals,
    importModule: (specifier) => modules[specifier] ?? missing(specifier),
  };
}

function missing(specifier: string): never {
  throw new Error(`no module ${specifier}`);
}

interface Tools {
  readonly lane: Lane;
  readonly log: (...words: unknown[]) => void;
  readonly give: <T>(what: string, make: () => T) => T;
}

function createModules(tools: Tools): Record<string, object> {
  const { give } = tools;
  const respond = (url: unknown): Record<string, unknown> => {
    if (String(url).startsWith("boom")) throw new TypeError(`no route to ${String(url)}`);
    const id = Number(/\d+/u.exec(String(url))?.[0] ?? 0);
    return {
      url,
      status: 200 + id,
      id,
      body: `<${String(url)}>`,
      json: () => ({ id, items: [id, id + 1] }),
      submitForm: (form: string) => give(`form ${form}`, () => respond(`${form}7`)),
    };
  };
  const get = (url: unknown): unknown => give(`get ${String(url)}`, () => respond(url));
  const http = {
    get,
    post: (url: unknown, body: unknown) =>
      give(`post ${String(url)} ${String(body)}`, () => respond(url)),
    batch: (urls: unknown[]) => give(`batch ${urls.length}`, () => urls.map(respond)),
    asyncRequest: async (_method: string, url: unknown) => {
      tools.log(`async ${String(url)}`);
      await new Promise((resolve) => setImmediate(resolve));
      return respond(url);
    },
  };
  const core = {
    sleep: (seconds: unknown) => give(`sleep ${String(seconds)}`, () => undefined),
    check: (value: unknown, set: Record<string, unknown>) => runChecks(tools, value, set),
    group: (name: string, callee: () => unknown) => runGroup(tools, name, callee),
  };
  return {
    k6: { ...core, default: core },
    "k6/http": { ...http, default: http },
  };
}

function runChecks({ lane, log }: Tools, value: unknown, set: Record<string, unknown>): boolean {
  const entries = Object.entries(set);
  let passed = true;
  const next = (index: number): boolean => {
    const entry = entries[index];
    if (entry === undefined) return passed;
    const [name, predicate] = entry;
    return lane.call(
      () => (typeof predicate === "function" ? (predicate(value) as unknown) : predicate),
      {
        onValue(result) {
          log(`check ${name} ${String(Boolean(result))}`);
          passed &&= Boolean(result);
          return next(index + 1);
        },
        onError(error) {
          log(`check ${name} threw`);
          throw error;
        },
      },
    );
  };
  return next(0);
}

function runGroup({ lane, log }: Tools, name: string, callee: () => unknown): unknown {
  log(`group ${name}`);
  return lane.call(callee, {
    onValue(value) {
      log(`end ${name}`);
      return value;
    },
    onError(error) {
      log(`end ${name}`);
      throw error;
    },
  });
}

/** The exports of a lowered program, ready to be called. */
export type Instance = Record<string, (...args: unknown[]) => unknown>;

/** Puts the shell around lowered code and runs its top level. */
export function instantiate(lowered: Lowered, world: World): Instance | Promise<Instance> {
  const { names, kitNames, exports } = lowered;
  const kit = Object.entries(kitNames).map(([member, name]) => `${member}:${name}`);
  const getters = exports.map(
    ({ exported, local }) => `get ${JSON.stringify(exported)}(){return ${local}}`,
  );
  const source =
    `"use strict";return (${lowered.topLevelAwaits ? "async " : ""}function(){const {${kit.join(",")}}=$kit;` +
    `${lowered.code}\nreturn {${getters.join(",")}}})()`;
  // oxlint-disable-next-line typescript/no-implied-eval -- running the program under test is the point
  const shell = new Function("$kit", names.importModule, names.globals, names.readGlobal, source);
  return shell(
    world.lane.kit,
    world.importModule,
    world.globals,
    createGlobalReader(world.globals),
  ) as Instance | Promise<Instance>;
}

/** Runs a script's default function once; one that is lowered already when it is given. */
export async function runScript(
  source: string,
  how: { primitives: Primitives; options?: LowerOptions; lowered?: Lowered },
): Promise<Outcome> {
  const world = createWorld(how.primitives);
  const mode = how.primitives === "plain" ? "none" : "auto";
  try {
    const lowered = how.lowered ?? lower(source, { mode, ...how.options });
    const instance = await instantiate(lowered, world);
    const main = instance.default ?? missing("default export");
    const value = await (how.primitives === "plain" ? main() : world.lane.enter(() => main()));
    return { ended: inspect(value, { depth: 6 }), thrown: undefined, trace: world.trace };
  } catch (thrown) {
    const ended = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : inspect(thrown);
    return { ended, thrown, trace: world.trace };
  }
}

/** One run that must equal the oracle. */
export interface Variant {
  readonly title: string;
  readonly primitives: Primitives;
  readonly mode: "auto" | "all";
}

export const variants: readonly Variant[] = [
  { title: "lowered, waiting", primitives: "waiting", mode: "auto" },
  { title: "lowered, at once", primitives: "immediate", mode: "auto" },
  { title: "everything lowered, waiting", primitives: "waiting", mode: "all" },
  { title: "everything lowered, at once", primitives: "immediate", mode: "all" },
];

const prelude = 'import http from "k6/http";import {sleep, check, group} from "k6";';

/** A script from the body of its default function and what stands before it. */
export function scriptOf(body: string, top = "", keyword = "function"): string {
  return `${prelude}${top}\nexport default ${keyword} main() {\n${body}\n}\n`;
}
