/**
 * Comments that set findings aside: `// lakh-ignore RULE: reason` for the line after it (or the end of its own line),
 * `// lakh-ignore-file RULE: reason` for the whole script. Several rules stand with commas between them.
 */
import type { Finding } from "./finding.ts";

interface Ignore {
  readonly rules: readonly string[];
  readonly reason: string;
  readonly file: string;
  /** Of the code that it speaks of; undefined for the whole script. */
  readonly line: number | undefined;
  /** Of the comment. */
  readonly at: number;
}

/** A comment that names a rule which does not exist. */
export interface StrayIgnore {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
}

const comment =
  /(?:\/\/|\/\*|^\s*\*)\s*lakh-ignore(-file)?\s+([\w-]+(?:\s*,\s*[\w-]+)*)\s*(?::\s*(.*?))?\s*(?:\*\/\s*)?$/u;
const commentOnly = /^\s*(?:\/\/.*|\/\*.*\*\/\s*|\*.*)?$/u;

export class Ignores {
  readonly #all: readonly Ignore[];

  constructor(files: ReadonlyMap<string, string>) {
    this.#all = [...files].flatMap(([file, text]) => readIgnores(file, text));
  }

  /** The reason that sets a rule aside on a line; undefined when nothing does. */
  reasonAt(
    rule: string,
    place: { readonly file: string; readonly line: number },
  ): string | undefined {
    return this.#all.find(
      ({ rules, file, line }) =>
        rules.includes(rule) && line !== undefined && line === place.line && file === place.file,
    )?.reason;
  }

  /** The reason that sets a finding aside: at one of its lines, or for the whole script. */
  reasonFor({ rule, evidence }: Finding): string | undefined {
    for (const each of evidence) {
      const reason = each.kind === "source" ? this.reasonAt(rule, each) : undefined;
      if (reason !== undefined) return reason;
    }
    return this.#all.find(({ rules, line }) => line === undefined && rules.includes(rule))?.reason;
  }

  stray(known: ReadonlySet<string>): readonly StrayIgnore[] {
    return this.#all.flatMap(({ rules, file, at }) =>
      rules.filter((rule) => !known.has(rule)).map((rule) => ({ rule, file, line: at })),
    );
  }
}

function readIgnores(file: string, text: string): Ignore[] {
  const lines = text.split("\n");
  return lines.flatMap((written, index): Ignore[] => {
    const match = comment.exec(written.trimEnd());
    if (match === null) return [];
    const [whole, isFile, rules = "", reason = ""] = match;
    const isAlone = written.trimEnd() === whole || /^\s*$/u.test(written.slice(0, match.index));
    const line = isAlone ? nextCodeLine(lines, index + 1) : index + 1;
    return [
      {
        rules: rules.split(",").map((rule) => rule.trim()),
        reason,
        file,
        line: isFile === undefined ? line : undefined,
        at: index + 1,
      },
    ];
  });
}

/** From 1. */
function nextCodeLine(lines: readonly string[], from: number): number {
  for (let index = from; index < lines.length; index++)
    if (!commentOnly.test(lines[index]!)) return index + 1;
  return from;
}
