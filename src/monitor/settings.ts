/**
 * The settings of Prometheus, Grafana and Compose, copied from the package into the monitor's folder: they stay where
 * they are while the package is updated or removed, and containers can be given them. Laid out as in `deploy/`, so that
 * relative paths in the files mean the same in both.
 */
import { chmod, copyFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LakhError, reasonOf } from "../base/errors.ts";
import type { MonitorErrorCode } from "./errors.ts";
import type { MonitorPaths } from "./paths.ts";

/** Folders of `deploy/` with the files that are taken from each. */
const parts: readonly { readonly from: string; readonly files: RegExp }[] = [
  { from: "compose", files: /^compose\.yml$/u },
  { from: "prometheus", files: /^(?:prometheus|self)\.yml$/u },
  { from: "prometheus/rules", files: /^(?!.*\.test\.).*\.ya?ml$/u },
  { from: "grafana/provisioning/datasources", files: /\.ya?ml$/u },
  { from: "grafana/provisioning/dashboards", files: /\.ya?ml$/u },
  { from: "grafana/dashboards", files: /\.json$/u },
];

/** Grafana complains of missing ones. */
const emptyFolders = ["grafana/provisioning/plugins", "grafana/provisioning/alerting"];

/**
 * Copies the settings in `deployFolder`, in place of those of an earlier start. The user's own files, in `targets`, stay.
 * @throws LakhError MONITOR_STATE
 */
export async function layOutSettings(deployFolder: string, paths: MonitorPaths): Promise<void> {
  try {
    await mkdir(dirname(paths.folder), { recursive: true, mode: 0o700 });
    for (const folder of [paths.folder, paths.logs, paths.prometheusData, paths.grafanaData])
      await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const part of parts) await copyPart(deployFolder, part, paths.folder);
    for (const name of emptyFolders) await makeFolder(paths.folder, name);
    await layOutTargets(deployFolder, paths);
  } catch (cause) {
    throw new LakhError(
      "MONITOR_STATE" satisfies MonitorErrorCode,
      `the folder ${paths.folder} cannot be made: ${reasonOf(cause)}`,
      { hint: "make it writable, or set XDG_STATE_HOME to another folder", cause },
    );
  }
}

async function copyPart(
  deployFolder: string,
  { from, files }: (typeof parts)[number],
  folder: string,
): Promise<void> {
  const target = join(folder, from);
  await makeFolder(folder, from);
  for (const name of await namesIn(target)) if (files.test(name)) await rm(join(target, name));
  for (const name of await namesIn(join(deployFolder, from)))
    if (files.test(name)) await copyReadable(join(deployFolder, from, name), join(target, name));
}

async function layOutTargets(deployFolder: string, paths: MonitorPaths): Promise<void> {
  const { targets } = paths;
  await makeFolder(paths.folder, "prometheus/targets");
  const readme = "README.md";
  for (const name of await namesIn(join(deployFolder, "prometheus", "targets")))
    if (name === readme)
      await copyReadable(
        join(deployFolder, "prometheus", "targets", readme),
        join(targets, readme),
      );
}

/** Says where the Prometheus that scrapes itself listens; in a container it is where deploy/ says. */
export async function writeOwnAddress(paths: MonitorPaths, address: string): Promise<void> {
  const path = join(paths.prometheusSettings, "self.yml");
  await writeFile(path, `- targets: ["${address}"]\n`);
}

/** Removes data, logs, password and settings; the user's own files of targets stay. Tells whether there are any. */
export async function purgeFolder(paths: MonitorPaths): Promise<{ readonly keptTargets: boolean }> {
  const own = (await namesIn(paths.targets)).filter((name) => name !== "README.md");
  if (own.length === 0) {
    await rm(paths.folder, { recursive: true, force: true });
    return { keptTargets: false };
  }
  await removeAllBut(paths.folder, "prometheus");
  await removeAllBut(paths.prometheusSettings, "targets");
  return { keptTargets: true };
}

async function removeAllBut(folder: string, kept: string): Promise<void> {
  for (const name of await namesIn(folder))
    if (name !== kept) await rm(join(folder, name), { recursive: true, force: true });
}

/** Names in a folder; none when it is not there. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** A folder below `root`, as `deploy/` has it. Containers read it as users of their own, whatever the umask is. */
async function makeFolder(root: string, path: string): Promise<void> {
  let folder = root;
  for (const name of path.split("/")) {
    folder = join(folder, name);
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o755);
  }
}

async function copyReadable(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  await chmod(to, 0o644);
}
