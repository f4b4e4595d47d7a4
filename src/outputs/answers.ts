/** What is to be read in the answers of backends in general. */
import type { PostAnswer } from "./http-post.ts";

/** `: reason`, of JSON's usual places for it or else of the text's beginning; empty when there is none. */
export function reasonIn({ text, headers }: PostAnswer): string {
  const shown = oneLine(jsonReason(text) ?? text);
  if (shown !== "") return `: ${shown}`;
  return headers.location === undefined ? "" : `: it leads to ${oneLine(headers.location)}`;
}

/** How long it asks to be left alone; undefined when it does not say so in seconds. */
export function retryAfterMs({ headers }: PostAnswer): number | undefined {
  const seconds = headers["retry-after"] ?? "";
  return /^\d{1,4}$/u.test(seconds) ? Number(seconds) * 1_000 : undefined;
}

function jsonReason(text: string): string | undefined {
  try {
    const { error, message } = JSON.parse(text) as { error?: unknown; message?: unknown };
    return [error, message].find((each): each is string => typeof each === "string");
  } catch {
    return undefined; // not JSON: the text itself is the reason
  }
}

const longestShown = 200;

/** A stranger's text in a log: one line, no control characters, not long. */
function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return line.length <= longestShown ? line : `${line.slice(0, longestShown)} …`;
}
