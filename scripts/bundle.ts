/**
 * The last step of the build: the modules of a command, and those of a worker thread, in a few files. Reading a module
 * costs Node half a millisecond, and a run has some four hundred in its two threads. What is imported only when needed
 * stays a file of its own; packages stay where they are.
 * All outputs lie as deep under `dist` as the modules they are made of (`dist/program/host/…`, `dist/src/script/…`), and
 * the thread's beside the command's, so that URLs relative to `import.meta.url` mean the same in both.
 *
 * And the pages: a script for each entry of `src/page/entries`, and their style.
 */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const dist = join(import.meta.dirname, "..");
const outdir = join(dist, "program");
const pageOutdir = join(dist, "page");

rmSync(outdir, { recursive: true, force: true });
rmSync(pageOutdir, { recursive: true, force: true });
await build({
  entryPoints: [
    { in: join(dist, "src", "cli", "main.js"), out: "host/main" },
    { in: join(dist, "src", "engine", "worker", "main.js"), out: "worker/main" },
  ],
  outdir,
  chunkNames: "host/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "esnext",
  packages: "external",
  logLevel: "warning",
});

const page = join(dist, "src", "page");
const entries = readdirSync(join(page, "entries")).filter((name) => name.endsWith(".js"));
await build({
  entryPoints: [
    ...entries.map((name) => ({ in: join(page, "entries", name), out: name.slice(0, -3) })),
    { in: join(dist, "..", "src", "page", "style.css"), out: "page" },
  ],
  outdir: pageOutdir,
  bundle: true,
  minify: true,
  format: "iife",
  platform: "browser",
  target: ["chrome111", "firefox113", "safari16.4"],
  legalComments: "none",
  logLevel: "warning",
});
