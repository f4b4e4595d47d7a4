/**
 * `--out opentelemetry`: everything measured since the start of the run, summed up by series, sent as OTLP metrics every
 * few seconds and once more at the end. Names and units of metrics are k6's.
 */
import type { OutputContext } from "../context.ts";
import { Delivery } from "../delivery.ts";
import type { Interval, Output, RunTotals } from "../output.ts";
import { GrpcTransport } from "./grpc-transport.ts";
import { HttpTransport } from "./http-transport.ts";
import { type OpenTelemetryOptions, parseOpenTelemetryOptions } from "./options.ts";
import { type ExportRequest, RequestEncoder } from "./requests.ts";
import type { Transport } from "./transport.ts";

/** Intervals come by the second, now and then a little early. */
const halfTickMs = 500;

/** @throws LakhError OUTPUT_ARGUMENT */
export function createOpenTelemetryOutput(argument: string, context: OutputContext): Output {
  return new OpenTelemetryOutput(parseOpenTelemetryOptions(argument, context), context);
}

/** Under k6's former name, which it still takes. */
export function createExperimentalOpenTelemetryOutput(
  argument: string,
  context: OutputContext,
): Output {
  context.logger.log(
    "warning",
    "the output experimental-opentelemetry is called opentelemetry now: use --out opentelemetry",
  );
  return createOpenTelemetryOutput(argument, context);
}

class OpenTelemetryOutput implements Output {
  readonly description: string;
  readonly #options: OpenTelemetryOptions;
  readonly #context: OutputContext;
  readonly #transport: Transport;
  readonly #delivery: Delivery<ExportRequest>;
  #encoder: RequestEncoder | undefined;
  #totals: RunTotals | undefined;
  /** Unix milliseconds. */
  #nextExportMs = 0;
  /** End of the last interval that no export has yet; NaN when there is none. */
  #pendingMs = Number.NaN;

  constructor(options: OpenTelemetryOptions, context: OutputContext) {
    this.#options = options;
    this.#context = context;
    this.description = `opentelemetry (${addressText(options)})`;
    const { run, logger, stopGraceMs } = context;
    const parts = { ...options, version: run.lakhVersion };
    this.#transport =
      options.protocol === "grpc" ? new GrpcTransport(parts) : new HttpTransport(parts);
    this.#delivery = new Delivery({
      description: this.description,
      send: (request, signal) => this.#transport.send(request, signal),
      logger,
      unit: "data points",
      stopGraceMs,
    });
  }

  start(): Promise<void> {
    const { clock } = this.#context;
    this.#encoder = new RequestEncoder({ ...this.#options, startWallMs: clock.wallMs() });
    return Promise.resolve();
  }

  addInterval({ totals, endWallMs }: Interval): void {
    this.#totals = totals;
    this.#pendingMs = endWallMs;
    if (endWallMs < this.#nextExportMs) return;
    // The first goes at once: whoever watches sees the run, and wrong settings show, from its start.
    this.#nextExportMs = endWallMs + this.#options.exportIntervalMs - halfTickMs;
    this.#export();
  }

  async stop(): Promise<void> {
    if (!Number.isNaN(this.#pendingMs)) this.#export();
    await this.#delivery.stop();
    this.#transport.close();
  }

  #export(): void {
    if (this.#encoder === undefined || this.#totals === undefined) return;
    for (const request of this.#encoder.encode(this.#totals, this.#pendingMs))
      this.#delivery.add(request);
    this.#pendingMs = Number.NaN;
  }
}

/** As k6 shows it; without a query, which may hold a key. */
function addressText({ protocol, url }: OpenTelemetryOptions): string {
  if (protocol === "http/protobuf") return `${protocol}, ${url.origin}${url.pathname}`;
  return `grpc${url.protocol === "https:" ? "" : " (insecure)"}, ${url.host}`;
}
