/**
 * Exceptions of the script: each distinct one is logged a few times with the user's positions, the rest are counted.
 * k6 logs every one; at thousands of VUs that floods the terminal and slows the generator.
 */
import type { Logger } from "../../base/log.ts";
import type { Program } from "../../script/index.ts";
import type { ExceptionReport } from "../protocol.ts";
import type { ScenarioState } from "./state.ts";
import { TestAbortedError } from "./test-aborted.ts";

/** How often one and the same exception is logged. */
const loggedEach = 10;

/** Distinct exceptions kept; further ones are counted together. */
const keptDistinct = 50;

/** Where an exception came from. */
export interface ExceptionPlace {
  readonly scenario: ScenarioState | undefined;
  /** Out of a promise that nobody handled. */
  readonly inPromise: boolean;
}

export class ExceptionLog {
  readonly #program: Program;
  readonly #logger: Logger;
  readonly #counts = new Map<string, { stack: string; count: number }>();

  constructor(program: Program, logger: Logger) {
    this.#program = program;
    this.#logger = logger;
  }

  /** Counts an exception; logs it when it is one of the first of its kind. */
  report(error: unknown, { scenario, inPromise }: ExceptionPlace): void {
    if (error instanceof TestAbortedError) return;
    const described = this.#program.describeError(error);
    const key =
      this.#counts.size < keptDistinct ? described.message : this.#keyWhenFull(described.message);
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { stack: described.stack, count: 1 });
    else if (++known.count > loggedEach) return;
    const where =
      scenario === undefined ? {} : { scenario: scenario.name, executor: scenario.executor };
    if (inPromise) this.#logger.log("error", `Uncaught (in promise) ${described.stack}`, where);
    else
      this.#logger.log("error", described.stack, {
        source: "stacktrace",
        hint: "script exception",
        ...where,
      });
  }

  reports(): ExceptionReport[] {
    return [...this.#counts].map(([message, { stack, count }]) => ({ message, stack, count }));
  }

  #keyWhenFull(message: string): string {
    return this.#counts.has(message) ? message : "(further distinct exceptions)";
  }
}
