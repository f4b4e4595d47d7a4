/** What is to be read in the answers of backends in general. */
import type { PostAnswer } from "./http-post.ts";

/** `: reason`, of JSON's usual places for it or else of the text's beginning; empty when there is none. */
export function reasonIn({ text, headers }: PostAnswer): string {
  const shown = oneLine(jsonReason(text) ?? text);
  if (shown !== "") return `: ${shown}`;
  return headers.location === undefined ? "" : `: it leads to ${oneLine(headers.location)}`;
}

/**
 * How long it asks to be left alone, in seconds or until a time; undefined when it does not say so. The time is one of the
 * backend's own clock, which its `Date` tells.
 */
export function retryAfterMs(
  { headers }: Pick<PostAnswer, "headers">,
  nowMs: number = Date.parse(headers.date ?? ""),
): number | undefined {
  const text = headers["retry-after"]?.trim() ?? "";
  const ms = /^\d+$/u.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  return ms >= 0 ? ms : undefined;
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
export function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return line.length <= longestShown ? line : `${line.slice(0, longestShown)}…`;
}
