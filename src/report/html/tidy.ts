/**
 * Texts as a page can bear them. They come from scripts and targets: of any length, with characters that are not seen or
 * that HTML cannot hold. What is changed is seen to be changed.
 */
import { formatWhole } from "../../base/numbers.ts";

/** Longer texts are cut: a page of fifty endpoints whose URLs have 10 kB each would be a megabyte of them. */
export const longestText = 2_000;

/** Code points of the pictures that Unicode has for control characters. */
const picturesFrom = 0x2400;
const deletePicture = "\u2421";

/** `value` with every text in it tidied; keys stay as they are. */
export function tidy<Value>(value: Value): Value {
  return tidied(value) as Value;
}

function tidied(value: unknown): unknown {
  if (typeof value === "string") return tidyText(value);
  if (Array.isArray(value)) return value.map(tidied);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, tidied(each)]));
}

export function tidyText(text: string): string {
  const cut =
    text.length <= longestText
      ? text
      : `${text.slice(0, longestText)}… (${formatWhole(text.length)} characters in all)`;
  // Half a surrogate pair, from a script or from the cut, is no character.
  return cut.replace(/\p{Cc}/gu, picture).replace(/\p{Cs}/gu, "\ufffd");
}

function picture(character: string): string {
  if (character === "\n" || character === "\t") return character;
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(picturesFrom + code);
  return code === 0x7f ? deletePicture : "\ufffd";
}
