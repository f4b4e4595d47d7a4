/**
 * Modules imported by https URL: fetched once, then read from a content-addressed cache.
 * Layout: `index/<sha256 of the URL>.json` names the content's hash, `content/<sha256 of the text>` holds the text.
 * Invariant: text is handed out only when its hash equals its name, so a torn or altered file is fetched again, never run.
 * The order of attempts (`?_k6=1` first, then the plain URL), the limit of 60 s and "only status 200" are k6's.
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { exitCodes, LakhError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import type { ScriptErrorCode } from "./errors.ts";

/** The part of the platform's `fetch` that is used; tests hand in their own. */
export type RemoteFetch = (url: string, init: { signal: AbortSignal }) => Promise<Response>;

export interface RemoteOptions {
  readonly cacheDir: string;
  readonly offline: boolean;
  readonly log: Logger;
  readonly fetch: RemoteFetch;
}

const attemptTimeoutMs = 60_000;
const largestModuleBytes = 32 * 1024 * 1024;

/** Text of the module at `url`, from the cache when it is there. @throws SCRIPT_REMOTE_OFFLINE, SCRIPT_REMOTE_FAILED */
export async function readRemoteModule(url: string, options: RemoteOptions): Promise<string> {
  const cached = await readCached(url, options.cacheDir);
  if (cached !== undefined) return cached;
  if (options.offline) throw offlineError(url);
  options.log.log("debug", "fetching a remote module", { url });
  const text = await fetchText(url, options.fetch);
  await store(url, { text, cacheDir: options.cacheDir, log: options.log });
  return text;
}

async function fetchText(url: string, fetch: RemoteFetch): Promise<string> {
  const marked = new URL(url);
  marked.searchParams.append("_k6", "1");
  const failures: string[] = [];
  for (const address of [marked.href, url]) {
    try {
      return await fetchOnce(address, fetch);
    } catch (cause) {
      failures.push(describeCause(cause));
    }
  }
  const reasons = [...new Set(failures)].join("; ");
  throw refusal(
    "SCRIPT_REMOTE_FAILED",
    `The module ${url} could not be fetched: ${reasons}`,
    vendorHint,
  );
}

async function fetchOnce(address: string, fetch: RemoteFetch): Promise<string> {
  const response = await fetch(address, { signal: AbortSignal.timeout(attemptTimeoutMs) });
  // A redirect may leave https; text that came over plain http is not run.
  if (response.url !== "" && !response.url.startsWith("https:")) {
    await response.body?.cancel();
    throw new Error(`redirected to ${response.url}, which is not https`);
  }
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`status ${response.status}`);
  }
  return await readLimited(response);
}

async function readLimited(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > largestModuleBytes) throw new Error(`more than ${largestModuleBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function readCached(url: string, cacheDir: string): Promise<string | undefined> {
  const index = await readIfPresent(indexPath(url, cacheDir));
  const hash = index === undefined ? undefined : parseIndex(index, url);
  if (hash === undefined) return undefined;
  const text = await readIfPresent(contentPath(hash, cacheDir));
  return text !== undefined && sha256(text) === hash ? text : undefined;
}

/** The content's hash, if the entry is whole and is about this URL. */
function parseIndex(text: string, url: string): string | undefined {
  try {
    const entry = JSON.parse(text) as { url?: unknown; sha256?: unknown };
    const valid =
      entry.url === url && typeof entry.sha256 === "string" && /^[0-9a-f]{64}$/u.test(entry.sha256);
    return valid ? (entry.sha256 as string) : undefined;
  } catch {
    // A damaged entry is the same as none: the module is fetched again.
    return undefined;
  }
}

/** Content first, index last: an index entry never names content that is not there yet. */
async function store(
  url: string,
  entry: { text: string; cacheDir: string; log: Logger },
): Promise<void> {
  const { text, cacheDir, log } = entry;
  const hash = sha256(text);
  try {
    await writeAtomically(contentPath(hash, cacheDir), text);
    await writeAtomically(indexPath(url, cacheDir), `${JSON.stringify({ url, sha256: hash })}\n`);
  } catch (cause) {
    // The module is at hand; without a writable cache it is only fetched again the next time.
    log.log("warning", "the module cache cannot be written", {
      cacheDir,
      cause: describeCause(cause),
    });
  }
}

async function writeAtomically(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${randomUUID()}.partial`;
  await writeFile(partial, text);
  await rename(partial, path);
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch {
    // Absent and unreadable are the same here: not cached.
    return undefined;
  }
}

const indexPath = (url: string, cacheDir: string): string =>
  join(cacheDir, "index", `${sha256(url)}.json`);
const contentPath = (hash: string, cacheDir: string): string => join(cacheDir, "content", hash);
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

const vendorHint =
  "run once with the network reachable, which fills the module cache, or save the module beside the script and import it by a relative path";

function offlineError(url: string): LakhError {
  return refusal(
    "SCRIPT_REMOTE_OFFLINE",
    `The module ${url} is not in the module cache, and lakh is offline`,
    vendorHint,
  );
}

function refusal(code: ScriptErrorCode, message: string, hint: string): LakhError {
  return new LakhError(code, message, { hint, exitCode: exitCodes.scriptException });
}

/** `fetch failed` alone says nothing: the reason is in the chain of causes. */
function describeCause(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.name === "TimeoutError") return `no answer within ${attemptTimeoutMs / 1_000} s`;
  const inner = cause.cause === undefined ? "" : ` (${describeCause(cause.cause)})`;
  return `${cause.message}${inner}`;
}
