/** A host for tests: streams that collect, no process behind it. */
import type { Host } from "../../src/base/host.ts";

export interface TestHost extends Host {
  readonly written: { stdout: string; stderr: string };
}

export function testHost(args: readonly string[], overrides: Partial<Host> = {}): TestHost {
  const written = { stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr"): Host["stdout"] => ({
    write: (text) => {
      written[name] += typeof text === "string" ? text : Buffer.from(text).toString("latin1");
    },
    isTty: false,
    columns: 100,
    rows: 24,
    onResize: () => () => undefined,
  });
  return {
    args,
    env: {},
    cwd: "/",
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    readStdin: () => Promise.resolve(new Uint8Array()),
    onInterrupt: () => () => undefined,
    exitNow: () => undefined,
    written,
    ...overrides,
  };
}
