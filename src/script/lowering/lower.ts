/** placeholder */
import type { Lowered, LowerOptions } from "./lowered.ts";
export type * from "./lowered.ts";
export function lower(_code: string, _options?: LowerOptions): Lowered { throw new Error("not yet"); }
