/** Can the target be reached, is it near, and does what is measured tell of the target alone? */
import type { ConnectionFacts, TlsFacts } from "../facts/connection.ts";
import type { AnswerFacts } from "../facts/requests.ts";
import type { DnsFacts, TargetFacts } from "../facts/target.ts";
import { type Finding, finding } from "../finding.ts";
import { frontsOf, isCached } from "./front.ts";

/** Beyond it the way there is a large part of every latency objective. */
const farMs = 20;
const certificateDays = 14;
/** The Date header has whole seconds. */
const clockLimitMs = 2_000;
/** How long lakh keeps an answer of DNS unless told otherwise. */
const dnsKeptSeconds = 300;

/** The lines of one target, the later ones only when the earlier ones allow them. */
export function judgeTarget(facts: TargetFacts): Finding[] {
  const { dns, connection, answers } = facts;
  const findings = [judgeDns(facts.hostname, dns), ...judgePlace(facts)];
  if (connection === undefined) return findings;
  findings.push(judgeConnection(connection));
  if (connection.tls !== undefined) findings.push(judgeTls(connection.tls));
  if (answers !== undefined) findings.push(...judgeAnswers(answers));
  return findings;
}

function judgeDns(
  hostname: string,
  { addresses, lookupMs, ttlSeconds, problem }: DnsFacts,
): Finding {
  const what = ["target-dns", "target's name"] as const;
  if (problem !== undefined)
    return finding("fix", what, [
      `${hostname} cannot be looked up: ${problem}`,
      "check the name, and the DNS server of this machine (/etc/resolv.conf)",
    ]);
  const count = addresses.length === 1 ? "1 address" : `${addresses.length} addresses`;
  const ttl = ttlSeconds === undefined ? "" : `, TTL ${ttlSeconds} s`;
  const found = `${hostname}: ${count} (${addresses.slice(0, 3).join(", ")}${addresses.length > 3 ? ", …" : ""}) in ${ms(lookupMs)}${ttl}`;
  const isShort = ttlSeconds !== undefined && ttlSeconds < dnsKeptSeconds;
  return isShort
    ? finding("note", what, [
        found,
        `lakh keeps an answer for ${dnsKeptSeconds / 60} minutes, as k6 does: if load is spread by DNS, run with --dns ttl=${ttlSeconds}s`,
      ])
    : finding("ok", what, [found]);
}

function judgePlace({ place }: TargetFacts): Finding[] {
  if (place === "elsewhere") return [];
  const found = place === "loopback" ? "it is on this machine (loopback)" : "it is on this machine";
  return [
    finding(
      "warning",
      ["target-place", "target's place"],
      [
        found,
        "generator and target take each other's processor time: fine for a try, not for a verdict that counts",
      ],
    ),
  ];
}

function judgeConnection({ address, port, connectMs, problem }: ConnectionFacts): Finding {
  const what = ["target-connection", "connection"] as const;
  if (problem !== undefined)
    return finding("fix", what, [
      `${address} port ${port}: ${problem}`,
      "is it running, is the port right, does a firewall let this machine through?",
    ]);
  const found = `${address} port ${port} in ${ms(connectMs ?? 0)}`;
  return (connectMs ?? 0) > farMs
    ? finding("warning", what, [
        found,
        "the way there is part of every latency: run lakh nearer to the target, in its region",
      ])
    : finding("ok", what, [found]);
}

function judgeTls({ version, alpn, handshakeMs, distrust, daysLeft }: TlsFacts): Finding {
  const what = ["target-tls", "TLS"] as const;
  const days = daysLeft === undefined ? "" : `, certificate ${daysText(daysLeft)}`;
  const found = `${version}, ${alpn ?? "no ALPN"}, handshake ${ms(handshakeMs)}${days}`;
  if (daysLeft !== undefined && daysLeft < 0)
    return finding("fix", what, [
      found,
      "renew the certificate, or run with --insecure-skip-tls-verify",
    ]);
  if (distrust !== undefined)
    return finding("fix", what, [
      `${found}; not trusted: ${distrust}`,
      "name the authority's certificate in SSL_CERT_FILE, or run with --insecure-skip-tls-verify",
    ]);
  if (daysLeft !== undefined && daysLeft < certificateDays)
    return finding("warning", what, [found, "renew the certificate before the test"]);
  return version === "TLSv1" || version === "TLSv1.1"
    ? finding("warning", what, [
        found,
        "lakh, as k6, speaks 1.2 and later unless the option tlsVersion says otherwise",
      ])
    : finding("ok", what, [found]);
}

function judgeAnswers(answers: AnswerFacts): Finding[] {
  if (answers.statuses.length === 0 || answers.problem !== undefined) {
    const found = `${answers.statuses.length} answers, then: ${answers.problem ?? "nothing"}`;
    return [
      finding(
        "fix",
        ["target-answers", "answers"],
        [found, "look at the target's log: it takes connections and does not answer"],
      ),
    ];
  }
  return [
    judgeStatuses(answers),
    judgeReuse(answers),
    judgeFront(answers),
    ...judgeDate(answers.dateOffsetMs),
  ];
}

function judgeStatuses({ statuses, firstByteMs }: AnswerFacts): Finding {
  const what = ["target-answers", "answers"] as const;
  const sorted = firstByteMs.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const kinds = [...new Set(statuses)].sort((a, b) => a - b).join(", ");
  const found = `${statuses.length} requests: status ${kinds}; first byte after ${ms(median)} (median), ${ms(sorted.at(-1) ?? 0)} (longest)`;
  const worst = Math.max(...statuses);
  if (worst >= 500)
    return finding("fix", what, [found, "the target fails without load: mend that first"]);
  if (statuses.includes(429))
    return finding("warning", what, [
      found,
      "a rate limit takes the generator for one greedy client: allow its address for the test",
    ]);
  return worst >= 400
    ? finding("warning", what, [
        found,
        "give a URL that the target answers with success, to see how it really answers",
      ])
    : finding("ok", what, [found]);
}

function judgeReuse({ reused, statuses }: AnswerFacts): Finding {
  const what = ["target-keep-alive", "keep-alive"] as const;
  const possible = statuses.length - 1;
  const found = `${reused} of ${possible} further requests found the connection open`;
  return reused < possible
    ? finding("warning", what, [
        found,
        "the target closes connections: each request pays for a new one, and local ports run out at a few hundred a second",
      ])
    : finding("ok", what, [found]);
}

function judgeFront({ headers }: AnswerFacts): Finding {
  const what = ["target-front", "in front of the target"] as const;
  const fronts = frontsOf(headers);
  const cached = isCached(headers) ? "; a cache answered" : "";
  if (fronts.length === 0)
    return cached === ""
      ? finding("ok", what, ["nothing that its headers tell of"])
      : finding("warning", what, [
          "a cache answered",
          "what a cache answers says nothing of the target: test paths that are not cached, or ask the target directly",
        ]);
  const names = fronts.map(({ name, evidence }) => `${name} (${evidence})`).join(", ");
  return finding("warning", what, [
    `${names}${cached}`,
    "a CDN or firewall may cache, slow down or block a load from one address: ask the target directly, or tell its operator and allow this machine",
  ]);
}

function judgeDate(offsetMs: number | undefined): Finding[] {
  const what = ["target-clock", "target's clock"] as const;
  if (offsetMs === undefined)
    return [finding("note", what, ["its answers have no Date header to compare with"])];
  const seconds = (Math.abs(offsetMs) / 1_000).toFixed(1);
  const found = `${seconds} s ${offsetMs < 0 ? "behind" : "ahead of"} this machine's (to the second)`;
  return Math.abs(offsetMs) > clockLimitMs
    ? [
        finding("warning", what, [
          found,
          "set both by NTP, or readings of the target will not lie where they belong",
        ]),
      ]
    : [finding("ok", what, [found])];
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

function daysText(days: number): string {
  const whole = Math.floor(Math.abs(days));
  return days < 0 ? `ended ${whole} days ago` : `good for ${whole} days`;
}
