/**
 * What a header block of a response says (RFC 9113 section 8): a head, an interim head, or nothing valid.
 * As strict as Go, whose verdicts k6 reports: connection-specific fields pass, a Content-Length that is no number, or
 * stands twice, counts as none.
 */
import type { HeaderFields } from "../exchange.ts";
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

/** The block means a response's head, or is malformed as one. */
export type BlockMeaning = ResponseFields | { readonly kind: "malformed" };

const malformed: BlockMeaning = { kind: "malformed" };
const fieldName = /^[!#$%&'*+.^_`|~0-9a-z-]+$/u;
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const forbiddenInValue = /[\u0000-\u0008\u000a-\u001f\u007f]/u;

export function readResponseFields(fields: readonly Field[]): BlockMeaning {
  let statusValue: string | undefined;
  const headers: Field[] = [];
  for (const field of fields) {
    const [name, value] = field;
    if (name.startsWith(":")) {
      // Once, before all others, and no other pseudo-header.
      if (name !== ":status" || statusValue !== undefined || headers.length > 0) return malformed;
      statusValue = value;
    } else {
      if (!fieldName.test(name) || forbiddenInValue.test(value)) return malformed;
      headers.push(field);
    }
  }
  if (statusValue === undefined || !/^\d{1,9}$/u.test(statusValue)) return malformed;
  const status = Number(statusValue);
  return {
    kind: "response",
    status,
    statusText: statusText(status),
    headers,
    contentLength: readContentLength(headers),
  };
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
