/**
 * Module `k6/execution`: where in the test the script is, and two ways to end it.
 * The objects only hold the VU: every property reads the VU's live state, so nothing is copied per iteration.
 */
import type { ExecutionState, VuContext } from "./context.ts";
import { forbidInInit, GoError } from "./errors.ts";
import { toTagValue } from "./tags.ts";
import { deepFreeze } from "./freeze.ts";
import { textOf } from "./text.ts";

/** Module `k6/execution` (its default export, which is also its namespace). */
interface ExecutionModule {
  readonly instance: object;
  readonly scenario: object;
  readonly test: object;
  readonly vu: object;
}

/** Builds module `k6/execution` for one VU. */
export function createExecution(vu: VuContext): ExecutionModule {
  return {
    instance: enumerable(new InstanceInfo(vu)),
    scenario: enumerable(new ScenarioInfo(vu)),
    test: createTest(vu),
    vu: enumerable(new VuInfo(vu), { isSealed: true }),
  };
}

/** Handlers by prototype: what they do depends on the class alone. */
const handlers = new Map<object, ProxyHandler<object>>();

/** An object whose getters count as its own properties, as k6's do: scripts print and spread them. */
function enumerable<T extends object>(info: T, { isSealed } = { isSealed: false }): T {
  const prototype = Object.getPrototypeOf(info) as object;
  let handler = handlers.get(prototype);
  if (handler === undefined) {
    handler = enumerableHandler(prototype, isSealed);
    handlers.set(prototype, handler);
  }
  return new Proxy(info, handler) as T;
}

function enumerableHandler(prototype: object, isSealed: boolean): ProxyHandler<object> {
  const names = Object.getOwnPropertyNames(prototype).filter((name) => name !== "constructor");
  return {
    get: (target, key) => Reflect.get(target, key) as unknown,
    set: (target, key, value) =>
      isSealed && !names.includes(String(key)) ? false : Reflect.set(target, key, value),
    ownKeys: (target) => [...new Set([...names, ...Reflect.ownKeys(target)])],
    getOwnPropertyDescriptor: (target, key) => {
      if (typeof key !== "string" || !names.includes(key))
        return Reflect.getOwnPropertyDescriptor(target, key);
      const value = Reflect.get(target, key) as unknown;
      return { value, writable: true, enumerable: true, configurable: true };
    },
  };
}

class InstanceInfo {
  readonly #vu: VuContext;

  constructor(vu: VuContext) {
    this.#vu = vu;
  }

  get #state(): ExecutionState {
    const { phase } = this.#vu;
    // k6 has this information while setup() and iterations run, and calls every other moment "init".
    if (phase !== "setup" && phase !== "iteration")
      throw new GoError("getting instance information in the init context is not supported");
    return this.#vu.execution;
  }

  get iterationsCompleted(): number {
    return this.#state.iterationsCompleted;
  }

  get iterationsInterrupted(): number {
    return this.#state.iterationsInterrupted;
  }

  get vusActive(): number {
    return this.#state.vusActive;
  }

  get vusInitialized(): number {
    return this.#state.vusInitialized;
  }

  get currentTestRunDuration(): number {
    return this.#state.testRunDurationMs;
  }
}

class ScenarioInfo {
  readonly #vu: VuContext;

  constructor(vu: VuContext) {
    this.#vu = vu;
  }

  get #state(): ExecutionState {
    if (this.#vu.phase !== "iteration") {
      throw new GoError("getting scenario information outside of the VU context is not supported");
    }
    return this.#vu.execution;
  }

  get name(): string {
    return this.#state.scenarioName;
  }

  get executor(): string {
    return this.#state.scenarioExecutor;
  }

  get startTime(): number {
    return this.#state.scenarioStartWallMs;
  }

  get progress(): number {
    return this.#state.scenarioProgress;
  }

  get iterationInInstance(): number {
    return this.#state.scenarioIterationInInstance;
  }

  get iterationInTest(): number {
    return this.#state.scenarioIterationInTest;
  }
}

function createTest(vu: VuContext): object {
  return {
    abort: (reason?: unknown): never =>
      vu.abortTest(reason === undefined ? "test aborted" : `test aborted: ${textOf(reason)}`),
    fail: (reason?: unknown): void =>
      vu.failTest(
        reason === undefined ? "test marked as failed" : `test marked as failed: ${textOf(reason)}`,
      ),
    get options(): unknown {
      forbidInInit(vu, "getting test options in the init context is not supported");
      return deepFreeze(vu.execution.testOptions);
    },
  };
}

class VuInfo {
  readonly #vu: VuContext;
  #metrics: VuMetrics | undefined;

  constructor(vu: VuContext) {
    this.#vu = vu;
  }

  get #state(): ExecutionState {
    forbidInInit(this.#vu, "getting VU information in the init context is not supported");
    return this.#vu.execution;
  }

  get idInInstance(): number {
    return this.#state.vuIdInInstance;
  }

  get idInTest(): number {
    return this.#state.vuIdInTest;
  }

  get iterationInInstance(): number {
    return this.#state.vuIterationInInstance;
  }

  get iterationInScenario(): number {
    return this.#state.vuIterationInScenario;
  }

  get metrics(): VuMetrics {
    forbidInInit(this.#vu, "getting VU information in the init context is not supported");
    this.#metrics ??= { tags: createTagsView(this.#vu), metadata: createMetadata(this.#vu) };
    return this.#metrics;
  }

  get tags(): Record<string, string> {
    return this.metrics.tags;
  }

  /** k6 lets a script assign the whole, and takes no notice. */
  set tags(_ignored: unknown) {}
}

interface VuMetrics {
  readonly tags: Record<string, string>;
  readonly metadata: Record<string, string>;
}

/** `exec.vu.tags`: an object over the VU's tag set; writing a property replaces the set. */
function createTagsView(vu: VuContext): Record<string, string> {
  return new Proxy<Record<string, string>>(
    {},
    {
      get: (_, key) => (typeof key === "string" ? vu.tags.get(key) : undefined),
      has: (_, key) => typeof key === "string" && vu.tags.get(key) !== undefined,
      ownKeys: () => vu.tags.entries().map(([key]) => key),
      getOwnPropertyDescriptor: (_, key) =>
        describe(typeof key === "string" ? vu.tags.get(key) : undefined),
      set(_, key, value) {
        vu.tags = vu.tags.with(String(key), tagValueOf(String(key), value));
        return true;
      },
      deleteProperty(_, key) {
        vu.tags = vu.tags.without(String(key));
        return true;
      },
    },
  );
}

/** A bad value of `exec.vu.tags` is a TypeError, a bad tag of a sample a GoError (k6). */
function tagValueOf(key: string, value: unknown): string {
  try {
    return toTagValue(key, value);
  } catch (error) {
    throw new TypeError((error as Error).message);
  }
}

function describe(value: string | undefined): PropertyDescriptor | undefined {
  if (value === undefined) return undefined;
  return { value, writable: true, enumerable: true, configurable: true };
}

/** `exec.vu.metrics.metadata`: an object over what the VU's samples carry; writing a property replaces all of it. */
function createMetadata(vu: VuContext): Record<string, string> {
  const valueOf = (key: string | symbol): string | undefined =>
    typeof key === "string" && Object.hasOwn(vu.metadata, key) ? vu.metadata[key] : undefined;
  return new Proxy<Record<string, string>>(
    {},
    {
      get: (_, key) => valueOf(key),
      has: (_, key) => valueOf(key) !== undefined,
      ownKeys: () => Object.keys(vu.metadata),
      getOwnPropertyDescriptor: (_, key) => describe(valueOf(key)),
      set(_, key, value) {
        vu.metadata = { ...vu.metadata, [String(key)]: toMetadataValue(String(key), value) };
        return true;
      },
      deleteProperty(_, key) {
        const { [String(key)]: _removed, ...left } = vu.metadata;
        vu.metadata = left;
        return true;
      },
    },
  );
}

function toMetadataValue(key: string, value: unknown): string {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return String(value);
  throw new TypeError(
    `invalid value for metric metadata '${key}': only String, Boolean and Number types are accepted as a metric metadata value`,
  );
}
