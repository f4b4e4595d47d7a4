/**
 * Stands in for the docker command: notes what it is called with, and "up" starts one process that answers on the ports
 * of both containers. STAND_IN_DOCKER says how it fares: "well", "silent" (no daemon), "bare" (no Compose), "sick" (up
 * fails).
 */
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const args = process.argv.slice(2);
const { env } = process;
const folder = env["STAND_IN_FOLDER"]!;
const pidFile = join(folder, "containers.pid");
const fares = env["STAND_IN_DOCKER"] ?? "well";

function end(code: number, text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(code);
}

/** The answers of both containers, until the process is ended. */
function serve(): void {
  const answers: Readonly<Record<string, unknown>> = {
    "/api/v1/status/buildinfo": { data: { version: "3.13.3" } },
    "/api/v1/status/tsdb": { data: { headStats: { numSeries: 7 } } },
    "/api/health": { database: "ok", version: "13.2.3" },
    "/api/org": {},
  };
  const server = (): Server =>
    createServer((request, response) =>
      response.end(
        request.url === "/-/ready"
          ? "Prometheus Server is Ready.\n"
          : JSON.stringify(answers[request.url!] ?? null),
      ),
    );
  const ports = [env["LAKH_PROMETHEUS_PORT"], env["LAKH_GRAFANA_PORT"]];
  for (const port of ports)
    server()
      .on("error", () => undefined) // the port of a Grafana that was not asked for may be taken
      .listen(Number(port), "127.0.0.1");
  writeFileSync(pidFile, String(process.pid));
}

function up(composeFile: string): void {
  if (!existsSync(join(dirname(composeFile), "..", "grafana.env")))
    end(14, "env file grafana.env not found");
  if (fares === "sick") end(1, "Error response from daemon: no space left on device");
  const own = process.argv[1]!;
  spawn(process.execPath, [own, "serve"], { detached: true, stdio: "ignore" }).unref();
  process.stderr.write(" Container prometheus  Healthy\n");
}

async function down(): Promise<void> {
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, "utf8"));
  process.kill(pid);
  while (existsSync(`/proc/${pid}`)) await wait(10);
  rmSync(pidFile);
}

if (args[0] === "serve") {
  serve();
} else if (args[0] === "info") {
  if (fares === "silent") end(1, "Cannot connect to the Docker daemon. Is it running?");
  console.log("28.5.1");
} else if (args[1] === "version") {
  if (fares === "bare") end(1, "docker: unknown command: docker compose");
  console.log("2.40.3");
} else {
  // Not the variables that name programs to the tests themselves: LAKH_K6 and the like.
  const own = /^(?:COMPOSE|LAKH_(?:PROMETHEUS|GRAFANA|RETENTION))_/u;
  const settings = Object.entries(env).filter(([name]) => own.test(name));
  const call = { args, env: Object.fromEntries(settings) };
  appendFileSync(join(folder, "calls"), `${JSON.stringify(call)}\n`);
  if (args.includes("up")) up(args[args.indexOf("--file") + 1]!);
  else await down();
}
