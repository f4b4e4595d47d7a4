/** `lakh monitor`: a Prometheus and a Grafana on this machine, to watch runs with. */
import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { systemClock } from "../../base/clock.ts";
import { exitCodes } from "../../base/errors.ts";
import { packageRoot } from "../../run/index.ts";
import type { CommandContext } from "../context.ts";

interface UpFlags {
  readonly using: "auto" | "docker" | "programs";
  readonly prometheusPort?: number;
  readonly grafanaPort?: number;
  readonly grafana: boolean;
  readonly retention: string;
  readonly retentionSize: string;
}

const examples = `
Examples:
  lakh monitor up                               Prometheus and Grafana, on this machine's loopback only
  lakh run script.js --out prometheus           a run finds them by itself
  lakh monitor status --json
  lakh monitor down                             the data are kept; --purge removes them

Exit codes: status ends with 0 when the monitor is up and 1 when it is not, or not whole.
More: docs/guide/monitor.md.`;

export function addMonitorCommand(program: Command, context: CommandContext): void {
  const monitor = program
    .command("monitor")
    .description("start, look at and stop a local Prometheus and Grafana with lakh's dashboards")
    .addHelpText("after", examples);
  addUp(monitor, context);
  addStatus(monitor, context);
  addDown(monitor, context);
}

function addUp(monitor: Command, context: CommandContext): void {
  monitor
    .command("up")
    .description("start them, with Docker Compose where Docker is, else from programs on the PATH")
    .addOption(
      new Option("--using <how>", "what to start them with")
        .choices(["auto", "docker", "programs"])
        .default("auto"),
    )
    .option("--prometheus-port <n>", "port of Prometheus: 9090 or the next free one", toPort)
    .option("--grafana-port <n>", "port of Grafana: 3000 or the next free one", toPort)
    .option("--no-grafana", "Prometheus alone")
    .option("--retention <time>", "how long data are kept, such as 12h, 30d, 1y", toAge, "30d")
    .option("--retention-size <size>", "how much is kept at most, such as 5GB", toSize, "5GB")
    .action((flags: UpFlags) => runUp(context, flags));
}

async function runUp({ host }: CommandContext, flags: UpFlags): Promise<void> {
  const { monitorUp, renderUp } = await import("../../monitor/index.ts");
  const interrupted = new AbortController();
  const stopListening = host.onInterrupt(() => interrupted.abort());
  try {
    const result = await monitorUp(
      {
        env: host.env,
        deployFolder: join(packageRoot(), "deploy"),
        using: flags.using,
        prometheusPort: flags.prometheusPort,
        grafanaPort: flags.grafanaPort,
        withGrafana: flags.grafana,
        retention: { time: flags.retention, size: flags.retentionSize },
      },
      {
        clock: systemClock,
        say: (line) => host.stderr.write(`${line}\n`),
        signal: interrupted.signal,
      },
    );
    host.stdout.write(await renderUp(result));
  } finally {
    stopListening();
  }
}

function addStatus(monitor: Command, context: CommandContext): void {
  monitor
    .command("status")
    .description("what runs, since when, on which ports; ends with 1 when the monitor is not up")
    .option("--json", "as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      const { host } = context;
      const { readMonitorStatus, renderStatus } = await import("../../monitor/index.ts");
      const status = await readMonitorStatus(host.env, systemClock);
      host.stdout.write(
        json === true ? `${JSON.stringify(status, null, 2)}\n` : await renderStatus(status),
      );
      context.exitCode = status.state === "up" ? exitCodes.ok : notUp;
    });
}

/** Exit code of `status` when the monitor is not up, or not all of it. */
const notUp = 1;

function addDown(monitor: Command, { host }: CommandContext): void {
  monitor
    .command("down")
    .description("stop them; what they have stored is kept")
    .option("--purge", "remove data, logs and Grafana's password, too")
    .action(async ({ purge = false }: { purge?: boolean }) => {
      const { monitorDown } = await import("../../monitor/index.ts");
      await monitorDown({ env: host.env, purge, say: (line) => host.stdout.write(`${line}\n`) });
    });
}

function toPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new InvalidArgumentError("a port is a whole number from 1 to 65535.");
  return port;
}

/** Prometheus writes durations so: whole numbers, the larger units first. */
function toAge(text: string): string {
  if (/^(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?$/u.test(text) && /[1-9]/u.test(text))
    return text;
  throw new InvalidArgumentError("a time is written like 12h, 30d, 1d12h or 1y.");
}

function toSize(text: string): string {
  if (/^[1-9]\d*(?:KB|MB|GB|TB)$/u.test(text)) return text;
  throw new InvalidArgumentError("a size is written like 500MB or 5GB.");
}
