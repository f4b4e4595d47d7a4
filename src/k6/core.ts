/**
 * Module `k6`: check, group, sleep, fail, randomSeed.
 * check and group call functions of the script that may block; all of it goes through `vu.call`, and stays synchronous
 * as long as nothing blocks. Semantics: reference k6-behaviour 5.1.
 */
import type { Series, TagSet } from "../metrics/index.ts";
import type { VuContext } from "./context.ts";
import { isAsyncFunction } from "./async-functions.ts";
import { forbidInInit, GoError } from "./errors.ts";
import { seedRandom } from "./random.ts";
import { withCustomTags } from "./tags.ts";
import { type WorkerScope, workerScope } from "./worker-scope.ts";
import { textOf } from "./text.ts";

const separator = "::";
const asyncCheckMessage =
  "the built-in check() does not support async functions as arguments. " +
  "Use the JavaScript utils library as a replacement. " +
  "Refer to https://grafana.com/docs/k6/latest/javascript-api/jslib/utils/check/ for more info";
const asyncGroupMessage =
  "group() does not support async functions as arguments, " +
  "please see https://grafana.com/docs/k6/latest/javascript-api/k6/group/ for more info";

/** The functions of module `k6`. */
interface CoreModule {
  check(value: unknown, sets: unknown, tags?: unknown): boolean;
  group<T>(name: string, body: () => T): T;
  sleep(seconds: number): void;
  fail(message?: unknown): never;
  randomSeed(seed: number): void;
}

/** Builds module `k6` for one VU. */
export function createCore(vu: VuContext): CoreModule {
  const scope = workerScope(vu);
  return {
    check: (value, sets, tags) => check(vu, scope, { value, sets, tags }),
    group: (name, body) => group(vu, scope, { name, body }),
    sleep: (seconds) => sleep(vu, seconds),
    fail: (message) => {
      throw new GoError(message === undefined ? "" : textOf(message));
    },
    randomSeed: (seed) => seedRandom(vu, seed),
  };
}

interface CheckCall {
  readonly value: unknown;
  readonly sets: unknown;
  readonly tags: unknown;
}

function check(vu: VuContext, scope: WorkerScope, call: CheckCall): boolean {
  forbidInInit(vu, "Using check() in the init context is not supported");
  const { sets } = call;
  if (sets === undefined) throw new GoError("no checks provided to `check`");
  if (sets === null) throw new TypeError("Cannot convert undefined or null to object");
  const tags = call.tags === undefined ? vu.tags : withCustomTags(vu.tags, call.tags);
  return new CheckRun({
    vu,
    scope,
    tags,
    value: call.value,
    sets: sets as Record<string, unknown>,
  }).run();
}

interface CheckInput {
  readonly vu: VuContext;
  readonly scope: WorkerScope;
  readonly tags: TagSet;
  readonly value: unknown;
  readonly sets: Readonly<Record<string, unknown>>;
}

/**
 * One call of check(). It is its own continuation: when a function of the set blocks, `run` returns the sentinel
 * it was given, and goes on with the next function from `onValue`.
 */
class CheckRun {
  readonly #input: CheckInput;
  readonly #names: readonly string[];
  #next = 0;
  /** Of the function that is called now. */
  #name = "";
  #allPassed = true;
  #inLoop = false;
  #settled = false;

  constructor(input: CheckInput) {
    this.#input = input;
    this.#names = Object.keys(input.sets);
  }

  run(): boolean {
    while (this.#next < this.#names.length) {
      const name = this.#names[this.#next++]!;
      const item = this.#input.sets[name];
      requireCheckName(name);
      if (typeof item !== "function") {
        this.#record(name, Boolean(item));
        continue;
      }
      const outcome = this.#call(name, item as (value: unknown) => unknown);
      if (!this.#settled) return outcome;
    }
    return this.#allPassed;
  }

  #call(name: string, test: (value: unknown) => unknown): boolean {
    if (isAsyncFunction(test)) throw new GoError(asyncCheckMessage);
    const { vu, value } = this.#input;
    this.#settled = false;
    this.#inLoop = true;
    this.#name = name;
    const outcome = vu.call(() => test(value), this);
    this.#inLoop = false;
    return outcome;
  }

  onValue(result: unknown): boolean {
    // A lowered async function is an ordinary one that returns a promise; counting it as passed would be a lie.
    if (result instanceof Promise) throw new GoError(asyncCheckMessage);
    this.#record(this.#name, Boolean(result));
    this.#settled = true;
    return this.#inLoop ? this.#allPassed : this.run();
  }

  onError(error: unknown): never {
    this.#record(this.#name, false);
    throw error;
  }

  #record(name: string, passed: boolean): void {
    if (!passed) this.#allPassed = false;
    const { vu, scope, tags } = this.#input;
    if (vu.interrupted) return;
    vu.claimSamples();
    checkSeries(vu, scope, { tags, name }).add(passed ? 1 : 0);
  }
}

function checkSeries(
  vu: VuContext,
  scope: WorkerScope,
  key: { tags: TagSet; name: string },
): Series {
  const known = scope.checkSeries.get(key.tags, key.name);
  if (known !== undefined) return known;
  const tags = vu.options.systemTags.has("check") ? key.tags.with("check", key.name) : key.tags;
  const series = vu.series(scope.builtin.checks, tags);
  scope.checkSeries.set(key.tags, key.name, series);
  return series;
}

function group<T>(vu: VuContext, scope: WorkerScope, call: { name: string; body: () => T }): T {
  forbidInInit(vu, "Using group() in the init context is not supported");
  const name = call.name === undefined || call.name === null ? "" : String(call.name);
  if (name.includes(separator)) throw new GoError("group and check names may not contain '::'");
  if (typeof call.body !== "function")
    throw new GoError("group() requires a callback as a second argument");
  if (isAsyncFunction(call.body)) throw new GoError(asyncGroupMessage);
  return vu.call(call.body, new GroupRun<T>(vu, scope, name));
}

/** One call of group(): sets the path of the group, and at its end records its duration and sets the outer path again. */
class GroupRun<T> {
  readonly #vu: VuContext;
  readonly #scope: WorkerScope;
  readonly #outer: string | undefined;
  readonly #startMs: number;

  constructor(vu: VuContext, scope: WorkerScope, name: string) {
    this.#vu = vu;
    this.#scope = scope;
    this.#outer = vu.tags.get("group");
    // A group without a name is the one it stands in.
    if (name !== "" && vu.options.systemTags.has("group"))
      vu.tags = vu.tags.with("group", (this.#outer ?? "") + separator + name);
    this.#startMs = vu.clock.nowMs();
  }

  onValue(value: T): T {
    this.#end();
    return value;
  }

  onError(error: unknown): never {
    this.#end();
    throw error;
  }

  #end(): void {
    const vu = this.#vu;
    if (!vu.interrupted) {
      vu.series(this.#scope.builtin.groupDuration, vu.tags).add(vu.clock.nowMs() - this.#startMs);
    }
    if (!vu.options.systemTags.has("group")) return;
    // Only the path goes back: what the group's body put into exec.vu.tags stays.
    const outer = this.#outer;
    vu.tags = outer === undefined ? vu.tags.without("group") : vu.tags.with("group", outer);
  }
}

function sleep(vu: VuContext, seconds: number): void {
  const delayMs = Number(seconds) * 1_000;
  if (!(delayMs > 0)) return;
  return vu.pause(delayMs);
}

function requireCheckName(name: string): void {
  if (name.includes(separator)) throw new GoError("group and check names may not contain '::'");
}
