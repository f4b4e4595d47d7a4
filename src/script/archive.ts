/**
 * k6's archives: a tar with `metadata.json`, the script as `data`, and under `file/` and `https/` every file that the
 * script imports or opens, by its absolute path or URL (k6-behaviour 1.6). Read from k6 and from lakh alike, written so
 * that both can run it. Names of users in home folders become `nobody` in it, as in k6.
 */
import { fileURLToPath, pathToFileURL } from "node:url";
import { extract, pack } from "tar-stream";
import { exitCodes, LakhError } from "../base/errors.ts";
import { toGoJson } from "../base/go-json.ts";
import { archivedPath } from "./archived.ts";
import type { ScriptErrorCode } from "./errors.ts";

/** What an archive holds. */
export interface ScriptArchive {
  /** Absolute path of the script, its URL, or `-` for one that came over standard input. */
  readonly entryPath: string;
  /** Folder that relative paths of a script without a folder of its own start from. */
  readonly workingDir: string;
  /** The script's text. */
  readonly source: Uint8Array;
  /** Files by absolute path, remote modules by URL; the script is among them. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** `-e` of the archive command. */
  readonly env: Readonly<Record<string, string>>;
  /** The options as they were when the archive was made: they stand where the script's own would. */
  readonly options: unknown;
}

/** What only the writer knows. */
export interface ArchiveFacts {
  readonly k6Version: string;
  readonly lakhVersion: string;
  /** Unix milliseconds. */
  readonly wallMs: number;
}

/** @throws SCRIPT_ARCHIVE */
export async function readArchive(bytes: Uint8Array, name: string): Promise<ScriptArchive> {
  const entries = await readTar(bytes, name);
  const metadata = parseMetadata(entries.get("metadata.json"), name);
  const source = entries.get("data");
  if (source === undefined) throw unreadable(name, "it has no data");
  const entryPath = fromUrl(metadata.filename);
  const files = new Map<string, Uint8Array>();
  for (const [entry, content] of entries) {
    if (entry.startsWith("file/")) files.set(entry.slice("file".length), content);
    else if (entry.startsWith("https/"))
      files.set(`https://${entry.slice("https/".length)}`, content);
  }
  files.set(entryPath, source);
  const { env, options } = metadata;
  return { entryPath, workingDir: fromUrl(metadata.pwd), source, files, env, options };
}

/** The archive as a tar. */
export async function writeArchive(
  archive: ScriptArchive,
  facts: ArchiveFacts,
): Promise<Uint8Array> {
  const tar = pack();
  const chunks: Buffer[] = [];
  tar.on("data", (chunk) => void chunks.push(chunk as Buffer));
  const ended = new Promise<void>((resolve, reject) => {
    tar.once("end", () => resolve());
    tar.once("error", reject);
  });
  const mtime = new Date(facts.wallMs);
  const add = (name: string, content: Uint8Array): unknown =>
    tar.entry({ name, mode: 0o644, mtime }, Buffer.from(content));
  add("metadata.json", Buffer.from(metadataText(archive, facts)));
  add("data", archive.source);
  const names = new Map([...archive.files].map(([path, content]) => [entryName(path), content]));
  for (const folder of foldersOf(names.keys()))
    tar.entry({ name: folder, type: "directory", mode: 0o755, mtime });
  const main = entryName(archive.entryPath);
  for (const [name, content] of [...names].sort(([a], [b]) => (a < b ? -1 : 1)))
    if (name !== main) add(name, content);
  tar.entry({ name: main, type: "link", linkname: "data" });
  tar.finalize();
  await ended;
  return Buffer.concat(chunks);
}

function metadataText(archive: ScriptArchive, facts: ArchiveFacts): string {
  const metadata = {
    type: "js",
    options: archive.options,
    filename: toUrl(archive.entryPath),
    pwd: toUrl(archive.workingDir),
    env: archive.env,
    compatibilityMode: "extended",
    k6version: facts.k6Version,
    goos: goSystemName(),
    dependencies: { k6: "*" },
    lakhVersion: facts.lakhVersion,
  };
  return `${toGoJson(metadata, 2)}\n`;
}

function entryName(path: string): string {
  if (path === "-") return "file/-";
  return path.startsWith("https://")
    ? `https/${path.slice("https://".length)}`
    : `file${archivedPath(path)}`;
}

function foldersOf(names: Iterable<string>): string[] {
  const folders = new Set<string>();
  for (const name of names) {
    const parts = name.split("/");
    for (let length = 1; length < parts.length; length++)
      folders.add(parts.slice(0, length).join("/"));
  }
  return [...folders].sort();
}

function toUrl(path: string): string {
  if (path === "-") return "file:///-";
  return path.startsWith("https://") ? path : pathToFileURL(archivedPath(path)).href;
}

function fromUrl(url: string): string {
  if (url === "file:///-" || url === "-") return "-";
  return url.startsWith("file:") ? fileURLToPath(url) : url;
}

function goSystemName(): string {
  const { platform } = globalThis.process;
  return platform === "win32" ? "windows" : platform;
}

interface Metadata {
  readonly filename: string;
  readonly pwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly options: unknown;
}

function parseMetadata(bytes: Uint8Array | undefined, name: string): Metadata {
  if (bytes === undefined) throw unreadable(name, "it has no metadata.json");
  let value: Partial<Record<keyof Metadata | "type", unknown>>;
  try {
    value = JSON.parse(Buffer.from(bytes).toString("utf8")) as typeof value;
  } catch (cause) {
    throw unreadable(name, `its metadata.json is no JSON: ${(cause as Error).message}`);
  }
  const { type, filename, pwd, env, options } = value;
  if (type !== "js") throw unreadable(name, `its type is ${JSON.stringify(type)}, not "js"`);
  if (typeof filename !== "string" || typeof pwd !== "string")
    throw unreadable(name, "its metadata.json names no filename and pwd");
  const pairs = Object.entries((env ?? {}) as Record<string, unknown>);
  return {
    filename,
    pwd,
    env: Object.fromEntries(pairs.map(([key, text]) => [key, String(text)])),
    options: options ?? {},
  };
}

/** Regular files by name; a link has the content of what it links to. */
async function readTar(bytes: Uint8Array, name: string): Promise<Map<string, Uint8Array>> {
  const entries = new Map<string, Uint8Array>();
  const tar = extract();
  tar.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  try {
    for await (const entry of tar) {
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      const { type, name: path, linkname } = entry.header;
      if (type === "file") entries.set(path, Buffer.concat(chunks));
      const linked = type === "link" && linkname ? entries.get(linkname) : undefined;
      if (linked !== undefined) entries.set(path, linked);
    }
  } catch (cause) {
    throw unreadable(name, (cause as Error).message, cause);
  }
  return entries;
}

function unreadable(name: string, reason: string, cause?: unknown): LakhError {
  return new LakhError(
    "SCRIPT_ARCHIVE" satisfies ScriptErrorCode,
    `could not load the archive ${name}: ${reason}`,
    {
      hint: "make it again with `lakh archive` or `k6 archive`",
      exitCode: exitCodes.generic,
      cause,
    },
  );
}
