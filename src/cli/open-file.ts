/** Shows a file, or a page by its address, in the program that the desktop has for it. */
import { spawn } from "node:child_process";
import { platform } from "node:os";
import type { Host } from "../base/host.ts";

/** What has not failed by then has begun to show it: some openers stay as long as their browser. */
const patienceMs = 2_000;

/** @returns why it is not shown; undefined when it is */
export async function openFile(path: string, { env, cwd }: Host): Promise<string | undefined> {
  const system = platform();
  const isHeadless =
    system === "linux" && !env["DISPLAY"] && !env["WAYLAND_DISPLAY"] && !env["WSL_DISTRO_NAME"];
  if (isHeadless) return "there is no display";
  const [program, ...args] = openerOf(system, path, env);
  return run(program, args, { env, cwd });
}

/** One argument each, no shell: a path is never more than a path. */
function openerOf(
  system: NodeJS.Platform,
  path: string,
  env: Host["env"],
): readonly [program: string, ...args: string[]] {
  if (system === "darwin") return ["open", path];
  if (system === "win32") return ["rundll32", "url.dll,FileProtocolHandler", path];
  return [env["WSL_DISTRO_NAME"] ? "wslview" : "xdg-open", path];
}

function run(
  program: string,
  args: readonly string[],
  { env, cwd }: Pick<Host, "env" | "cwd">,
): Promise<string | undefined> {
  return new Promise((done) => {
    const child = spawn(program, args, { cwd, env, detached: true, stdio: "ignore" });
    const timer = setTimeout(() => done(undefined), patienceMs);
    const end = (reason: string | undefined): void => {
      clearTimeout(timer);
      done(reason);
    };
    child.once("error", ({ message }) => end(`${program} cannot be started: ${message}`));
    child.once("exit", (code) =>
      end(code === 0 ? undefined : `${program} ended with exit code ${code ?? "unknown"}`),
    );
    // The browser outlives the command.
    child.unref();
  });
}
