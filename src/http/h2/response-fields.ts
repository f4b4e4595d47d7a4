/**
 * What a header block of a response says (RFC 9113 section 8): a head, an interim head, or nothing valid.
 * As strict as Go, whose verdicts k6 reports: connection-specific fields pass, a Content-Length that is no number, or
 * stands twice, counts as none.
 */
import type { HeaderFields } from "../exchange.ts";
import { quoteGo } from "../../base/go-quote.ts";
import type { Field } from "./header-tables.ts";
import { statusText } from "./status-text.ts";

/** A valid head. Shared between responses: never changed. */
export interface ResponseFields {
  readonly kind: "response";
  readonly status: number;
  readonly statusText: string;
  /** Without pseudo-headers; names in lower case. */
  readonly headers: HeaderFields;
  /** -1 when not announced. */
  readonly contentLength: number;
}

/** No response's head. */
interface MalformedFields {
  readonly kind: "malformed";
  /** Go's words for it. */
  readonly cause: string;
}

export type BlockMeaning = ResponseFields | MalformedFields;

const fieldName = /^[!#$%&'*+.^_`|~0-9a-z-]+$/u;
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const forbiddenInValue = /[\u0000-\u0008\u000a-\u001f\u007f]/u;
const requestPseudoNames: ReadonlySet<string> = new Set([
  ":method",
  ":path",
  ":scheme",
  ":authority",
  ":protocol",
]);

export function readResponseFields(fields: readonly Field[]): BlockMeaning {
  let statusValue: string | undefined;
  const headers: Field[] = [];
  for (const field of fields) {
    const [name, value] = field;
    if (name.startsWith(":")) {
      const cause = findPseudoProblem(name, headers.length > 0, statusValue !== undefined);
      if (cause !== undefined) return malformed(cause);
      statusValue = value;
    } else {
      if (!fieldName.test(name)) return malformed(`invalid header field name ${quoteGo(name)}`);
      if (forbiddenInValue.test(value)) {
        return malformed(`invalid header field value for ${quoteGo(name)}`);
      }
      headers.push(field);
    }
  }
  if (statusValue === undefined) {
    return malformed("malformed response from server: missing status pseudo header");
  }
  if (!/^\d{1,9}$/u.test(statusValue)) {
    return malformed("malformed response from server: malformed non-numeric status pseudo header");
  }
  const status = Number(statusValue);
  return {
    kind: "response",
    status,
    statusText: statusText(status),
    headers,
    contentLength: readContentLength(headers),
  };
}

/** Once, before all others, and no other pseudo-header than `:status`. */
function findPseudoProblem(name: string, isLate: boolean, isSecond: boolean): string | undefined {
  if (isLate) return "pseudo header field after regular";
  if (requestPseudoNames.has(name)) return "mix of request and response pseudo headers";
  if (name !== ":status") return `invalid pseudo-header ${quoteGo(name)}`;
  return isSecond ? `duplicate pseudo-header ${quoteGo(name)}` : undefined;
}

function malformed(cause: string): MalformedFields {
  return { kind: "malformed", cause };
}

/** True for a trailer section that breaks no rule; its fields are not used (RFC 9110 section 6.5). */
export function isTrailerSection(fields: readonly Field[]): boolean {
  return fields.every(([name]) => !name.startsWith(":"));
}

function readContentLength(headers: HeaderFields): number {
  let found = -1;
  for (const [name, value] of headers) {
    if (name !== "content-length") continue;
    if (found !== -1 || !/^\d+$/u.test(value)) return -1;
    found = Number(value);
  }
  return Number.isSafeInteger(found) ? found : -1;
}
