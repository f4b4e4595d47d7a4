/** What every look at a target needs. */
import type { Clock } from "../../base/clock.ts";

export interface ProbeParts {
  readonly clock: Clock;
  /** "lakh/1.2.3" */
  readonly userAgent: string;
  /** Authorities beside the system's (PEM). */
  readonly ca: string | undefined;
}
