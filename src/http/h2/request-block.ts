/**
 * A request's head as a header block. All but method, target and length is the same for the requests of one (origin,
 * header set) and is made once; the order is Go's. Connection-specific fields are not sent (RFC 9113 section 8.2.2).
 */
import type { HttpFailure } from "../exchange.ts";
import type { PendingExchange } from "../pending-exchange.ts";
import { announcesLength, toWire } from "../request-head.ts";
import type { BlockTemplate, HeadTemplate } from "../request-head.ts";
import { invalidField } from "./failures.ts";
import { literalField, methodField, pathField, schemeHttps } from "./hpack-encoder.ts";

const droppedNames: ReadonlySet<string> = new Set([
  "host",
  "content-length",
  "connection",
  "proxy-connection",
  "transfer-encoding",
  "trailer",
  "upgrade",
  "keep-alive",
]);

/** The whole block, one character a byte, or why Go would not send it. */
export function requestBlock(pending: PendingExchange): string | HttpFailure {
  const { method, target, template, bodyBytes } = pending;
  const block = (template.block ??= buildBlock(template));
  if ("code" in block) return block;
  const length = announcesLength(method, bodyBytes)
    ? literalField("content-length", String(bodyBytes))
    : "";
  return block.before + methodField(method) + pathField(target) + block.after + length;
}

function buildBlock({ host, headers }: HeadTemplate): BlockTemplate | HttpFailure {
  let after = schemeHttps;
  for (const [name, rawValue] of headers) {
    const lowerName = name.toLowerCase();
    const value = toWire(rawValue); // checked with the template; Go does not trim here
    if (isRefused(lowerName, value)) return invalidField(name, rawValue);
    if (droppedNames.has(lowerName) || (lowerName === "user-agent" && value === "")) continue;
    // Each cookie a field of its own: what does not change compresses better (section 8.2.3).
    const values = lowerName === "cookie" ? value.split(/; */u) : [value];
    for (const part of values) after += literalField(lowerName, part);
  }
  return { before: literalField(":authority", host), after };
}

/** Go's rule: what would change the connection is refused, except its own two words for it. */
function isRefused(lowerName: string, value: string): boolean {
  if (value === "") return false;
  if (lowerName === "upgrade") return true;
  return lowerName === "connection" && !/^(?:close|keep-alive)$/iu.test(value);
}
