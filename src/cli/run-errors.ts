/**
 * The error that ended a run, as a line of its log: the words and the fields are k6's, so that what reads k6's log reads
 * this. What lakh adds, what to do and the code to look up, stands on an info line of its own.
 */
import type { LakhError } from "../base/errors.ts";
import type { LogFields, Logger } from "../base/log.ts";

/** @param script as the user named it */
export function logRunError(logger: Logger, error: LakhError, script?: string): void {
  const fields = k6Fields(error);
  const isException = fields["source"] === "stacktrace";
  // Of a script that was read but cannot be a test: k6 names it twice.
  const isUnusable = error.message.startsWith("could not load JS test") && script !== undefined;
  const message = `${isUnusable ? `could not initialize '${script}': ` : ""}${error.message}`;
  logger.log("error", isException ? `${message.trimEnd()}\n` : message, fields);
  if (fields["hint"] !== undefined) return;
  const advice = error.hint === undefined ? "the code says more" : `what to do: ${error.hint}`;
  logger.log("info", advice, { code: error.code });
}

/** The fields that k6 gives to an error of this kind. */
function k6Fields({ code, hint }: LakhError): LogFields {
  if (code === "SCRIPT_EXCEPTION")
    return { hint: hint ?? "script exception", source: "stacktrace" };
  const isK6Hint = code === "LIFECYCLE_TIMEOUT" || code === "SCRIPT_REJECTION";
  return isK6Hint && hint !== undefined ? { hint } : {};
}
