/** What the flags and the environment say about the end-of-test summary. The messages are k6's. */
import { LakhError } from "../base/errors.ts";
import type { RunRequest } from "../run/index.ts";
import type { CliErrorCode } from "./errors.ts";
import type { RunFlags } from "./run-flags.ts";

type Env = Readonly<Record<string, string | undefined>>;

type SummaryFlags = Pick<
  RunFlags,
  "summaryMode" | "summaryExport" | "newMachineReadableSummary" | "color"
>;

type SummaryRequest = Pick<
  RunRequest,
  "summaryMode" | "summaryExport" | "machineReadableSummary" | "noColor"
>;

const summaryModes = ["compact", "full", "disabled"] as const;

/** @throws LakhError FLAG_SUMMARY_MODE, ENV_BOOLEAN */
export function toSummaryRequest(flags: SummaryFlags, env: Env): SummaryRequest {
  const mode = flags.summaryMode ?? env["K6_SUMMARY_MODE"] ?? "compact";
  const summaryMode = summaryModes.find((each) => each === mode);
  if (summaryMode === undefined) throw badSummaryMode(mode);
  const summaryExport = flags.summaryExport ?? env["K6_SUMMARY_EXPORT"];
  return {
    summaryMode,
    // k6 takes an empty name for none.
    summaryExport: summaryExport === "" ? undefined : summaryExport,
    machineReadableSummary:
      flags.newMachineReadableSummary ?? readBoolean(env, "K6_NEW_MACHINE_READABLE_SUMMARY"),
    noColor: hasNoColor(flags, env),
  };
}

/** The flag, K6_NO_COLOR with any text, or NO_COLOR even without one. */
export function hasNoColor(flags: Pick<RunFlags, "color">, env: Env): boolean {
  return !flags.color || env["NO_COLOR"] !== undefined || Boolean(env["K6_NO_COLOR"]);
}

/** Go's booleans, which k6 takes for runtime options. */
function readBoolean(env: Env, name: string): boolean {
  const text = env[name];
  if (text === undefined || /^(?:0|f|F|false|FALSE|False)$/u.test(text)) return false;
  if (/^(?:1|t|T|true|TRUE|True)$/u.test(text)) return true;
  throw new LakhError(
    "ENV_BOOLEAN" satisfies CliErrorCode,
    `env var '${name}' is not a valid boolean value: strconv.ParseBool: parsing "${text}": invalid syntax`,
    { hint: "write true or false" },
  );
}

function badSummaryMode(mode: string): LakhError {
  return new LakhError("FLAG_SUMMARY_MODE" satisfies CliErrorCode, "invalid summary mode", {
    hint: `"${mode}" is none of ${summaryModes.join(", ")}`,
  });
}
