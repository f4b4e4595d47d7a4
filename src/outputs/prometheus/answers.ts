/**
 * What a receiver's answer means for what was sent. The specification says: a 4xx is for good, a 5xx may pass. Servers do
 * otherwise in a few places that are told by their words, and much that answers is no receiver at all: each has a fix.
 */
import { oneLine, retryAfterMs } from "../answers.ts";
import type { PostAnswer } from "../http-post.ts";
import type { WireVersion } from "./wire.ts";

/** What became of one request. */
export type Verdict =
  | { readonly kind: "stored" }
  /** It takes 1.0 only: 2.0 was not stored, whatever the status. */
  | { readonly kind: "not-understood" }
  | { readonly kind: "no-histograms"; readonly reason: string }
  /** Something in the request is wrong; all of it was turned down. */
  | { readonly kind: "bad"; readonly reason: string }
  | { readonly kind: "too-large"; readonly reason: string }
  /** It may take the same later. `isOwnFault`: it says that it failed itself, with 500. */
  | {
      readonly kind: "later";
      readonly reason: string;
      readonly retryAfterMs?: number | undefined;
      readonly isOwnFault?: boolean;
    }
  /** It takes nothing as it is. */
  | { readonly kind: "closed"; readonly reason: string; readonly hint: string };

/** Whoever asks for more patience gets no more than this. */
const maxRetryAfterMs = 60_000;

export function judgeAnswer(
  answer: PostAnswer,
  { version, nowMs }: { readonly version: WireVersion; readonly nowMs: number },
): Verdict {
  const { status } = answer;
  const reason = describeAnswer(answer);
  if (status >= 200 && status < 300) return judgeSuccess(answer, version);
  if (status === 415 && version === 2) return { kind: "not-understood" };
  if (/native histograms are (?:disabled|not enabled)/iu.test(answer.text))
    return { kind: "no-histograms", reason };
  if (status === 429 || status === 408 || status >= 500) {
    const askedMs = retryAfterMs(answer, nowMs);
    return {
      kind: "later",
      reason,
      retryAfterMs: askedMs === undefined ? undefined : Math.min(askedMs, maxRetryAfterMs),
      isOwnFault: status === 500,
    };
  }
  if (status === 413) return { kind: "too-large", reason };
  if (status === 400 || status === 409 || status === 422) return { kind: "bad", reason };
  return { kind: "closed", reason, hint: hintFor(answer) };
}

function judgeSuccess(answer: PostAnswer, version: WireVersion): Verdict {
  const { headers, status } = answer;
  if (/text\/html/iu.test(headers["content-type"] ?? "")) {
    const reason = `it answered ${status} with a web page: it is no receiver of remote write`;
    return { kind: "closed", reason, hint: addressHint };
  }
  const saysWhatItWrote = Object.keys(headers).some((name) =>
    /^x-prometheus-remote-write-\w+-written$/u.test(name),
  );
  return version === 2 && !saysWhatItWrote ? { kind: "not-understood" } : { kind: "stored" };
}

const addressHint =
  "Give the address of Prometheus, or the whole URL of another receiver: --out prometheus=http://host:9090/api/v1/write";

function hintFor({ status, text, headers }: PostAnswer): string {
  switch (status) {
    case 401:
      return "Set K6_PROMETHEUS_RW_USERNAME and K6_PROMETHEUS_RW_PASSWORD, or K6_PROMETHEUS_RW_BEARER_TOKEN, as the receiver knows them";
    case 403:
      return "The user or token may not write there: allow it, or set those of one that may (K6_PROMETHEUS_RW_USERNAME, _PASSWORD, _BEARER_TOKEN)";
    case 404:
      return /receiver/iu.test(text) || text.trim() === ""
        ? "Start Prometheus with --web.enable-remote-write-receiver"
        : `Start Prometheus with --web.enable-remote-write-receiver. If it is another receiver: ${addressHint}`;
    default:
      return status >= 300 && status < 400 && headers.location !== undefined
        ? `Give the address that it points to, ${headers.location}`
        : addressHint;
  }
}

/** `it answered 400: out of order sample` */
function describeAnswer({ status, text, headers }: PostAnswer): string {
  const isPage = /text\/html/iu.test(headers["content-type"] ?? "");
  const said = oneLine(isPage ? "a web page" : (text.trim().split("\n")[0] ?? ""));
  return said === "" ? `it answered ${status}` : `it answered ${status}: ${said}`;
}

const certificateCodes: ReadonlySet<string> = new Set([
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** What it means that there was no answer. */
export function judgeFailure(error: unknown): Verdict {
  const { code = "", message = String(error) } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  if (certificateCodes.has(code)) {
    const reason = `its certificate is not trusted (${message})`;
    const hint =
      "Name its authority in NODE_EXTRA_CA_CERTS, or set K6_PROMETHEUS_RW_INSECURE_SKIP_TLS_VERIFY=true";
    return { kind: "closed", reason, hint };
  }
  if (code.startsWith("HPE_")) {
    const reason = `what listens there does not speak HTTP (${message})`;
    return { kind: "closed", reason, hint: addressHint };
  }
  if (code === "EPROTO" || code.startsWith("ERR_SSL_")) {
    const hint =
      "Is it https there? If it has no TLS 1.3, set K6_PROMETHEUS_RW_TLS_MINIMUM_VERSION=1.2";
    return { kind: "closed", reason: `no TLS connection is made (${message.trim()})`, hint };
  }
  if (code === "ECONNREFUSED" || /ECONNREFUSED/u.test(message))
    return { kind: "later", reason: "nothing listens there: is it running?" };
  return { kind: "later", reason: message };
}
