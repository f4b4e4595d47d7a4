/**
 * Tags that a script gives: which values k6 accepts, and how they join a tag set.
 * Only strings, numbers and booleans are tag values; anything else is an error, not a conversion.
 */
import type { TagSet } from "../metrics/index.ts";
import { GoError } from "./errors.ts";

/** The text of a tag value. @throws GoError in k6's words when the value is no string, number or boolean */
export function toTagValue(key: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "symbol") return value.description ?? "";
  throw new GoError(
    `invalid value for metric tag '${key}': only String, Boolean and Number types are accepted as a metric tag values`,
  );
}

/** `tags` with every pair of the script's object `custom`; null and undefined add nothing, a text its characters (k6). */
export function withCustomTags(tags: TagSet, custom: unknown): TagSet {
  if (custom === null || custom === undefined) return tags;
  let joined = tags;
  for (const [key, value] of Object.entries(custom as object))
    joined = joined.with(key, toTagValue(key, value));
  return joined;
}
