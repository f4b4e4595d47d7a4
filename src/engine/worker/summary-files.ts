/** What came of handleSummary(): its value, checked, or why there is none. k6 wants an object of texts or bytes, and writes nothing of one that is not. */
import { LakhError } from "../../base/errors.ts";
import type { Logger } from "../../base/log.ts";
import type { EngineErrorCode } from "../errors.ts";
import type { SummaryOutcome } from "../protocol.ts";

type SummaryFiles = Record<string, string | Uint8Array>;

/**
 * The files by path; undefined when it returned nothing, which asks for the default summary.
 * @throws LakhError SUMMARY_SHAPE in k6's words
 */
export function toSummaryFiles(value: unknown): SummaryFiles | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "object" || Array.isArray(value))
    throw badShape("handleSummary() should return a map with string keys");
  const files: SummaryFiles = {};
  for (const [path, content] of Object.entries(value as Record<string, unknown>))
    files[path] = toContent(path, content);
  return files;
}

function toContent(path: string, content: unknown): string | Uint8Array {
  if (typeof content === "string") return content;
  if (content instanceof ArrayBuffer) return new Uint8Array(content);
  if (ArrayBuffer.isView(content))
    return new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
  throw badShape(
    `error handling summary object ${path}: invalid type ${goTypeOf(content)}, it needs to be a string or ArrayBuffer`,
  );
}

/** The name of a value's type in k6's language. */
function goTypeOf(value: unknown): string {
  if (value === undefined || value === null) return "<nil>";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  if (typeof value === "boolean") return "bool";
  if (Array.isArray(value)) return "[]interface {}";
  return typeof value === "object" ? "map[string]interface {}" : typeof value;
}

function badShape(message: string): LakhError {
  return new LakhError("SUMMARY_SHAPE" satisfies EngineErrorCode, message, {
    hint: "return an object whose keys are file names (or stdout, stderr) and whose values are strings or ArrayBuffers",
  });
}

/** As in k6 an exception leads to the default summary; what took too long or returned nonsense leads to none. */
export function reportSummaryFailure(error: Error, logger: Logger): SummaryOutcome {
  const code = error instanceof LakhError ? (error.code as EngineErrorCode) : undefined;
  if (code === "SUMMARY_SHAPE" || code === "LIFECYCLE_TIMEOUT") {
    logger.log("error", "failed to handle the end-of-test summary", { error: error.message });
    return { kind: "failed" };
  }
  logger.log("error", `${error.message}\n`, { hint: "script exception", source: "stacktrace" });
  return { kind: "files", files: undefined };
}
