/** The condition of "#(…)": a path, an operator, a value. Compared by the type of what the path finds; no path: the element. */
import { closingBracket, closingQuote, matchesPattern } from "./steps.ts";

type Operator = "" | "=" | "!=" | "<" | "<=" | ">" | ">=" | "%" | "!%";

/** A condition on the elements of an array. */
interface Query {
  /** Path inside the element; empty for the element itself. */
  readonly path: string;
  /** True for "#(…)#": all matches, not the first. */
  readonly takesAll: boolean;
  /** Whether what the path found satisfies the condition; undefined (nothing found) never does. */
  matches(found: unknown): boolean;
}

/** Reads a step such as `#(age>=18)#`; undefined when its brackets do not close. */
export function parseQuery(step: string): Query | undefined {
  const close = closingBracket(step, 1);
  if (close < 0) return undefined;
  const text = step.slice(2, close);
  const at = findOperator(text);
  const operator = at < text.length ? readOperator(text.slice(at)) : "";
  const length = text.startsWith("==", at) ? 2 : operator.length;
  const operand = readOperand(text.slice(at + length).trim());
  return {
    path: text.slice(0, at).trim(),
    takesAll: step.slice(close + 1) === "#",
    matches: (found) =>
      found !== undefined && (operator === "" || compare(found, operator, operand)),
  };
}

interface Operand {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** The index of the first operator outside brackets; the length of the text when it has none. */
function findOperator(text: string): number {
  for (let i = 0; i < text.length; i++) {
    const mark = text[i]!;
    if (mark === "\\") i++;
    else if (mark === '"') i = closingQuote(text, i);
    else if (mark === "(" || mark === "[") {
      const close = closingBracket(text, i);
      i = close < 0 ? text.length : close;
    } else if ("=!<>%".includes(mark)) return i;
  }
  return text.length;
}

function readOperator(text: string): Operator {
  if (text.startsWith("==")) return "=";
  const two = text.slice(0, 2);
  if (two === "!=" || two === "<=" || two === ">=" || two === "!%") return two;
  const one = text.slice(0, 1);
  return one === "=" || one === "<" || one === ">" || one === "%" ? one : "";
}

function readOperand(text: string): Operand {
  if (!text.startsWith('"')) return { text, isQuoted: false };
  return { text: text.slice(1, closingQuote(text, 0)).replace(/\\(.)/gsu, "$1"), isQuoted: true };
}

function compare(found: unknown, operator: Operator, operand: Operand): boolean {
  if (typeof found === "string") return compareTexts(found, operator, operand.text);
  if (operand.isQuoted) return false;
  if (typeof found === "number")
    return operand.text !== "" && compareOrdered(found, operator, Number(operand.text));
  if (typeof found === "boolean" || found === null)
    return compareOrdered(String(found), operator, operand.text);
  return false;
}

function compareTexts(found: string, operator: Operator, operand: string): boolean {
  if (operator === "%") return matchesPattern(found, operand);
  if (operator === "!%") return !matchesPattern(found, operand);
  return compareOrdered(found, operator, operand);
}

function compareOrdered<T extends string | number>(
  found: T,
  operator: Operator,
  operand: T,
): boolean {
  switch (operator) {
    case "=":
      return found === operand;
    case "!=":
      return found !== operand;
    case "<":
      return found < operand;
    case "<=":
      return found <= operand;
    case ">":
      return found > operand;
    case ">=":
      return found >= operand;
    case "%":
    case "!%":
    case "":
      return false;
  }
}
