/** The load that a machine is judged against: what was stated, else what the script asks for, else 100,000 daily users. */
import { formatCount } from "../base/units.ts";
import { computeDemand, type DemandInput } from "../plan/index.ts";
import type { PlannedLoad } from "./finding.ts";

export interface LoadWish {
  readonly vus: number | undefined;
  readonly requestsPerSecond: number | undefined;
  readonly users: DemandInput | undefined;
  /** Most VUs of the script at once. */
  readonly scriptVus: number | undefined;
}

const defaultDau = 100_000;

/** Where only VUs are known, each is taken to make a request a second. */
export function plannedLoad(wish: LoadWish): PlannedLoad {
  const { users, vus, requestsPerSecond, scriptVus } = wish;
  const isStated = (vus ?? requestsPerSecond ?? scriptVus) !== undefined;
  return users === undefined && isStated ? statedLoad(wish) : demandLoad(wish);
}

function statedLoad({ vus, requestsPerSecond, scriptVus }: LoadWish): PlannedLoad {
  const ofScript = vus === undefined ? scriptVus : undefined;
  const count = vus ?? ofScript ?? Math.ceil(requestsPerSecond!);
  const sources: string[] = [];
  if (vus !== undefined) sources.push(`--vus ${vus}`);
  if (ofScript !== undefined) sources.push("the script's options");
  sources.push(
    requestsPerSecond === undefined ? "a request a second each" : `--rps ${requestsPerSecond}`,
  );
  return {
    vus: count,
    requestsPerSecond: requestsPerSecond ?? count,
    source: sources.join(", "),
  };
}

function demandLoad({ vus, requestsPerSecond, users }: LoadWish): PlannedLoad {
  const demand = computeDemand(users ?? { dau: defaultDau });
  const said = `${formatCount(demand.dau)} daily users`;
  return {
    vus: vus ?? Math.ceil(demand.peakUsers),
    requestsPerSecond: requestsPerSecond ?? demand.ratePerSecond,
    source: users === undefined ? `${said}, as nothing else was said` : said,
  };
}

/** Addresses that a script's text and its variables name: one URL a host and port, in the order of their places. */
export function urlsIn(texts: readonly string[]): string[] {
  const origins = new Map<string, string>();
  for (const text of texts) {
    for (const [match] of text.matchAll(/\bhttps?:\/\/[^\s"'`<>(){}$\\]+/gu)) {
      if (!URL.canParse(match)) continue;
      const { origin, hostname } = new URL(match);
      if (libraryHosts.has(hostname) || origins.has(origin)) continue;
      origins.set(origin, match);
    }
  }
  return [...origins.values()];
}

/** Where scripts import from. */
const libraryHosts: ReadonlySet<string> = new Set([
  "jslib.k6.io",
  "k6.io",
  "grafana.com",
  "cdn.jsdelivr.net",
  "unpkg.com",
  "esm.sh",
  "raw.githubusercontent.com",
  "github.com",
]);
