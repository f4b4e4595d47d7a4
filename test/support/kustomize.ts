/** Kustomize for tests: `LAKH_KUSTOMIZE`, or kustomize or kubectl (which has it built in) on the PATH. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { repoRoot } from "./cli.ts";
import { type Manifest, parseManifests } from "./kubernetes-manifest.ts";

interface Builder {
  readonly program: string;
  readonly build: string;
  readonly probe: readonly string[];
}

const stated = process.env["LAKH_KUSTOMIZE"];
const builders: readonly Builder[] = [
  { program: stated ?? "kustomize", build: "build", probe: ["version"] },
  ...(stated === undefined
    ? [{ program: "kubectl", build: "kustomize", probe: ["version", "--client"] }]
    : []),
];
const builder = builders.find(({ program, probe }) => spawnSync(program, probe).status === 0);

/** Why tests with kustomize are skipped here; false when they are not, or must not be. */
export const kustomizeIsMissing: string | false =
  builder === undefined && (stated === undefined || process.env["LAKH_NO_SKIPS"] !== "1")
    ? "there is neither kustomize nor kubectl on the PATH, nor kustomize in LAKH_KUSTOMIZE"
    : false;

/** What `folder` (from the repository's root, or absolute) is built to. */
export function kustomize(folder: string): Manifest[] {
  if (builder === undefined) throw new Error("there is no kustomize: set LAKH_KUSTOMIZE");
  const { program, build } = builder;
  const result = spawnSync(program, [build, resolve(repoRoot, folder)], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (result.status !== 0) throw new Error(`${program} ${build} ${folder}: ${result.stderr}`);
  return parseManifests(result.stdout);
}
