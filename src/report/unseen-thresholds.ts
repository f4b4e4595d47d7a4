/** What k6 takes for kept, and says nothing of: thresholds that no sample came for. */
import { unseenThresholds } from "../metrics/index.ts";
import type { RunRecord } from "../record/index.ts";
import { printable } from "./layout.ts";

/** A sentence for each; of a run that was cut short, or did nothing, it is no wonder. */
export function unseenThresholdRemarks({ outcome, iterations, thresholds }: RunRecord): string[] {
  const isWhole = outcome.reason === "finished" || outcome.reason === "thresholds";
  if (!isWhole || iterations.completed === 0) return [];
  return unseenThresholds(thresholds).map(
    (name) =>
      `no sample came for the threshold on ${printable(name)}, so it held: is there a typing error in its name or tags?`,
  );
}
