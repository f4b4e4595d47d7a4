/**
 * Where metrics are sent to, and how: from the argument (`--out opentelemetry=http://host:4318`), else from k6's
 * variables, else from those of OpenTelemetry's SDKs, else where a collector on this machine listens.
 *
 * In a URL the scheme says it all: `http` and `https` are OTLP over HTTP (or gRPC, when the protocol is set to it), `grpc`
 * and `grpcs` are gRPC without and with TLS. In k6's variables the endpoint is host and port, and connections are made
 * with TLS unless the variable …_INSECURE is true.
 */
import { exitCodes } from "../../base/errors.ts";
import { decoded, type Given, givenIn, truthValue, type Variables } from "../variables.ts";
import { badArgument, exporterNames, outputName } from "./settings.ts";

export type Protocol = "grpc" | "http/protobuf";

export interface Address {
  readonly protocol: Protocol;
  /** `http:` without, `https:` with TLS; without user and password. The path is that of HTTP. */
  readonly url: URL;
  /** Both decoded; from the URL of the argument. */
  readonly credentials: { readonly user: string; readonly password: string } | undefined;
}

const metricsPath = "/v1/metrics";
const grpcPort = "4317";

/** @throws LakhError OUTPUT_ARGUMENT */
export function parseAddress(argument: string, env: Variables): Address {
  if (argument !== "") return fromArgument(argument, env);
  const protocol = protocolOf(env) ?? "grpc";
  const url = protocol === "grpc" ? grpcUrl(env) : httpUrl(env);
  return withoutCredentials(protocol, url);
}

function fromArgument(argument: string, env: Variables): Address {
  const asked = protocolOf(env);
  const url = parseUrl({ text: argument, from: "--out opentelemetry" });
  const isGrpc = /^grpcs?:/u.test(argument);
  if (isGrpc && asked === "http/protobuf") {
    const hint =
      "write http:// or https:// in the argument, or unset the variable for the protocol";
    throw badArgument(`"${shown(url)}" is gRPC, and the protocol is set to http/protobuf`, hint);
  }
  const protocol = isGrpc ? "grpc" : (asked ?? "http/protobuf");
  if (protocol === "http/protobuf") completePath(url);
  return withoutCredentials(protocol, url);
}

function protocolOf(env: Variables): Protocol | undefined {
  const setting = givenIn(
    env,
    "K6_OTEL_EXPORTER_PROTOCOL",
    "K6_OTEL_EXPORTER_TYPE",
    ...exporterNames("PROTOCOL"),
  );
  if (setting === undefined) return undefined;
  const { from, text } = setting;
  if (text === "grpc") return "grpc";
  if (text === "http/protobuf" || (from === "K6_OTEL_EXPORTER_TYPE" && text === "http"))
    return "http/protobuf";
  // k6's words and exit code.
  throw badArgument(
    `error validating OpenTelemetry output config: unsupported exporter protocol "${text}", only "grpc" and "http/protobuf" are supported`,
    { hint: `set ${from} to one of them`, exitCode: exitCodes.invalidConfig },
  );
}

function grpcUrl(env: Variables): URL {
  const endpoint = givenIn(env, "K6_OTEL_GRPC_EXPORTER_ENDPOINT", ...exporterNames("ENDPOINT"));
  const insecure = givenIn(env, "K6_OTEL_GRPC_EXPORTER_INSECURE", ...exporterNames("INSECURE"));
  return endpointUrl(endpoint ?? { text: "localhost:4317", from: "" }, insecure);
}

function httpUrl(env: Variables): URL {
  const own = givenIn(env, "K6_OTEL_HTTP_EXPORTER_ENDPOINT");
  const [forMetrics, forAll] = exporterNames("ENDPOINT");
  // This one alone is taken with the path it has.
  const exact = own === undefined ? givenIn(env, forMetrics) : undefined;
  if (exact !== undefined) return parseUrl(exact);
  const endpoint = own ?? givenIn(env, forAll) ?? { text: "localhost:4318", from: "" };
  const insecure = givenIn(env, "K6_OTEL_HTTP_EXPORTER_INSECURE");
  const url = endpointUrl(endpoint, insecure ?? givenIn(env, ...exporterNames("INSECURE")));
  const path = givenIn(env, "K6_OTEL_HTTP_EXPORTER_URL_PATH");
  if (path === undefined) completePath(url);
  else url.pathname = path.text;
  return url;
}

/** Of host and port, or of a URL whose scheme then decides about TLS. */
function endpointUrl(endpoint: Given, insecure: Given | undefined): URL {
  if (endpoint.text.includes("://")) return parseUrl(endpoint);
  const scheme = insecure !== undefined && truthValue(outputName, insecure) ? "http" : "https";
  return parseUrl({ ...endpoint, text: `${scheme}://${endpoint.text}` });
}

function parseUrl({ text, from }: Given): URL {
  const match = /^(?<kind>http|grpc)(?<s>s?):\/\/(?<rest>[^/?#]+.*)$/u.exec(text);
  const { kind, s = "", rest = "" } = match?.groups ?? {};
  // The URL forgets a port that its scheme has anyway, and gRPC has another one.
  const hasPort = /^[^/?#]*:\d+(?:[/?#]|$)/u.test(rest);
  const url = URL.canParse(`http${s}://${rest}`) ? new URL(`http${s}://${rest}`) : undefined;
  if (kind === undefined || url === undefined) {
    const hint =
      "write it as in http://host:4318 (HTTP), or grpc://host:4317 (gRPC), with an s for TLS";
    throw badArgument(`${from} names no address`, hint);
  }
  if (kind === "grpc" && !hasPort) url.port = grpcPort;
  return url;
}

/** Adds the path of metrics to that of a receiver. */
function completePath(url: URL): void {
  const base = url.pathname.replace(/\/+$/u, "");
  url.pathname = base.endsWith(metricsPath) ? base : base + metricsPath;
}

function withoutCredentials(protocol: Protocol, given: URL): Address {
  const url = new URL(given);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  const credentials =
    username === "" && password === ""
      ? undefined
      : { user: decoded(username), password: decoded(password) };
  return { protocol, url, credentials };
}

function shown({ host }: URL): string {
  return `grpc://${host}`;
}
