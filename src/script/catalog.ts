/**
 * What k6's modules export, and which of it makes the script wait. The colouring of the lowering starts from here.
 * A name missing from `blocking` is a leak error at run time, one too many costs a comparison a call.
 * Source: k6's documentation and reference/k6-behaviour.md sections 4 and 5.
 */

/** One k6 module. */
export interface CatalogModule {
  /** Named exports; every module has a default export as well. */
  readonly exports: readonly string[];
  /** Exports that make the script wait when called. */
  readonly blocking: readonly string[];
  /** Methods of objects from this module that make the script wait. */
  readonly blockingMethods: readonly string[];
}

function define(
  exports: string,
  blocking = "",
  blockingMethods: readonly string[] = [],
): CatalogModule {
  const words = (text: string): string[] => text.split(" ").filter((word) => word !== "");
  return { exports: words(exports), blocking: words(blocking), blockingMethods };
}

const requests = "get head post put patch del options request batch";
const timers = "setTimeout clearTimeout setInterval clearInterval";
const tlsConstants = "TLS_1_0 TLS_1_1 TLS_1_2 TLS_1_3";
const ocspConstants =
  "OCSP_STATUS_GOOD OCSP_STATUS_REVOKED OCSP_STATUS_SERVER_FAILED OCSP_STATUS_UNKNOWN OCSP_REASON_UNSPECIFIED " +
  "OCSP_REASON_KEY_COMPROMISE OCSP_REASON_CA_COMPROMISE OCSP_REASON_AFFILIATION_CHANGED OCSP_REASON_SUPERSEDED " +
  "OCSP_REASON_CESSATION_OF_OPERATION OCSP_REASON_CERTIFICATE_HOLD OCSP_REASON_REMOVE_FROM_CRL " +
  "OCSP_REASON_PRIVILEGE_WITHDRAWN OCSP_REASON_AA_COMPROMISE";
const grpcConstants =
  "StatusOK StatusCanceled StatusUnknown StatusInvalidArgument StatusDeadlineExceeded StatusNotFound " +
  "StatusAlreadyExists StatusPermissionDenied StatusResourceExhausted StatusFailedPrecondition StatusAborted " +
  "StatusOutOfRange StatusUnimplemented StatusInternal StatusUnavailable StatusDataLoss StatusUnauthenticated " +
  "HealthCheckUnknown HealthCheckServing HealthCheckNotServing HealthCheckServiceUnkown";

/** What k6 once had: importing one is an error of its own, which the engine makes. */
export const removedModules: ReadonlySet<string> = new Set(
  ["browser", "grpc", "redis", "timers", "tracing", "webcrypto"].map(
    (name) => `k6/experimental/${name}`,
  ),
);

/** Specifier → module, for every module of k6 v2. */
export const catalog: Readonly<Record<string, CatalogModule>> = {
  k6: define("check fail group randomSeed sleep", "check group sleep"),
  "k6/browser": define("browser chromium devices networkProfiles"),
  "k6/crypto": define(
    "createHash createHMAC hmac md4 md5 sha1 sha256 sha384 sha512 sha512_224 sha512_256 ripemd160 randomBytes hexEncode",
  ),
  "k6/crypto/x509": define("parse getAltNames getIssuer getSubject"),
  "k6/data": define("SharedArray"),
  "k6/encoding": define("b64encode b64decode"),
  // exec.test.abort() makes the script wait for ever: that is how it ends in the middle.
  "k6/execution": define("instance scenario test vu", "", ["abort"]),
  "k6/experimental/csv": define("parse Parser"),
  "k6/experimental/fs": define("open SeekMode"),
  "k6/experimental/streams": define(
    "ReadableStream ReadableStreamDefaultReader CountQueuingStrategy WritableStream WritableStreamDefaultWriter",
  ),
  "k6/experimental/websockets": define("WebSocket Blob"),
  "k6/html": define("parseHTML"),
  "k6/http": define(
    `${requests} asyncRequest url file CookieJar cookieJar expectedStatuses setResponseCallback ${tlsConstants} ${ocspConstants}`,
    requests,
    ["submitForm", "clickLink"],
  ),
  "k6/metrics": define("Counter Gauge Rate Trend"),
  "k6/net/grpc": define(`Client Stream ${grpcConstants}`, "", ["connect", "invoke", "healthCheck"]),
  "k6/secrets": define(""),
  "k6/timers": define(timers),
  "k6/websockets": define("WebSocket Blob"),
  // The others call handlers at once, for what they find, and handlers may block.
  "k6/ws": define("connect", "connect", ["connect", "close", "send", "sendBinary", "ping"]),
};

/** The modules' exports that make a script wait: what the lowering asks. */
export function isBlockingExport(specifier: string, name: string): boolean {
  return catalog[specifier]?.blocking.includes(name) ?? false;
}
