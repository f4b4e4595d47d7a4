/**
 * `--objective`: what a trial must show, written as one writes it in a ticket.
 *
 *     p(95)<300   p95<300ms   p(99.9)<2s      a percentile of the latency; a bare number is milliseconds
 *     errors<0.1%   errors<0.001              share of the requests that fail
 *     cpu<70%                                 share of the target's CPU, with --observe or --observe-pid
 */
import { exitCodes, LakhError } from "../base/errors.ts";
import { parseDurationMs } from "../base/units.ts";
import type { LimitObjectives } from "../run/index.ts";
import type { CliErrorCode } from "./errors.ts";

/** The guide's: p95 < 300 ms, p99 < 500 ms, errors < 0.1 %, and CPU < 70 % where it is observed. */
const defaults = {
  latency: [
    { share: 0.95, limitMs: 300 },
    { share: 0.99, limitMs: 500 },
  ],
  errorShare: 0.001,
  cpuShare: 0.7,
} as const;

/**
 * The objectives of a search: of the flags, else of the config file, else the guide's. Whoever states a percentile states
 * all of them.
 * @throws LakhError FLAG_OBJECTIVE
 */
export function toObjectives(
  texts: readonly string[],
  isObserved: boolean,
  stated: Partial<LimitObjectives> = {},
): LimitObjectives {
  const fallback = { ...defaults, ...stated };
  const latency: { share: number; limitMs: number }[] = [];
  let errorShare: number | undefined;
  let cpuShare: number | undefined;
  for (const text of texts) {
    const [subject, limit] = splitObjective(text);
    const percentile = percentileOf(subject);
    if (percentile !== undefined) {
      if (latency.some(({ share }) => share === percentile)) throw twice(text);
      latency.push({ share: percentile, limitMs: latencyLimit(limit, text) });
    } else if (subject === "errors") {
      if (errorShare !== undefined) throw twice(text);
      errorShare = shareLimit(limit, text);
    } else if (subject === "cpu") {
      if (cpuShare !== undefined) throw twice(text);
      if (!isObserved) throw unobserved(text);
      cpuShare = shareLimit(limit, text);
    } else {
      throw invalid(text, `"${subject}" is neither p(N) nor errors nor cpu`);
    }
  }
  return {
    latency:
      latency.length === 0
        ? fallback.latency
        : latency.toSorted((one, other) => one.share - other.share),
    errorShare: errorShare ?? fallback.errorShare,
    cpuShare: isObserved ? (cpuShare ?? fallback.cpuShare) : null,
  };
}

function splitObjective(text: string): [subject: string, limit: string] {
  const [, subject, limit] = /^\s*([^<\s]+)\s*<=?\s*(\S.*?)\s*$/u.exec(text) ?? [];
  if (subject === undefined || limit === undefined)
    throw invalid(text, "it is not written as SUBJECT<LIMIT");
  return [subject.toLowerCase(), limit];
}

/** "p(95)" and "p95" are 0.95; undefined for what is no percentile. */
function percentileOf(subject: string): number | undefined {
  const [, inBraces, plain] = /^p(?:\((\d+(?:\.\d+)?)\)|(\d+(?:\.\d+)?))$/u.exec(subject) ?? [];
  const percent = Number(inBraces ?? plain);
  if (!(percent > 0 && percent < 100)) return undefined;
  return Number((percent / 100).toFixed(9));
}

function latencyLimit(limit: string, text: string): number {
  const limitMs = parseDurationMs(limit);
  if (limitMs === undefined || !(limitMs > 0))
    throw invalid(text, `"${limit}" is no duration above 0`);
  return limitMs;
}

function shareLimit(limit: string, text: string): number {
  const [, number, percent] = /^(\d*\.?\d+)\s*(%?)$/u.exec(limit) ?? [];
  const share = Number(number) / (percent === "%" ? 100 : 1);
  if (!(share > 0 && share < 1))
    throw invalid(text, `"${limit}" is no share between 0 and 1 (0.001, or 0.1%)`);
  return share;
}

function invalid(text: string, problem: string): LakhError {
  return new LakhError(
    "FLAG_OBJECTIVE" satisfies CliErrorCode,
    `invalid --objective "${text}": ${problem}`,
    {
      hint: "for example --objective 'p(95)<300' --objective 'errors<0.1%'",
      exitCode: exitCodes.invalidConfig,
    },
  );
}

function twice(text: string): LakhError {
  return invalid(text, "it is stated twice");
}

function unobserved(text: string): LakhError {
  return new LakhError(
    "FLAG_OBJECTIVE" satisfies CliErrorCode,
    `invalid --objective "${text}": nothing tells of the target's CPU`,
    {
      hint: "add --observe URL or --observe-pid PID, and --target-cores",
      exitCode: exitCodes.invalidConfig,
    },
  );
}
