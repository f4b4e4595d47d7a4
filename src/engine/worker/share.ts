/** This worker's share of the test: which VUs and which iterations are its own (k6's execution segments). */
import { parseShare, type Share } from "../../schedule/index.ts";
import type { WorkerAssignment } from "../protocol.ts";

export interface ShareSpec {
  readonly vus: Share;
}

export function shareOf(assignment: WorkerAssignment): ShareSpec {
  return { vus: parseShare(assignment.segment, assignment.segmentSequence) };
}
