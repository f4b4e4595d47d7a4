/**
 * A real Prometheus that takes remote write, for tests: on a free loopback port, with a folder of its own that outlives the
 * process, so that it can be killed and started again as it was.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import {
  prometheusBinary,
  prometheusPassword,
  prometheusPasswordHash,
  prometheusUser,
} from "./prometheus.ts";

export interface ReceiverFlags {
  /** Takes remote write; true when left out. */
  readonly receives?: boolean;
  /** Takes native histograms; true when left out. */
  readonly nativeHistograms?: boolean;
  /** Asks for user and password; false when left out. */
  readonly login?: boolean;
}

/** One series of an answer; values as Prometheus writes them. */
export interface QueriedSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [seconds: number, value: string];
  readonly values?: readonly (readonly [seconds: number, value: string])[];
  readonly histogram?: unknown;
  readonly histograms?: readonly unknown[];
}

export interface PrometheusReceiver {
  /** `http://127.0.0.1:…` */
  readonly url: string;
  /** Ends the process at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it on the same folder and port. */
  start(): Promise<void>;
  /** An instant query, now or at a time in seconds. */
  query(promql: string, atSeconds?: number): Promise<readonly QueriedSeries[]>;
}

type Scope = { after(close: () => Promise<void> | void): unknown };

export async function startPrometheusReceiver(
  t: Scope,
  flags: ReceiverFlags = {},
): Promise<PrometheusReceiver> {
  const folder = await mkdtemp(join(tmpdir(), "lakh-receiver-"));
  const receiver = new RunningReceiver(folder, await freePort(), flags);
  t.after(async () => {
    await receiver.kill();
    await rm(folder, { recursive: true, force: true });
  });
  await writeFile(join(folder, "prometheus.yml"), "global: { scrape_interval: 1m }\n");
  const users = `basic_auth_users: { ${prometheusUser}: "${prometheusPasswordHash}" }\n`;
  await writeFile(join(folder, "web.yml"), flags.login === true ? users : "");
  await receiver.start();
  return receiver;
}

class RunningReceiver implements PrometheusReceiver {
  readonly url: string;
  readonly #folder: string;
  readonly #port: number;
  readonly #flags: ReceiverFlags;
  #child: ChildProcess | undefined;

  constructor(folder: string, port: number, flags: ReceiverFlags) {
    this.#folder = folder;
    this.#port = port;
    this.#flags = flags;
    this.url = `http://127.0.0.1:${port}`;
  }

  async start(): Promise<void> {
    const { receives = true, nativeHistograms = true } = this.#flags;
    const child = spawn(
      prometheusBinary!,
      [
        `--config.file=${join(this.#folder, "prometheus.yml")}`,
        `--web.config.file=${join(this.#folder, "web.yml")}`,
        `--storage.tsdb.path=${join(this.#folder, "data")}`,
        `--web.listen-address=127.0.0.1:${this.#port}`,
        "--log.level=error",
        ...(receives ? ["--web.enable-remote-write-receiver"] : []),
        ...(nativeHistograms ? ["--enable-feature=native-histograms"] : []),
      ],
      { stdio: "ignore" },
    );
    this.#child = child;
    while (!(await this.#isReady()))
      if (child.exitCode !== null) throw new Error(`Prometheus ended with code ${child.exitCode}`);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  async query(promql: string, atSeconds?: number): Promise<readonly QueriedSeries[]> {
    const time = atSeconds === undefined ? {} : { time: String(atSeconds) };
    const asked = new URLSearchParams({ query: promql, ...time });
    const response = await fetch(`${this.url}/api/v1/query?${asked.toString()}`, {
      headers: this.#headers(),
    });
    const answer = (await response.json()) as {
      readonly status: string;
      readonly error?: string;
      readonly data: { readonly result: readonly QueriedSeries[] };
    };
    if (answer.status !== "success") throw new Error(`${promql}: ${answer.error}`);
    return answer.data.result;
  }

  #headers(): Record<string, string> {
    if (this.#flags.login !== true) return {};
    const login = Buffer.from(`${prometheusUser}:${prometheusPassword}`).toString("base64");
    return { authorization: `Basic ${login}` };
  }

  async #isReady(): Promise<boolean> {
    const response = await fetch(`${this.url}/-/ready`, { headers: this.#headers() }).catch(
      () => undefined,
    );
    await response?.body?.cancel();
    if (response?.ok !== true) await new Promise((resolve) => setTimeout(resolve, 50));
    return response?.ok === true;
  }
}
