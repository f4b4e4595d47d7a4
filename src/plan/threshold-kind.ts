/** How the option `thresholds` is read and shown, and what k6 says of one that it cannot read. */
import { formatGoDuration, parseDurationMs } from "../base/units.ts";
import { isRecord, spellFields } from "../schedule/index.ts";
import { durationFault, offsetOfField, offsetOfWhole, typeFault } from "./go-decoding.ts";
import type { OptionKind } from "./option-kinds.ts";

/** One threshold as written; its expression is parsed by `metrics`. */
export interface ThresholdOption {
  readonly source: string;
  readonly abortOnFail: boolean;
  readonly delayAbortEvalMs: number;
}

/** In the order in which k6 reads them. */
const fieldNames = ["abortOnFail", "delayAbortEval", "threshold"] as const;
type FieldName = (typeof fieldNames)[number];

type Options = Readonly<Record<string, unknown>>;

export const thresholdsKind: OptionKind<Readonly<Record<string, readonly ThresholdOption[]>>> = {
  expects:
    "an object of metric names with lists of 'expression' or {threshold, abortOnFail, delayAbortEval}",
  fromJson(raw) {
    if (!isRecord(raw)) return undefined;
    const entries = Object.entries(raw).map(
      ([metric, list]): [string, ThresholdOption[]] | undefined => {
        // null is an empty list, as in Go.
        const thresholds =
          list === null ? [] : Array.isArray(list) ? list.map(parseThreshold) : [undefined];
        return thresholds.every((each) => each !== undefined) ? [metric, thresholds] : undefined;
      },
    );
    return entries.every((entry) => entry !== undefined) ? Object.fromEntries(entries) : undefined;
  },
  fromText: () => undefined,
  toK6: (thresholds) =>
    Object.fromEntries(
      Object.entries(thresholds).map(([metric, list]) => [metric, list.map(showThreshold)]),
    ),
  k6Fault(raw, options) {
    if (isRecord(raw)) return firstFault(raw, options);
    const offset = offsetOfField(options, "thresholds", 0);
    const type = "map[string]metrics.Thresholds";
    return typeFault(options, { value: raw, field: "thresholds", type, offset });
  },
};

/** What is absent or null is empty, as in Go; an empty expression is refused when it is parsed. */
function parseThreshold(raw: unknown): ThresholdOption | undefined {
  if (typeof raw === "string") return { source: raw, abortOnFail: false, delayAbortEvalMs: 0 };
  if (raw !== null && !isRecord(raw)) return undefined;
  const fields = spellFields(raw ?? {}, fieldNames);
  const source = fields["threshold"] ?? "";
  const abortOnFail = fields["abortOnFail"] ?? false;
  const delayAbortEvalMs = parseDurationMs(fields["delayAbortEval"] ?? 0);
  const isValid = typeof source === "string" && typeof abortOnFail === "boolean";
  return isValid && delayAbortEvalMs !== undefined
    ? { source, abortOnFail, delayAbortEvalMs }
    : undefined;
}

function showThreshold({ source, abortOnFail, delayAbortEvalMs }: ThresholdOption): unknown {
  if (!abortOnFail) return source;
  const delayAbortEval = delayAbortEvalMs === 0 ? null : formatGoDuration(delayAbortEvalMs);
  return { threshold: source, abortOnFail, delayAbortEval };
}

/** k6 reads the metrics by name. */
function firstFault(thresholds: Options, options: Options): string | undefined {
  for (const metric of Object.keys(thresholds).sort()) {
    const list = thresholds[metric];
    const isList = list === null || Array.isArray(list);
    const fault = isList
      ? firstOf((list ?? []).map((each: unknown) => elementFault(each, options)))
      : wholeFault(options, list, "[]metrics.thresholdConfig");
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function elementFault(raw: unknown, options: Options): string | undefined {
  if (isRecord(raw)) {
    const fields = spellFields(raw, fieldNames);
    return firstOf(fieldNames.map((key) => fieldFault(fields, key, options)));
  }
  return raw === null || typeof raw === "string"
    ? undefined
    : wholeFault(options, raw, "metrics.rawThresholdConfig");
}

function fieldFault(threshold: Options, key: FieldName, options: Options): string | undefined {
  const value = threshold[key];
  if (value === null || value === undefined) return undefined;
  if (key === "delayAbortEval") {
    return parseDurationMs(value) === undefined ? durationFault(value) : undefined;
  }
  const type = key === "threshold" ? "string" : "boolean";
  if (typeof value === type) return undefined;
  return typeFault(options, {
    value,
    field: `thresholds.${key}`,
    type: type === "boolean" ? "bool" : type,
    offset: offsetOfField(threshold, key, depthOfThreshold),
  });
}

/** A threshold stands in a list, in an object, in the options. */
const depthOfThreshold = 3;

function wholeFault(options: Options, value: unknown, type: string): string {
  return typeFault(options, { value, field: "thresholds", type, offset: offsetOfWhole(value) });
}

function firstOf(faults: readonly (string | undefined)[]): string | undefined {
  return faults.find((fault) => fault !== undefined);
}
