/**
 * What each layer of lakh costs a request: the journey's requests and sleeps by users on bare sockets, on the HTTP client
 * alone, as a script that does nothing else, and with one of the journey's ingredients each. All with 5,000 users, on one
 * core, against the bench's target on another.
 *
 *     node dist/bench/layers.js [--rounds 3] [--users 5000]
 *
 * Prints a row a layer: the median of the rounds, and what it takes more than the layer that it stands on.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Cost, endOnSignals, measure, median, pinSelf } from "./measure.ts";
import { type Load, peers } from "./peers.ts";
import { alignedTable } from "./results.ts";
import { startTarget } from "./targets.ts";

interface Layer {
  readonly title: string;
  /** On which layer it stands. */
  readonly on: string | undefined;
  argv(url: string, folder: string): readonly string[];
}

const lakh = peers.get("lakh")!;
const [warmUpSeconds, seconds] = [6, 8];
const runSeconds = warmUpSeconds + seconds + 3;
const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    users: { type: "string", default: "5000" },
  },
});
const { users } = values;

const layers: readonly Layer[] = [
  bareUsers("sockets alone", undefined, "wire"),
  bareUsers("HTTP client alone", "sockets alone", "client"),
  script("script: requests and sleeps", "HTTP client alone", "layers", "bare"),
  script("+ a check each", "script: requests and sleeps", "layers", "checks"),
  script("+ a group each", "script: requests and sleeps", "layers", "groups"),
  script("+ two custom metrics each", "script: requests and sleeps", "layers", "metrics"),
  script(
    "+ a function of the script in between",
    "script: requests and sleeps",
    "layers",
    "nested",
  ),
  script("+ URL, body and params made anew", "script: requests and sleeps", "layers", "fresh"),
  script("the whole journey", "script: requests and sleeps", "journey", "default"),
];

function bareUsers(title: string, on: string | undefined, layer: string): Layer {
  const program = join(import.meta.dirname, "micro", "bare-users.js");
  const argv: Layer["argv"] = (url) => [
    process.execPath,
    program,
    layer,
    url,
    users,
    String(runSeconds),
  ];
  return { title, on, argv };
}

function script(title: string, on: string, file: Load["script"], exec: string): Layer {
  const shape = { kind: "closed", vus: Number(users) } as const;
  const load: Load = { script: file, exec, shape, protocol: "http" };
  const argv: Layer["argv"] = (url, folder) => [
    ...lakh.find()!,
    ...lakh.prepare({ load, url, seconds: runSeconds, folder })!,
  ];
  return { title, on, argv };
}

async function measureOnce(layer: Layer): Promise<Cost> {
  const target = await startTarget({});
  const cwd = mkdtempSync(join(tmpdir(), "lakh-layers-"));
  try {
    const argv = layer.argv(target.urls.http, cwd);
    return await measure({ argv, cwd, threads: 1 }, target, { warmUpSeconds, seconds });
  } finally {
    await target.close();
    rmSync(cwd, { recursive: true, force: true });
  }
}

endOnSignals();
pinSelf();
const costs = new Map<string, Cost[]>(layers.map(({ title }) => [title, []]));
for (let round = 0; round < Number(values.rounds); round++)
  for (const layer of layers) costs.get(layer.title)!.push(await measureOnce(layer));

const microsOf = (title: string): number =>
  median(costs.get(title)!.map(({ cpuSeconds, requests }) => (cpuSeconds * 1e6) / requests));
const peakOf = (title: string): number =>
  median(costs.get(title)!.map(({ peakRssMb }) => peakRssMb));
console.log(
  alignedTable([
    [`${users} users`, "us of CPU a request", "more than below", "requests/CPU-s", "peak RSS, MB"],
    ...layers.map(({ title, on }) => [
      title,
      microsOf(title).toFixed(1),
      on === undefined ? "" : (microsOf(title) - microsOf(on)).toFixed(1),
      String(Math.round(1e6 / microsOf(title))),
      String(Math.round(peakOf(title))),
    ]),
  ]),
);
process.exit();
