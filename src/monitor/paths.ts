/**
 * Where the monitor keeps its things: below the user's state folder ($XDG_STATE_HOME, else ~/.local/state).
 *
 *   lakh/monitor.json    what runs: how `lakh run --out prometheus` finds it
 *   lakh/monitor.lock    there while `up` or `down` is at work
 *   lakh/monitor/        settings (laid out as in deploy/), data, logs, Grafana's password
 */
import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface MonitorPaths {
  readonly stateFile: string;
  readonly lockFile: string;
  /** Everything below is in it. */
  readonly folder: string;
  readonly composeFile: string;
  readonly prometheusSettings: string;
  readonly prometheusData: string;
  /** Files of targets that the user wants scraped. */
  readonly targets: string;
  readonly provisioning: string;
  readonly dashboards: string;
  readonly grafanaData: string;
  /** NAME=value lines with Grafana's password; readable by its owner alone. */
  readonly grafanaSecrets: string;
  readonly logs: string;
}

export function monitorPaths(env: Environment): MonitorPaths {
  const home = join(stateHome(env), "lakh");
  const folder = join(home, "monitor");
  return {
    stateFile: join(home, "monitor.json"),
    lockFile: join(home, "monitor.lock"),
    folder,
    composeFile: join(folder, "compose", "compose.yml"),
    prometheusSettings: join(folder, "prometheus"),
    prometheusData: join(folder, "prometheus-data"),
    targets: join(folder, "prometheus", "targets"),
    provisioning: join(folder, "grafana", "provisioning"),
    dashboards: join(folder, "grafana", "dashboards"),
    grafanaData: join(folder, "grafana-data"),
    grafanaSecrets: join(folder, "grafana.env"),
    logs: join(folder, "logs"),
  };
}

/** A name for the Compose project of this folder: two users of one Docker must not share containers. */
export function composeProject({ folder }: Pick<MonitorPaths, "folder">): string {
  return `lakh-monitor-${createHash("sha256").update(folder).digest("hex").slice(0, 8)}`;
}

/** By the XDG base directory specification a relative path does not count. */
function stateHome(env: Environment): string {
  const given = env["XDG_STATE_HOME"];
  if (given !== undefined && isAbsolute(given)) return given;
  return join(env["HOME"] || homedir(), ".local", "state");
}
