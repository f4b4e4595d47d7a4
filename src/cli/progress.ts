/** Shows a run while it goes on: one line that is redrawn on a terminal, a line now and then elsewhere. */
import type { Host } from "../base/host.ts";
import { formatBytes, formatCount } from "../base/units.ts";
import { renderProgressLine } from "../report/index.ts";
import type { RunEvents, RunTick } from "../run/index.ts";

/** Without a terminal a line this often is enough. */
const plainIntervalMs = 10_000;

/** Above this a VU's share of the heap is worth a hint. */
const heavyVuBytes = 200_000;

export class ProgressView {
  readonly #host: Host;
  readonly #quiet: boolean;
  #drawn = false;
  #nextPlainMs = 0;

  constructor(host: Host, quiet: boolean) {
    this.#host = host;
    this.#quiet = quiet;
  }

  events(): RunEvents {
    return {
      onPreparing: (initialized, planned) =>
        this.#line(`initialising VUs: ${formatCount(initialized)} of ${formatCount(planned)}`),
      onPrepared: ({ heapBytesPerVu }) => this.#noteHeap(heapBytesPerVu),
      onListening: (address) => this.#said(`the REST API listens on ${address}`),
      onPaused: () => this.#said("paused: waiting to be resumed by PATCH /v1/status"),
      onLinger: () =>
        this.#said("the test is done; lingering for the REST API until Ctrl-C (--linger)"),
      onTick: (tick) => this.#tick(tick),
      onStopping: () =>
        this.note(
          "stopping: running iterations may end (gracefulStop); interrupt again to stop at once",
        ),
    };
  }

  /** A line that stays. */
  note(text: string): void {
    this.clear();
    this.#host.stderr.write(`${text}\n`);
  }

  #said(text: string): void {
    if (!this.#quiet) this.note(text);
  }

  /** Removes the line that is being redrawn, before something else is printed. */
  clear(): void {
    if (!this.#drawn) return;
    this.#host.stderr.write("\r\u001b[K");
    this.#drawn = false;
  }

  #tick(tick: RunTick): void {
    const { stderr } = this.#host;
    if (!stderr.isTty) {
      if (tick.elapsedMs < this.#nextPlainMs) return;
      this.#nextPlainMs += plainIntervalMs;
    }
    this.#line(renderProgressLine(toProgress(tick), stderr.isTty ? stderr.columns - 1 : 120));
  }

  #noteHeap(heapBytesPerVu: number | undefined): void {
    if (heapBytesPerVu === undefined || heapBytesPerVu < heavyVuBytes) return;
    this.note(
      `each VU takes ${formatBytes(heapBytesPerVu)} of heap: libraries are instantiated once a VU (lodash-es is smaller than lodash)`,
    );
  }

  #line(text: string): void {
    if (this.#quiet) return;
    const { stderr } = this.#host;
    stderr.write(stderr.isTty ? `\r\u001b[K${text}` : `${text}\n`);
    this.#drawn = stderr.isTty;
  }
}

function toProgress({
  elapsedMs,
  plannedMs,
  interval,
  counts,
  failedShare,
}: RunTick): Parameters<typeof renderProgressLine>[0] {
  const seconds = Math.max(interval.durationMs, 1) / 1_000;
  return {
    elapsedMs,
    plannedMs,
    activeVus: counts.activeVus,
    initializedVus: counts.initializedVus,
    requestsPerSecond: interval.requests / seconds,
    p95Ms: interval.p95Ms,
    failedShare,
    iterationsDropped: counts.iterationsDropped,
  };
}
