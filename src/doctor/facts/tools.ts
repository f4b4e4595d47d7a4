/** Other programs that lakh can drive: k6, and kubectl with a cluster behind it. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

export interface ToolFacts {
  /** Undefined: none was found; `problem` says why it cannot be used. */
  readonly k6: { readonly path: string; readonly version: string } | undefined;
  readonly k6Problem: string | undefined;
  readonly kubectl: KubectlFacts | undefined;
}

export interface KubectlFacts {
  /** "v1.33.1" */
  readonly clientVersion: string;
  readonly serverVersion: string | undefined;
  /** Why the cluster does not answer. */
  readonly problem: string | undefined;
}

const answerLimitMs = 8_000;

/** kubectl on the PATH, and the cluster of its current context. @param env as the process has it */
export async function readKubectl(
  env: Readonly<Record<string, string | undefined>>,
): Promise<KubectlFacts | undefined> {
  const client = await run(["version", "--client", "-o", "json"], env);
  if (client.output === undefined) return undefined;
  const clientVersion = versionIn(client.output, "clientVersion") ?? "unknown";
  const both = await run(["version", "-o", "json", "--request-timeout=5s"], env);
  const serverVersion = versionIn(both.output ?? "", "serverVersion");
  const problem = serverVersion === undefined ? (both.problem ?? "it does not answer") : undefined;
  return { clientVersion, serverVersion, problem };
}

async function run(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ output: string | undefined; problem: string | undefined }> {
  try {
    const { stdout } = await promisify(execFile)("kubectl", args, {
      env: env as NodeJS.ProcessEnv,
      timeout: answerLimitMs,
    });
    return { output: stdout, problem: undefined };
  } catch (error) {
    const { stderr = "" } = error as { stderr?: string };
    const lines = stderr.trim().split("\n");
    return { output: undefined, problem: lines.at(-1) || (error as Error).message };
  }
}

function versionIn(json: string, key: string): string | undefined {
  try {
    const parsed = JSON.parse(json) as Readonly<
      Record<string, { gitVersion?: string } | undefined>
    >;
    return parsed[key]?.gitVersion;
  } catch {
    return undefined; // not JSON: no kubectl that we know
  }
}
