/** What a VU runs: one function of the script at a time, and who hears how it ended. */

/** How a function of the script ended. */
export type FunctionEnd =
  | { readonly kind: "returned"; readonly value: unknown }
  | {
      readonly kind: "threw";
      readonly error: unknown;
      /** It came out of a promise: k6 says so. */
      readonly inPromise?: boolean;
    }
  | { readonly kind: "interrupted" };

/** A function of the script that a VU is to run, and who hears how it ended. */
export interface VuTask {
  call(): unknown;
  onEnd(end: FunctionEnd): void;
  /** How much later than due it began, in milliseconds; missing in what is no iteration. */
  readonly startLagMs?: number;
  /** When it was due, in clock milliseconds. */
  readonly dueAtMs?: number | undefined;
}
