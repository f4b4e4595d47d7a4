/** The check of a parsed file against what its format says. */
import type * as z from "zod";

/** @throws Error that names the first field which is wrong */
export function checkShape<T>(shape: z.ZodType<T>, value: unknown): T {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`${issue?.path.join(".") || "the file"}: ${issue?.message}`);
}
