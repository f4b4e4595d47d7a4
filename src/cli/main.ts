/**
 * The process boundary: the only file that touches `process`. It makes the host value, runs the command line,
 * and sets the exit code.
 */
import { realpathSync } from "node:fs";
import type { Host, TextStream } from "../base/host.ts";
import { runCommandLine } from "./program.ts";

function toTextStream(stream: NodeJS.WriteStream): TextStream {
  return {
    write: (text) => void stream.write(text),
    isTty: stream.isTTY === true,
    get columns() {
      return stream.columns || 80;
    },
    get rows() {
      return stream.rows || 24;
    },
    onResize: (handler) => {
      stream.on("resize", handler);
      return () => stream.off("resize", handler);
    },
  };
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function onInterrupt(handler: Parameters<Host["onInterrupt"]>[0]): () => void {
  const onInt = (): void => handler("interrupt");
  const onTerm = (): void => handler("terminated");
  process.on("SIGINT", onInt);
  process.on("SIGTERM", onTerm);
  return () => {
    process.off("SIGINT", onInt);
    process.off("SIGTERM", onTerm);
  };
}

const host: Host = {
  args: process.argv.slice(2),
  env: process.env,
  cwd: realpathSync(process.cwd()),
  stdout: toTextStream(process.stdout),
  stderr: toTextStream(process.stderr),
  readStdin,
  onInterrupt,
  exitNow: (code) => process.exit(code),
};

/** A reader that went away (`lakh … | head`) is not an error of ours. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await runCommandLine(host);
