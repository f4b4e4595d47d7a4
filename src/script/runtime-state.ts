/**
 * What the parts of the run-time kit share: the state of one activation of a lowered function, the box a value waits
 * in, and the one way to make the script wait.
 */

/** What a waiting call's promise resolves to: a box, so that a promise as the value is not flattened. */
export interface Box {
  readonly v: unknown;
}

/** The value of an activation that has not ended. */
export const unset: object = Object.freeze({});

/** One activation of a lowered function. Field names are one letter because emitted code spells them everywhere. */
export class State {
  /** It has waited, so its outcome is that of its promise. */
  w = false;
  /** It has thrown `v` without having waited. */
  x = false;
  /** Its value. */
  v: unknown = unset;
  /**
   * Of an async function: null in the stretch before its first own `await`, 0 after it, and a function in between
   * when the caller waits for that stretch to end.
   */
  p: (() => void) | 0 | null = null;
}

/** A value that has come. */
export class Done implements Box {
  readonly v: unknown;
  constructor(value: unknown) {
    this.v = value;
  }
}

/** How run-time parts outside this file make the script wait. */
export interface Suspension {
  readonly sentinel: object;
  /** Fills the register; returns the sentinel. */
  settle(promise: Promise<Box>): unknown;
  /** Empties the register. */
  take(): Promise<Box>;
  box(value: unknown): Box;
}
