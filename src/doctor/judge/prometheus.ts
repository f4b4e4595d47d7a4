/** Can samples be written to Prometheus? */
import type { PrometheusFacts } from "../facts/prometheus.ts";
import { type Finding, finding } from "../finding.ts";

export function judgePrometheus({
  url,
  version,
  problem,
  writeStatus,
}: PrometheusFacts): Finding[] {
  const reachable = ["prometheus", "Prometheus"] as const;
  const what = ["prometheus-write", "Prometheus remote write"] as const;
  if (writeStatus === undefined)
    return [
      finding("fix", reachable, [
        `${url} does not answer: ${problem ?? "no reason known"}`,
        "check address and port, and that the way there is open",
      ]),
    ];
  const answered =
    version === undefined
      ? finding("warning", reachable, [
          `${url} answers, but does not say that it is Prometheus`,
          "give the address that has /api/v1/status/buildinfo below it",
        ])
      : finding("ok", reachable, [`version ${version} at ${url}`]);
  return [answered, judgeWrite(what, writeStatus)];
}

function judgeWrite(what: readonly [string, string], status: number): Finding {
  const answer = `POST /api/v1/write answers ${status}`;
  if (status === 404)
    return finding("fix", what, [
      `${answer}: the receiver is off`,
      "start Prometheus with --web.enable-remote-write-receiver",
    ]);
  if (status === 401 || status === 403)
    return finding("fix", what, [
      `${answer}: it wants credentials`,
      "give the output its credentials",
    ]);
  const isReceiver = status === 400 || (status >= 200 && status < 300);
  return isReceiver
    ? finding("ok", what, [`${answer} to an empty request: the receiver is on`])
    : finding("warning", what, [
        answer,
        "neither yes nor no: look at the server's log, or at the proxy before it",
      ]);
}
