/** What stands between the generator and the target: caches, kept connections, names, and the machine itself. */
import { formatCount } from "../../base/units.ts";
import type { Evidence } from "../finding.ts";
import type { HostFact } from "../input.ts";
import { peakVus, runDurationMs } from "../load.ts";
import { figure, type Fault, type LintContext, type Rule } from "../rule.ts";
import { counted, figureText, lengthText } from "../wording.ts";
import { offersOf } from "./offered.ts";

/** Products by the headers that only they set. */
const products: readonly (readonly [header: string, value: RegExp, product: string])[] = [
  ["cf-ray", /./u, "Cloudflare"],
  ["server", /^cloudflare/iu, "Cloudflare"],
  ["x-amz-cf-id", /./u, "Amazon CloudFront"],
  ["server", /^CloudFront/iu, "Amazon CloudFront"],
  ["server", /^AkamaiGHost|^AkamaiNetStorage/iu, "Akamai"],
  ["x-akamai-request-id", /./u, "Akamai"],
  ["x-served-by", /^cache-/iu, "Fastly"],
  ["x-fastly-request-id", /./u, "Fastly"],
  ["x-azure-ref", /./u, "Azure Front Door"],
  ["x-sucuri-id", /./u, "the Sucuri firewall"],
  ["x-iinfo", /./u, "the Imperva firewall"],
  ["x-vercel-id", /./u, "Vercel"],
  ["x-varnish", /./u, "Varnish"],
];

export const cdnInFront: Rule = {
  id: "cdn-in-front",
  title: "A CDN or firewall answers in the target's place",
  why:
    "Through a CDN the edge is measured, not the backend, and a firewall takes the load for an attack and answers 403 or 429 " +
    "(tsenart/vegeta issue 243).",
  fix: "send the load to the origin, or let the edge pass it on (a header that bypasses the cache, the generator's addresses in the allow list), and ask its owner first",
  severities: ["problem", "warning"],
  looksAt: "dry run",
  needs: ["trial"],
  check: ({ trial }) => (trial?.hosts ?? []).flatMap((host) => edgeFault(host) ?? []),
};

function edgeFault(host: HostFact): Fault | undefined {
  const found = products.find(([header, value]) => value.test(host.headers[header] ?? ""));
  if (found === undefined && host.cacheHits === 0) return undefined;
  const { cacheHits, requests } = host;
  const product = found?.[2] ?? "a shared cache";
  return {
    severity: cacheHits > requests / 2 ? "problem" : "warning",
    message:
      cacheHits > 0
        ? `${product} answered ${cacheHits} of ${counted(requests, "request")} to ${host.host} from its cache`
        : `${product} stands in front of ${host.host}`,
    evidence: Object.entries(host.headers).map(([name, value]) =>
      figure("dry-run", `${host.host}: ${name}: ${value}`),
    ),
  };
}

/** A run that is shorter scales nothing out. */
const longRunMs = 600_000;

export const pinnedConnections: Rule = {
  id: "pinned-connections",
  title: "Kept connections stay with the instances that were there first",
  why:
    "A VU keeps its connections for the whole run. Behind a load balancer that balances connections, instances that an autoscaler adds get " +
    "nothing from the VUs that are there already (grafana/k6 issues 1752, 2758, 3466).",
  fix: "if the target scales out during the run, set noVUConnectionReuse: true (new connections for each iteration), or let the balancer end connections after a time",
  severities: ["info"],
  looksAt: "options",
  needs: [],
  check(context) {
    const { plan, trial } = context;
    const { noConnectionReuse, noVUConnectionReuse } = plan.options;
    const durationMs = runDurationMs(plan);
    if (noConnectionReuse || noVUConnectionReuse || durationMs < longRunMs) return [];
    // One process on this machine does not scale out, and a target that ends connections pins none.
    const isElsewhere = trial === undefined || trial.hosts.some((each) => !each.isLoopback);
    if (!isElsewhere || trial?.hosts.every(({ closing, requests }) => closing === requests))
      return [];
    return [
      {
        severity: "info",
        message: `the VUs keep their connections for ${lengthText(durationMs)}: instances that are added meanwhile get no load from them`,
        evidence: [figure("options", "noConnectionReuse and noVUConnectionReuse are off")],
      },
    ];
  },
};

/** Ports stay taken this long after their connection has ended (TIME_WAIT on Linux). */
const timeWaitS = 60;

export const connectionPerRequest: Rule = {
  id: "connection-per-request",
  title: "A connection for each request",
  why:
    "Each connection costs a handshake and holds a port for a minute after its end: with some 28,000 ports it takes 470 connections/s to run " +
    "out of them, and what is measured is TLS (grafana/k6 issue 826).",
  fix: "leave connections open, as browsers and apps do, unless connections are what is tested",
  severities: ["problem", "warning"],
  looksAt: "script and dry run",
  needs: [],
  check(context) {
    const { plan, model, at } = context;
    if (!plan.options.noConnectionReuse) return closedByTarget(context);
    const rate =
      offersOf(context)?.reduce((sum, each) => sum + each.requestsPerSecond, 0) ??
      context.goal.requestsPerSecond?.value;
    const ports = context.machine.ephemeralPorts;
    const isShort = rate !== undefined && ports !== undefined && rate * timeWaitS > ports;
    const property = model.optionProperty(["noConnectionReuse"]);
    const place = property === undefined ? undefined : at(property);
    return [
      {
        severity: isShort ? "problem" : "warning",
        message: isShort
          ? `noConnectionReuse at ${figureText(rate)} requests/s takes ${formatCount(rate * timeWaitS)} ports to one address, and there are ${formatCount(ports)}`
          : "noConnectionReuse: every request opens a connection",
        evidence: [
          ...(place === undefined ? [] : [place]),
          ...(ports === undefined
            ? []
            : [figure("machine", `${formatCount(ports)} ports for outgoing connections`)]),
        ],
      },
    ];
  },
};

/** The option is off, and yet nearly every request had to connect. */
function closedByTarget({ trial, plan }: LintContext): Fault[] {
  if (trial === undefined || plan.options.noVUConnectionReuse) return [];
  const closing = trial.hosts.reduce((sum, host) => sum + host.closing, 0);
  const { requests, connectionsOpened, vus } = trial;
  const isMost =
    connectionsOpened > requests * 0.9 && requests > 2 * vus * Math.max(1, trial.hosts.length);
  if (!isMost || closing === 0) return [];
  return [
    {
      severity: "warning",
      message: `the target ends the connection after nearly every answer: ${connectionsOpened} connections for ${counted(requests, "request")}`,
      evidence: [figure("dry-run", `${closing} answers said "connection: close"`)],
      fix: "let the target, or the proxy in front of it, keep connections open, as it does for real clients",
    },
  ];
}

export const dnsForever: Rule = {
  id: "dns-forever",
  title: "Names are looked up once for the whole run",
  why:
    "With dns.ttl inf an address stays for the whole run: when the target's load balancer moves, the load goes on to addresses that nobody " +
    "else uses any more (grafana/k6 issues 726, 738).",
  fix: 'leave dns.ttl at its 5 minutes, or set it to what the name\'s own records say: dns: { ttl: "1m" }',
  severities: ["warning"],
  looksAt: "options",
  needs: [],
  check(context) {
    const { plan, model, at } = context;
    const durationMs = runDurationMs(plan);
    if (plan.options.dns.ttl !== "inf" || durationMs <= 300_000) return [];
    const property = model.optionProperty(["dns"]);
    const place = property === undefined ? undefined : at(property);
    return [
      {
        severity: "warning",
        message: `dns.ttl is "inf" in a run of ${lengthText(durationMs)}`,
        evidence: place === undefined ? [] : [place],
      },
    ];
  },
};

export const loopbackTarget: Rule = {
  id: "loopback-target",
  title: "Generator and target share a machine",
  why:
    "A target on this machine and the generator take CPU from each other: latency rises for reasons that no real user has " +
    "(documentation of autocannon and wrk).",
  fix: "run lakh on another machine for figures that are to be believed; for trying out it is fine",
  severities: ["info"],
  looksAt: "dry run",
  needs: ["trial"],
  check({ trial }) {
    const here = (trial?.hosts ?? []).filter(({ isLoopback }) => isLoopback);
    if (here.length === 0) return [];
    return [
      {
        severity: "info",
        message: `${here.map(({ host }) => host).join(", ")} is on this machine`,
        evidence: here.map(({ host, requests }) =>
          figure("dry-run", `${counted(requests, "request")} to ${host}`),
        ),
      },
    ];
  },
};

/** Files that Node and lakh have open themselves. */
const ownFiles = 100;

export const generatorLimits: Rule = {
  id: "generator-limits",
  title: "This machine cannot hold the load",
  why:
    "Each VU has a connection to each host: an open file, and a port for each address. At a limit requests fail on the generator's side and " +
    "look like failures of the target (k6 documentation, Fine-tuning OS; grafana/k6 issue 2006).",
  fix: "raise the limit (ulimit -n, net.ipv4.ip_local_port_range), or spread the load over several machines",
  severities: ["problem"],
  looksAt: "machine",
  needs: [],
  check(context) {
    const { machine, plan, trial } = context;
    const vus = peakVus(plan);
    const hosts = Math.max(1, trial?.hosts.length ?? 1);
    const faults: Fault[] = [];
    const { openFiles, ephemeralPorts } = machine;
    if (openFiles !== undefined && vus * hosts + ownFiles > openFiles)
      faults.push(
        limitFault(
          `${counted(vus, "VU")} need ${formatCount(vus * hosts + ownFiles)} open files, and ${formatCount(openFiles)} are allowed`,
          [figure("machine", `open files (ulimit -n): ${formatCount(openFiles)}`)],
          "raise the limit: ulimit -n 65536",
        ),
      );
    if (ephemeralPorts !== undefined && vus > ephemeralPorts)
      faults.push(
        limitFault(
          `${counted(vus, "VU")} need a port each to the same address, and there are ${formatCount(ephemeralPorts)}`,
          [figure("machine", `ports for outgoing connections: ${formatCount(ephemeralPorts)}`)],
          "widen net.ipv4.ip_local_port_range, use several source addresses (--local-ips), or several machines",
        ),
      );
    return faults;
  },
};

function limitFault(message: string, evidence: readonly Evidence[], fix: string): Fault {
  return { severity: "problem", message, evidence, fix };
}
