/**
 * What went wrong in script code outside of iterations, as the error that the user reads: mapped to the user's files, in k6's words and
 * with k6's exit codes.
 */
import { exitCodes, LakhError } from "../../base/errors.ts";
import type { Redactor } from "../../secrets/index.ts";
import { entryUrl, type Program } from "../../script/index.ts";
import type { EngineErrorCode } from "../errors.ts";
import { UncaughtRejection } from "./rejections.ts";
import { TestAbortedError } from "./test-aborted.ts";

export class ScriptFaults {
  readonly #program: Program;
  readonly #redactor: Redactor;

  constructor(program: Program, redactor: Redactor) {
    this.#program = program;
    this.#redactor = redactor;
  }

  /** Of any script code. */
  describe(thrown: unknown): LakhError {
    if (thrown instanceof TestAbortedError) {
      const code = "SCRIPT_ABORTED" satisfies EngineErrorCode;
      return new LakhError(code, thrown.message, { exitCode: exitCodes.scriptAborted });
    }
    if (thrown instanceof UncaughtRejection) {
      const text = `Uncaught (in promise) ${this.#program.describeError(thrown.reason).stack}`;
      const code = "SCRIPT_REJECTION" satisfies EngineErrorCode;
      return new LakhError(code, this.#redactor.redact(text.trimEnd()));
    }
    const { stack } = this.#program.describeError(thrown);
    const known = thrown instanceof LakhError ? thrown : undefined;
    // Names of lakh's own error classes tell a user nothing.
    const text = known === undefined ? stack : stack.slice(`${known.name}: `.length);
    return new LakhError(known?.code ?? "SCRIPT_EXCEPTION", this.#redactor.redact(text.trimEnd()), {
      exitCode: known?.exitCode ?? exitCodes.scriptException,
      cause: thrown,
      ...(known?.hint === undefined ? {} : { hint: known.hint }),
    });
  }

  /** Of the first init code: an exception as it is, anything else as of a test that could not be loaded. */
  describeInit(thrown: unknown, entryPath: string): LakhError {
    const error = this.describe(thrown);
    if (error.code !== "SCRIPT_ABORTED" && error.code !== "SCRIPT_REJECTION") return error;
    const message = `could not load JS test '${entryUrl(entryPath)}': ${error.message}`;
    return new LakhError(error.code, message, { exitCode: error.exitCode, cause: thrown });
  }

  /** Of the init code of a VU; `vu` is undefined when nobody knows which one. */
  describeVuInit(thrown: unknown, vu: number | undefined): LakhError {
    const error = this.describe(thrown);
    const { code, message, exitCode } = error;
    const where = `error while initializing ${vu === undefined ? "the VUs" : `VU #${vu}`}`;
    const isException = code === "SCRIPT_EXCEPTION";
    if (!isException && code !== "SCRIPT_REJECTION") return error;
    const hint = isException ? `${where} (script exception)` : where;
    return new LakhError(code, message, { exitCode, cause: thrown, hint });
  }
}
