/**
 * What `--out statsd` and `--out dogstatsd` are told: an address in the argument (`statsd=host:8125`), over K6_STATSD_…
 * variables, which are those of k6's former output and of the extension that followed it.
 */
import {
  badSetting,
  positiveDuration,
  positiveInteger,
  truthValue,
  type Variables,
} from "../variables.ts";

/** `dogstatsd` has tags and distributions, and several values in a line. */
export type StatsdDialect = "statsd" | "dogstatsd";

export interface StatsdOptions {
  readonly dialect: StatsdDialect;
  readonly host: string;
  readonly port: number;
  /** Before each name, with its dot. */
  readonly namespace: string;
  readonly pushIntervalMs: number;
  /** Lines in a datagram at most. */
  readonly bufferSize: number;
  readonly hasTags: boolean;
  readonly blockedTags: ReadonlySet<string>;
}

/** @throws LakhError OUTPUT_ARGUMENT */
export function parseStatsdOptions(
  dialect: StatsdDialect,
  argument: string,
  env: Variables,
): StatsdOptions {
  const setting = (name: string, or: string): { readonly text: string; readonly from: string } => {
    const from = `K6_STATSD_${name}`;
    return { text: env[from] || or, from };
  };
  return {
    dialect,
    ...parseAddress(dialect, argument || setting("ADDR", "localhost:8125").text),
    // An empty namespace is one, too.
    namespace: env["K6_STATSD_NAMESPACE"] ?? "k6.",
    pushIntervalMs: positiveDuration(dialect, setting("PUSH_INTERVAL", "1s")),
    bufferSize: positiveInteger(dialect, setting("BUFFER_SIZE", "20")),
    hasTags: dialect === "dogstatsd" || truthValue(dialect, setting("ENABLE_TAGS", "false")),
    blockedTags: new Set(
      (env["K6_STATSD_TAG_BLOCKLIST"] ?? "vu,iter,url").split(",").map((tag) => tag.trim()),
    ),
  };
}

const defaultPort = 8_125;

/** `host`, `host:port`, `[::1]:port`; `udp://` may stand before it. */
function parseAddress(
  dialect: StatsdDialect,
  text: string,
): { readonly host: string; readonly port: number } {
  const shape = /^(?:udp:\/\/)?(?:\[([\da-fA-F:.]+)\]|([^\s:/[\]]+))(?::(\d{1,5}))?$/u;
  const [, literal, name, portText] = shape.exec(text) ?? [];
  const host = literal ?? name;
  const port = portText === undefined ? defaultPort : Number(portText);
  if (host !== undefined && port >= 1 && port <= 65_535) return { host, port };
  throw badSetting(
    dialect,
    `"${text}" is no address`,
    `write it as in --out ${dialect}=localhost:${defaultPort}, or in K6_STATSD_ADDR; it is sent there by UDP`,
  );
}
