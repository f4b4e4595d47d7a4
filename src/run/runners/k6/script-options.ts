/**
 * The options of a script as k6 reads them (`k6 inspect`), and a script with other options: an archive that k6 makes
 * (`k6 archive`) with the options in its metadata replaced. k6 takes the options of an archive as those of the script,
 * and scenarios can be set in no other way from outside.
 */
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { extract, pack } from "tar-stream";
import { exitCodes, LakhError } from "../../../base/errors.ts";
import type { RunErrorCode } from "../../errors.ts";
import type { RunRequest } from "../../request.ts";
import { loadArguments } from "./command.ts";
import type { K6Binary } from "./binary.ts";

export interface K6Shell {
  readonly binary: K6Binary;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const loadLimitMs = 120_000;
const maxAnswerBytes = 64 * 1_024 * 1_024;

/**
 * The script's options; what is not set is left out.
 * @throws LakhError K6_FAILED with k6's own words and exit code
 */
export async function inspectOptions(
  shell: K6Shell,
  request: RunRequest,
): Promise<Record<string, unknown>> {
  const args = ["inspect", ...loadArguments(request, shell.env), request.script.path];
  const answer = await askK6(shell, args, request.script.source);
  return withoutNulls(JSON.parse(answer)) as Record<string, unknown>;
}

/**
 * Writes an archive of the script to `archivePath`, with `options` over its own and every other statement of a load
 * taken out.
 * @throws LakhError K6_FAILED
 */
export async function archiveWithOptions(
  shell: K6Shell,
  request: RunRequest,
  archive: { readonly path: string; readonly options: Readonly<Record<string, unknown>> },
): Promise<void> {
  const { path, options } = archive;
  // k6 archives no script that it could not run: without a default function it must know of the scenarios.
  const optionsPath = `${path}.json`;
  await writeFile(optionsPath, JSON.stringify({ scenarios: options["scenarios"] }));
  const own = ["--archive-out", path, "--config", optionsPath];
  const args = ["archive", ...own, ...loadArguments(request, shell.env)];
  await askK6(shell, [...args, request.script.path], request.script.source);
  const noLoad = { vus: null, duration: null, iterations: null, stages: null };
  const changed = await changeMetadata(await readFile(path), (metadata) => ({
    ...metadata,
    options: { ...(metadata["options"] as object), ...noLoad, ...options },
  }));
  await writeFile(path, changed);
}

async function askK6(shell: K6Shell, args: string[], stdin?: string | Uint8Array): Promise<string> {
  const { binary, cwd, env } = shell;
  const running = promisify(execFile)(binary.path, args, {
    cwd,
    env: { ...env, NO_COLOR: "1" },
    timeout: loadLimitMs,
    maxBuffer: maxAnswerBytes,
  });
  running.child.stdin?.on("error", () => undefined); // k6 may end before it has read all; its exit code tells
  running.child.stdin?.end(stdin ?? "");
  try {
    return (await running).stdout;
  } catch (cause) {
    const { code, stderr } = cause as { code?: unknown; stderr?: string };
    throw new LakhError(
      "K6_FAILED" satisfies RunErrorCode,
      `k6 ${args[0]} failed: ${messageOf(stderr ?? "") || (cause as Error).message}`,
      {
        hint: "k6 itself refuses this script; the message is k6's",
        exitCode: typeof code === "number" ? code : exitCodes.generic,
        cause,
      },
    );
  }
}

/** The messages of k6's log lines, without times and levels. */
function messageOf(stderr: string): string {
  return stderr
    .trim()
    .split("\n")
    .map((line) => {
      const quoted = /\bmsg=("(?:[^"\\]|\\.)*")/u.exec(line)?.[1];
      return quoted === undefined ? line : (JSON.parse(quoted) as string).trim();
    })
    .join("\n");
}

async function changeMetadata(
  tar: Buffer,
  change: (metadata: Record<string, unknown>) => object,
): Promise<Buffer> {
  const reader = extract();
  const writer = pack();
  reader.end(tar);
  const written = collect(writer);
  for await (const entry of reader) {
    const content = await collect(entry);
    const isMetadata = entry.header.name === "metadata.json";
    const body = isMetadata
      ? Buffer.from(
          JSON.stringify(change(JSON.parse(content.toString("utf8")) as Record<string, unknown>)),
        )
      : content;
    // A link has no content of its own.
    if (entry.header.type === "file") writer.entry({ ...entry.header, size: body.length }, body);
    else writer.entry(entry.header);
  }
  writer.finalize();
  return written;
}

async function collect(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Objects without their null members, and without those that are empty then. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const kept = Object.entries(value)
    .map(([key, item]) => [key, withoutNulls(item)] as const)
    .filter(([, item]) => item !== null && !isEmptied(item));
  return Object.fromEntries(kept);
}

function isEmptied(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length === 0
  );
}
