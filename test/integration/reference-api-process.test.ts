import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../../reference-api/main.js", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(
  args: string[],
  env: Record<string, string> = {},
): { child: ChildProcessWithoutNullStreams; ended: Promise<Ended> } {
  const { DATABASE_URL: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [entry, ...args], { env: { ...inherited, ...env } });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = once(child, "close").then(
    ([code, signal]) => ({ code, signal, stdout, stderr }) as Ended,
  );
  return { child, ended };
}

async function listening(
  child: ChildProcessWithoutNullStreams,
): Promise<{ event: string; url: string; pid: number }> {
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return JSON.parse(line) as { event: string; url: string; pid: number };
}

describe("reference API process", () => {
  it("prints one line when it listens and ends with 0 on SIGTERM", async () => {
    const { child, ended } = start(["--port", "0"]);
    const { event, url, pid } = await listening(child);
    assert.equal(event, "listening");
    assert.equal(pid, child.pid);
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
    child.kill("SIGTERM");
    const { code, stdout, stderr } = await ended;
    assert.equal(code, 0);
    assert.equal(stdout.trim().split("\n").length, 1);
    assert.equal(stderr, "");
  });

  it("ends when its parent's end of standard input closes, if asked to", async () => {
    const { child, ended } = start(["--stop-with-parent"]);
    await listening(child);
    child.stdin.end();
    assert.equal((await ended).code, 0);
  });

  it("ends cleanly when it is stopped before it listens", async () => {
    const { child, ended } = start(["--stop-with-parent"]);
    child.stdin.end();
    const { code, stdout } = await ended;
    assert.equal(code, 0);
    assert.equal(stdout, "");
  });

  it("says in one line why it cannot start, and ends with 1", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const { port } = taken.address() as AddressInfo;
    const cases: [string[], Record<string, string>, RegExp][] = [
      [
        ["--port", String(port)],
        {},
        new RegExp(`port ${port} of 127\\.0\\.0\\.1 is taken \\[TARGET_PORT_TAKEN\\]`, "u"),
      ],
      [
        ["--port", "70000"],
        {},
        /--port is "70000" \[TARGET_FLAG\]; give a whole number from 0 to 65535/u,
      ],
      [["--prot", "1"], {}, /Unknown option '--prot' \[TARGET_FLAG\]; see --help/u],
      [
        [],
        { JWT_SECRET: "short" },
        /JWT_SECRET has 5 characters, 32 are the least \[TARGET_FLAG\]/u,
      ],
      [
        [],
        { DATABASE_URL: "mysql://x" },
        /DATABASE_URL is not a PostgreSQL URL \[TARGET_DATABASE_URL\]/u,
      ],
      [
        [],
        { DATABASE_URL: "postgres://u:secret@127.0.0.1:1/db" },
        /PostgreSQL at 127\.0\.0\.1:1\/db: .*ECONNREFUSED.* \[TARGET_DATABASE_UNREACHABLE\]/u,
      ],
    ];
    for (const [args, env, expected] of cases) {
      const { code, stdout, stderr } = await start(args, env).ended;
      assert.equal(code, 1, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, expected);
      assert.equal(stderr.trim().split("\n").length, 1, stderr);
      assert.doesNotMatch(stderr, /secret/u);
    }
    taken.close();
  });

  it("explains its flags", async () => {
    const { code, stdout } = await start(["--help"]).ended;
    assert.equal(code, 0);
    assert.match(stdout, /DATABASE_URL/u);
  });
});
