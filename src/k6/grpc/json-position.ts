/** Where in a JSON text (as JSON.stringify writes it: no white space) a value stands; for error messages only. */

/** Keys and indices from the outside in. */
export type JsonPath = readonly (string | number)[];

/** The column, from 1 and in characters as Go counts them, of the value at `path`, or of its key. */
export function columnOf(text: string, path: JsonPath, ofKey: boolean): number {
  return Array.from(text.slice(0, find(text, path, ofKey))).length + 1;
}

/** The token at `path`: a whole scalar, or the bracket that opens a list or an object. */
export function tokenAt(text: string, path: JsonPath): string {
  const start = find(text, path, false);
  const first = text[start]!;
  return first === "{" || first === "[" ? first : text.slice(start, skip(text, start));
}

function find(text: string, path: JsonPath, ofKey: boolean): number {
  let at = 0;
  path.forEach((step, i) => {
    const isLast = i === path.length - 1;
    at = typeof step === "number" ? findItem(text, at, step) : findMember(text, at, step);
    // A member is found by its key; its value comes after the colon.
    if (typeof step === "string" && !(isLast && ofKey)) at = skip(text, at) + 1;
  });
  return at;
}

function findItem(text: string, list: number, index: number): number {
  let at = list + 1;
  for (let i = 0; i < index; i++) at = skip(text, at) + 1;
  return at;
}

function findMember(text: string, object: number, key: string): number {
  let at = object + 1;
  const wanted = JSON.stringify(key);
  while (text[at] !== "}" && at < text.length) {
    const end = skip(text, at);
    if (text.slice(at, end) === wanted) return at;
    at = skip(text, end + 1) + 1;
  }
  return at;
}

/** The end of the value that starts at `start`. */
function skip(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return skipString(text, start);
  if (first !== "{" && first !== "[") {
    const length = text.slice(start).search(/[,\]}:]/u);
    return length < 0 ? text.length : start + length;
  }
  let depth = 0;
  let at = start;
  do {
    const char = text[at];
    if (char === '"') {
      at = skipString(text, at);
      continue;
    }
    if (char === "{" || char === "[") depth++;
    if (char === "}" || char === "]") depth--;
    at++;
  } while (depth > 0 && at < text.length);
  return at;
}

function skipString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"' && at < text.length) at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}
