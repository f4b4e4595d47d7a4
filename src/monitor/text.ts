/** What `up` and `status` tell people. */
import { formatCount, formatGoDuration } from "../base/units.ts";
import { grafanaUser } from "./grafana.ts";
import { composeProject } from "./paths.ts";
import { toRemoteWriteUrl } from "./prometheus.ts";
import type { MonitorStatus, PartStatus } from "./status.ts";
import type { UpResult } from "./up.ts";

/** URLs, the password when it is to be shown, and the way on. */
export function renderUp(result: UpResult): string {
  const { state, wasUp, paths } = result;
  const { prometheus, grafana } = state;
  const lines = [
    ...(wasUp ? [`the monitor is up already, since ${state.startedAt}`] : []),
    `Prometheus  ${prometheus.url}  ${prometheus.version ?? ""}`.trimEnd(),
    `            takes remote write at ${toRemoteWriteUrl(prometheus.url)}`,
    ...(grafana === null ? noGrafana(prometheus.url) : grafanaLines(result, grafana)),
    `data        kept ${state.retention.time}, at most ${state.retention.size}; logs and settings in ${paths.folder}`,
    "",
    "next: lakh run script.js --out prometheus",
    "stop: lakh monitor down",
  ];
  return `${lines.join("\n")}\n`;
}

function grafanaLines(
  result: UpResult,
  { url, version }: { readonly url: string; readonly version: string | null },
): string[] {
  return [`Grafana     ${url}  ${version ?? ""}`.trimEnd(), `            ${login(result)}`];
}

function login({ password, isPasswordRight, state, paths }: UpResult): string {
  const file = paths.grafanaSecrets;
  if (!isPasswordRight)
    return `log in as ${grafanaUser}; its password is not the one in ${file}: ${reset(state.kind, paths)}`;
  return password === undefined
    ? `log in as ${grafanaUser}; the password is the one of the first start, kept in ${file}`
    : `log in as ${grafanaUser} with ${password} (shown this once; only you can read it in ${file})`;
}

function reset(kind: "docker" | "programs", paths: UpResult["paths"]): string {
  return kind === "docker"
    ? `set it with docker compose --project-name ${composeProject(paths)} exec grafana grafana cli admin reset-admin-password NEW`
    : "it was changed since, or lakh monitor down --purge forgets it";
}

function noGrafana(prometheusUrl: string): string[] {
  return [
    `Grafana     none: Prometheus draws graphs of its own at ${prometheusUrl}/graph`,
    "            for the dashboards install Grafana (https://grafana.com/grafana/download) or Docker; then lakh monitor down, and up again",
  ];
}

/** A line a part. */
export function renderStatus(status: MonitorStatus): string {
  const { state, kind, startedAt, upSeconds, retention, prometheus, grafana, folder } = status;
  if (prometheus === null) return "the monitor is not up; lakh monitor up starts it\n";
  const since = `started ${startedAt}, ${formatGoDuration((upSeconds ?? 0) * 1_000)} ago`;
  const how = kind === "docker" ? "in containers" : "from programs of this machine";
  const series = prometheus.series === null ? "" : `${formatCount(prometheus.series)} series`;
  const rows = [
    row("Prometheus", prometheus, series),
    grafana === null ? ["Grafana", "none", "", "", "", ""] : row("Grafana", grafana, ""),
  ];
  const lines = [
    `the monitor is ${states[state]}: ${how}, ${since}`,
    ...columns(rows).map((line) => `  ${line}`),
    `  data kept ${retention?.time}, at most ${retention?.size}; logs and settings in ${folder}`,
    ...(state === "up" ? [] : ["what to do: lakh monitor up starts it anew; the data are kept"]),
  ];
  return `${lines.join("\n")}\n`;
}

const states: Readonly<Record<MonitorStatus["state"], string>> = {
  up: "up",
  partly: "up in part only",
  down: "down, although it was started",
};

function row(name: string, part: PartStatus, series: string): string[] {
  const pid = part.pid === null ? "" : `process ${part.pid}`;
  return [
    name,
    part.isUp ? "up" : "down",
    part.version ?? "",
    part.url,
    pid,
    part.problem ?? series,
  ];
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const width = (index: number): number =>
    Math.max(...rows.map((cells) => cells[index]?.length ?? 0));
  return rows.map((cells) =>
    cells
      .map((cell, index) => cell.padEnd(width(index)))
      .join("  ")
      .trimEnd(),
  );
}
