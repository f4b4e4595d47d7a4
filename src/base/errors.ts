/**
 * The one error class of lakh. An error that reaches a user says what was wrong and where (`message`),
 * what to do about it (`hint`), carries a stable `code` to search for, and the exit code the process ends with.
 * Every folder lists its codes in one `errors.ts`; docs/reference/errors.md lists them all (a test compares).
 */

/** Process exit codes: k6's own where k6 has one (k6: errext/exitcodes), lakh's verdicts where it has none. */
export const exitCodes = {
  ok: 0,
  checkProblems: 1,
  inconclusive: 3,
  invalid: 4,
  thresholdsFailed: 99,
  setupTimeout: 100,
  teardownTimeout: 101,
  genericTimeout: 102,
  stoppedByApi: 103,
  invalidConfig: 104,
  externalAbort: 105,
  cannotStartApi: 106,
  scriptException: 107,
  scriptAborted: 108,
  internalError: 109,
  markedAsFailed: 110,
  generic: 255,
} as const;

/** What may accompany an error. */
export interface LakhErrorDetails {
  /** What the user can do, as a sentence without a final full stop. */
  readonly hint?: string;
  /** Process exit code; 255 when left out. */
  readonly exitCode?: number;
  readonly cause?: unknown;
}

/** An error for a person to read, with a stable code for a program to match. */
export class LakhError extends Error {
  override readonly name: string = "LakhError";
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: number;

  constructor(code: string, message: string, details: LakhErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.exitCode = details.exitCode ?? exitCodes.generic;
  }
}

/** The plain form in which an error crosses a thread boundary. */
export interface ErrorPayload {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly exitCode: number;
  readonly stack: string | undefined;
}

/** Turns anything thrown into a payload that structured cloning keeps whole. */
export function toErrorPayload(thrown: unknown): ErrorPayload {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const known = error instanceof LakhError ? error : undefined;
  return {
    code: known?.code ?? "INTERNAL",
    message: error.message,
    hint: known?.hint,
    exitCode: known?.exitCode ?? exitCodes.internalError,
    stack: error.stack,
  };
}

/** The inverse of {@link toErrorPayload}; the stack is that of the thread that threw. */
export function fromErrorPayload(payload: ErrorPayload): LakhError {
  const { code, message, hint, exitCode, stack } = payload;
  const error = new LakhError(code, message, { exitCode, ...(hint === undefined ? {} : { hint }) });
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** Go's words for what files can refuse. */
const systemReasons: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EISDIR: "is a directory",
  ENOTDIR: "not a directory",
  EROFS: "read-only file system",
  ENOSPC: "no space left on device",
};

/** Why a file could not be used, as Go (and so k6) says it; the system's own words for what is rare. */
export function reasonOf(error: unknown): string {
  const { code = "", message = String(error) } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  return systemReasons[code] ?? message;
}
