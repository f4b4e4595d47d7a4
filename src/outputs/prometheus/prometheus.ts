/**
 * `--out prometheus` (k6's `experimental-prometheus-rw`): a run's metrics by Prometheus' remote write protocol, every five
 * seconds, under k6's names and with lakh's own beside them.
 *
 * All values are since the start, so what is lost on the way is made good by the next push. Work is done in slices, and
 * sending has a queue of its own (`Delivery`): a receiver that is slow, away or unwilling never holds up the load.
 */
import { readFileSync } from "node:fs";
import { LakhError, reasonOf } from "../../base/errors.ts";
import type { OutputContext } from "../context.ts";
import { Delivery } from "../delivery.ts";
import type { OutputsErrorCode } from "../errors.ts";
import { HttpPost } from "../http-post.ts";
import type { RunMoment } from "../moment.ts";
import type { Interval, Output } from "../output.ts";
import { CardinalityWatch } from "./cardinality.ts";
import { type PrometheusOptions, parsePrometheusOptions } from "./options.ts";
import { Push } from "./push.ts";
import { Receiver } from "./receiver.ts";
import { RowParcel } from "./rows.ts";

/** @throws LakhError OUTPUT_ARGUMENT */
export function createPrometheusOutput(argument: string, context: OutputContext): Output {
  const { env, defaultPrometheusUrl: defaultServer, run } = context;
  const options = parsePrometheusOptions(argument, { env, defaultServer });
  // A feature flag of k6, which is a run tag as well.
  const isNativeOnly = run.tags["k6_feature_native_histograms"] === "true";
  return new PrometheusOutput(isNativeOnly ? { ...options, trends: "native" } : options, context);
}

/** k6's own. */
const answerTimeoutMs = 5_000;

class PrometheusOutput implements Output {
  readonly description: string;
  readonly #options: PrometheusOptions;
  readonly #context: OutputContext;
  #running: Running | undefined;

  constructor(options: PrometheusOptions, context: OutputContext) {
    this.#options = options;
    this.#context = context;
    const { origin, pathname } = options.url;
    this.description = `prometheus (${origin}${pathname})`;
  }

  async start(): Promise<void> {
    const { clock, logger, run } = this.#context;
    const compress = await loadSnappy();
    const post = this.#openPost();
    const startMs = Math.floor(clock.wallMs());
    const labels = {
      testid: run.tags["testid"] ?? run.id,
      ...(run.partOf === undefined ? {} : { [run.partOf.kind]: run.partOf.id }),
    };
    const { description } = this;
    const receiver = new Receiver({
      post: (body, headers, signal) => post.send(body, headers, signal),
      compress,
      description,
      clock,
      logger,
      startMs,
      wantsHistograms: this.#options.trends !== "gauges",
      probeLabels: labels,
    });
    const send = receiver.send.bind(receiver);
    const { stopGraceMs } = this.#context;
    const delivery = new Delivery<RowParcel>({ description, send, logger, stopGraceMs });
    const push = new Push({
      options: this.#options,
      facts: run,
      labels,
      startMs,
      delivery,
      receiver,
      logger,
      watch: new CardinalityWatch(logger, description),
      description,
    });
    // Whatever is wrong over there is told now, and not with the first push.
    delivery.add(new RowParcel([]));
    const timer = setInterval(() => void push.run(), this.#options.pushIntervalMs);
    this.#running = { push, delivery, post, timer };
  }

  addInterval({ totals, endWallMs }: Interval): void {
    this.#running?.push.addTotals(totals, endWallMs);
  }

  addMoment(moment: RunMoment): void {
    this.#running?.push.addMoment(moment);
  }

  async stop(): Promise<void> {
    if (this.#running === undefined) return;
    const { push, delivery, post, timer } = this.#running;
    clearInterval(timer);
    await push.finish(this.#context.clock.wallMs());
    await delivery.stop();
    post.close();
  }

  #openPost(): HttpPost {
    const { url, headers, tls } = this.#options;
    const { certificate, key, rejectUnauthorized, minVersion } = tls;
    const { resolvePath, run } = this.#context;
    const read = (path: string | undefined): string | undefined =>
      path === undefined ? undefined : readPem(path, resolvePath);
    return new HttpPost({
      url,
      headers: {
        ...headers,
        "content-encoding": "snappy",
        "user-agent": `lakh/${run.lakhVersion}`,
      },
      timeoutMs: answerTimeoutMs,
      tls: { rejectUnauthorized, minVersion, cert: read(certificate), key: read(key) },
    });
  }
}

interface Running {
  readonly push: Push;
  readonly delivery: Delivery<RowParcel>;
  readonly post: HttpPost;
  readonly timer: NodeJS.Timeout;
}

function readPem(path: string, resolvePath: (path: string) => string): string {
  try {
    return readFileSync(resolvePath(path), "utf8");
  } catch (error) {
    throw new LakhError(
      "OUTPUT_OPEN" satisfies OutputsErrorCode,
      `output prometheus: open ${path}: ${reasonOf(error)}`,
      {
        hint: "K6_PROMETHEUS_RW_CLIENT_CERTIFICATE and K6_PROMETHEUS_RW_CLIENT_CERTIFICATE_KEY name PEM files",
        cause: error,
      },
    );
  }
}

/** A binary for each platform: where it was left out, everything else of lakh works. */
async function loadSnappy(): Promise<(body: Uint8Array) => Promise<Uint8Array>> {
  try {
    const { default: snappy } = await import("snappy");
    return (body) => snappy.compress(body);
  } catch (error) {
    throw new LakhError(
      "OUTPUT_OPEN" satisfies OutputsErrorCode,
      "output prometheus: the package snappy has no binary for this machine",
      {
        hint: "install lakh with its optional dependencies (npm ci, without --omit=optional)",
        cause: error,
      },
    );
  }
}
