/** The tags by which a run is judged: what asks for them must find all samples, however many different tags there are. */
import type { TagPair, ThresholdSubject } from "../metrics/index.ts";
import type { ObjectivesRecord } from "../record/index.ts";

/** The selectors of thresholds, and the endpoints that have objectives. */
export function judgedTags(
  thresholds: readonly ThresholdSubject[],
  objectives: ObjectivesRecord | undefined,
): TagPair[] {
  return [
    ...thresholds.flatMap(({ selector }) => Object.entries(selector)),
    ...(objectives?.endpoints ?? []).flatMap(({ name, method }): TagPair[] => [
      // An endpoint is found by its URL where the system tag `name` is switched off.
      ["name", name],
      ["url", name],
      ...(method === undefined ? [] : [["method", method] as const]),
    ]),
  ];
}
