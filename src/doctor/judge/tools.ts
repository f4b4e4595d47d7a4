/** Other programs: needed by some runs only, so that their absence is a note. */
import type { ToolFacts } from "../facts/tools.ts";
import { type Finding, finding } from "../finding.ts";

/** The k6 whose behaviour lakh follows. */
const knownK6 = [2, 2] as const;

export function judgeTools({ k6, k6Problem, kubectl }: ToolFacts): Finding[] {
  return [judgeK6(k6, k6Problem), judgeKubectl(kubectl)];
}

function judgeK6(k6: ToolFacts["k6"], problem: string | undefined): Finding {
  const what = ["k6", "k6"] as const;
  if (k6 === undefined)
    return finding("note", what, [
      `${problem ?? "not found"}; only --runner k6 and --against k6 need it`,
      "install k6 2.2 or later, or name it in LAKH_K6",
    ]);
  const [major = 0, minor = 0] = k6.version.split(".").map(Number);
  const isOld = major < knownK6[0] || (major === knownK6[0] && minor < knownK6[1]);
  const found = `${k6.version} at ${k6.path}`;
  return isOld
    ? finding("warning", what, [
        found,
        `lakh is measured against k6 ${knownK6.join(".")}: take that or a later one`,
      ])
    : finding("ok", what, [found]);
}

function judgeKubectl(kubectl: ToolFacts["kubectl"]): Finding {
  const what = ["kubectl", "kubectl and its cluster"] as const;
  if (kubectl === undefined)
    return finding("note", what, ["not found; only runs on Kubernetes need it"]);
  const { clientVersion, serverVersion, problem } = kubectl;
  return serverVersion === undefined
    ? finding("note", what, [
        `kubectl ${clientVersion}; no cluster: ${problem ?? "it does not answer"}; only runs on Kubernetes need one`,
        "kubectl config get-contexts shows which clusters are known",
      ])
    : finding("ok", what, [`kubectl ${clientVersion}, cluster ${serverVersion}`]);
}
