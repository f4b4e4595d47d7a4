/**
 * Shows a run while it goes on: what will run, as k6 has it, on standard output; then one line that is redrawn on a
 * terminal, or k6's blocks, one a second, on standard output.
 */
import type { Host } from "../base/host.ts";
import { formatBytes, formatCount, formatGoDuration } from "../base/units.ts";
import { renderLifecycleBlock, renderProgressBlock, renderProgressLine } from "../report/index.ts";
import type { RunEvents, RunResult, RunStart, RunTick } from "../run/index.ts";

/** Above this a VU's share of the heap is worth a hint. */
const heavyVuBytes = 200_000;

export class ProgressView {
  readonly #host: Host;
  readonly #quiet: boolean;
  #drawn = false;

  constructor(host: Host, quiet: boolean) {
    this.#host = host;
    this.#quiet = quiet;
  }

  events(): RunEvents {
    return {
      onStart: (start) => {
        this.clear();
        this.#block(startText(start));
      },
      onPreparing: (initialized, planned) => {
        if (this.#host.stderr.isTty)
          this.#line(`initialising VUs: ${formatCount(initialized)} of ${formatCount(planned)}`);
      },
      onLifecycle: (call, block) => {
        if (this.#host.stderr.isTty) return;
        const { scenarios, ...rest } = block();
        this.#block(
          call === "setup()"
            ? renderLifecycleBlock(call, scenarios)
            : renderProgressBlock({ ...rest, scenarios }),
        );
      },
      onPrepared: ({ heapBytesPerVu }) => this.#noteHeap(heapBytesPerVu),
      onListening: (address) => this.#said(`the REST API listens on ${address}`),
      onPaused: () => this.#said("paused: waiting to be resumed by PATCH /v1/status"),
      onLinger: () =>
        this.#said("the test is done; lingering for the REST API until Ctrl-C (--linger)"),
      onTick: (tick) => this.#tick(tick),
      onStopping: () => {
        if (this.#host.stderr.isTty) this.note("stopping; interrupt again to leave teardown() out");
      },
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

  /** The last block, which k6 prints after the summary. */
  end({ block }: RunResult): void {
    if (block !== undefined && !this.#host.stderr.isTty) this.#block(renderProgressBlock(block));
  }

  #tick(tick: RunTick): void {
    const { stderr } = this.#host;
    if (stderr.isTty) this.#line(renderProgressLine(toProgress(tick), stderr.columns - 1));
    else if (tick.block !== undefined) this.#block(renderProgressBlock(tick.block()));
  }

  #block(text: string): void {
    if (!this.#quiet) this.#host.stdout.write(text);
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

/** k6's words, without its banner. */
function startText({
  lengthShare,
  outputs,
  scenarios,
  maxVus,
  longestMs,
  scriptName,
}: RunStart): string {
  const percent = (lengthShare * 100).toFixed(2);
  const count = `${scenarios.length} scenario${scenarios.length === 1 ? "" : "s"}`;
  const length = formatGoDuration(longestMs);
  return [
    "",
    "     execution: local",
    `        script: ${scriptName}`,
    `        output: ${outputs.length === 0 ? "-" : outputs.join(", ")}`,
    "",
    `     scenarios: (${percent}%) ${count}, ${maxVus} max VUs, ${length} max duration (incl. graceful stop):`,
    ...scenarios.map((line) => `              * ${line}`),
    "",
    "",
  ].join("\n");
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
