/**
 * `page.on("metric", (metric) => metric.tag({ name, matches: [{ url: /…/, method }] }))`: groups the samples of many
 * addresses under one name.
 */
import { GoError } from "../errors.ts";

/** What a sample is about. */
export interface SampleSubject {
  readonly url: string;
  readonly method: string | undefined;
}

/** The name for a sample, if some handler gives it one. */
export type Tagger = (subject: SampleSubject) => string | undefined;

interface TagRule {
  readonly name?: unknown;
  readonly matches?: unknown;
}

interface TagMatch {
  readonly url?: unknown;
  readonly method?: unknown;
}

/** Asks the script's handler, which may call `tag` any number of times; the last match counts. */
export function toTagger(handler: (metric: { tag(rule: TagRule): void }) => unknown): Tagger {
  return (subject) => {
    let name: string | undefined;
    handler({
      tag: (rule) => {
        name = nameFor(rule, subject) ?? name;
      },
    });
    return name;
  };
}

function nameFor({ name, matches }: TagRule, subject: SampleSubject): string | undefined {
  if (typeof name !== "string" || name.trim() === "") throw new GoError('name "" is invalid');
  if (!Array.isArray(matches)) throw new GoError("matches must be a list of objects with a url");
  return (matches as TagMatch[]).some((match) => isMatch(match, subject)) ? name : undefined;
}

function isMatch({ url, method }: TagMatch, subject: SampleSubject): boolean {
  if (!(url instanceof RegExp))
    throw new GoError("the url of a match must be a regular expression");
  url.lastIndex = 0;
  const isMethod =
    method === undefined || subject.method === undefined || method === subject.method;
  return isMethod && url.test(subject.url);
}
