/**
 * `node dist/bench/http2.js [--pairs 3]`: what a request over TLS and HTTP/2 costs the generator, against k6 on the same
 * nginx, in pairs. Two runs of different length each: the difference leaves out what starting costs. Only the ratio
 * means something on a machine that others use too.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { startNginx } from "../test/support/nginx.ts";

const root = resolve(import.meta.dirname, "..", "..");
const fewRequests = 5_000;
const manyRequests = 45_000;

const script = `
import http from "k6/http";
import { check } from "k6";
export const options = { insecureSkipTLSVerify: true, vus: 50, iterations: Number(__ENV.REQUESTS) };
export default function () {
  const response = http.get(__ENV.URL);
  check(response, { "is HTTP/2": (r) => r.status === 200 && r.proto === "HTTP/2.0" });
}
`;

/** User + system CPU seconds of a command on core 0, as bash tells them. */
function cpuSecondsOf(command: readonly string[], folder: string): number {
  const timed = ["-c", 'TIMEFORMAT="cpu %U %S"; time taskset -c 0 "$@"', "_", ...command];
  const { stderr, status } = spawnSync("bash", timed, { cwd: folder, encoding: "utf8" });
  const [, user, system] = /^cpu (\S+) (\S+)$/mu.exec(stderr) ?? [];
  if (status !== 0 || user === undefined) throw new Error(`${command.join(" ")} failed: ${stderr}`);
  return Number(user) + Number(system);
}

function requestsPerCpuSecond(generator: readonly string[], url: string, folder: string): number {
  const run = (requests: number): number =>
    cpuSecondsOf(
      [...generator, "run", "-q", "-e", `URL=${url}`, "-e", `REQUESTS=${requests}`, "script.js"],
      folder,
    );
  return (manyRequests - fewRequests) / (run(manyRequests) - run(fewRequests));
}

const { values } = parseArgs({ options: { pairs: { type: "string", default: "3" } } });
spawnSync("taskset", ["-pc", "1", String(process.pid)]); // and nginx with it
const closers: (() => unknown)[] = [];
const folder = mkdtempSync(join(tmpdir(), "lakh-bench-"));
try {
  writeFileSync(join(folder, "script.js"), script);
  const url = await startNginx(
    { after: (close) => closers.push(close) },
    `keepalive_requests 1000000; location / { return 200 "${"x".repeat(81)}"; }`,
  );
  for (let pair = 0; pair < Number(values.pairs); pair++) {
    const lakh = requestsPerCpuSecond([process.execPath, join(root, "bin", "lakh")], url, folder);
    const k6 = requestsPerCpuSecond(["k6"], url, folder);
    const ratio = (lakh / k6).toFixed(2);
    console.log(
      `requests per CPU-second: lakh ${lakh.toFixed(0)}, k6 ${k6.toFixed(0)}: ${ratio} x`,
    );
  }
} finally {
  for (const close of closers) await close();
  rmSync(folder, { recursive: true, force: true });
}
