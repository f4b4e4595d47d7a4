/**
 * Shows a run while it goes on: what will run, as k6 has it, on standard output; then, on a terminal, the live view, or
 * k6's blocks, one a second, on standard output.
 */
import { canRedraw, type Host } from "../base/host.ts";
import { formatBytes, formatCount, formatGoDuration } from "../base/units.ts";
import { renderLifecycleBlock, renderProgressBlock } from "../report/index.ts";
import type { RunEvents, RunResult, RunStart } from "../run/index.ts";
import type { LiveScreen } from "./live/screen.ts";
import type { RunLog } from "./run-log.ts";

/** Above this a VU's share of the heap is worth a hint. */
const heavyVuBytes = 200_000;

export interface ProgressStyle {
  /** Nothing is shown. */
  readonly quiet: boolean;
  /** By a flag; the environment has its own say. */
  readonly noColor: boolean;
}

/** The view of one run, or of several in turn; what draws it is read from disk only where it can be drawn. */
export async function openProgress(host: Host, style: ProgressStyle): Promise<ProgressView> {
  if (style.quiet || !canRedraw(host, host.stderr)) return new ProgressView(host, style.quiet);
  const { LiveScreen } = await import("./live/screen.ts");
  return new ProgressView(host, false, new LiveScreen(host, style.noColor));
}

export class ProgressView {
  /** The outside world for whoever writes while the view is shown: what they write stands above it, whole. */
  readonly host: Host;
  readonly #quiet: boolean;
  readonly #screen: LiveScreen | undefined;

  constructor(host: Host, quiet: boolean, screen?: LiveScreen) {
    this.host = screen === undefined ? host : screen.hostAround(host);
    this.#quiet = quiet;
    this.#screen = screen;
  }

  /** Lets the lines of a log go through the view. */
  attach(log: RunLog): void {
    log.write = (stream, text) => this.host[stream].write(text);
  }

  events(): RunEvents {
    const screen = this.#screen;
    screen?.begin();
    const common: RunEvents = {
      onStart: (start) => this.#block(startText(start)),
      onPrepared: ({ heapBytesPerVu }) => this.#noteHeap(heapBytesPerVu),
      onListening: (address) => this.#said(`the REST API listens on ${address}`),
      onPaused: () => this.#said("paused: waiting to be resumed by PATCH /v1/status"),
      onLinger: () =>
        this.#said("the test is done; lingering for the REST API until Ctrl-C (--linger)"),
    };
    return { ...common, ...(screen === undefined ? this.#plainEvents() : liveEvents(screen)) };
  }

  /** Of one run of many, whose begin and end are told otherwise: the live view and nothing else. */
  trialEvents(): RunEvents {
    const screen = this.#screen;
    screen?.begin();
    return screen === undefined ? {} : { onTick: (tick) => screen.showTick(tick) };
  }

  /** A line that stays. */
  note(text: string): void {
    this.host.stderr.write(`${text}\n`);
  }

  /** Takes the live view away, before something else is printed. */
  clear(): void {
    this.#screen?.clear();
  }

  /** The view is shown no more. */
  close(): void {
    this.#screen?.close();
  }

  /** The last block, which k6 prints after the summary. */
  end({ block }: RunResult): void {
    if (block !== undefined && this.#screen === undefined) this.#block(renderProgressBlock(block));
  }

  #plainEvents(): RunEvents {
    return {
      onLifecycle: (call, block) => {
        const { scenarios, ...rest } = block();
        this.#block(
          call === "setup()"
            ? renderLifecycleBlock(call, scenarios)
            : renderProgressBlock({ ...rest, scenarios }),
        );
      },
      onTick: ({ block }) => {
        if (block !== undefined && !this.#quiet) this.#block(renderProgressBlock(block()));
      },
    };
  }

  #said(text: string): void {
    if (!this.#quiet) this.note(text);
  }

  #block(text: string): void {
    if (!this.#quiet) this.host.stdout.write(text);
  }

  #noteHeap(heapBytesPerVu: number | undefined): void {
    if (heapBytesPerVu === undefined || heapBytesPerVu < heavyVuBytes) return;
    this.note(
      `each VU takes ${formatBytes(heapBytesPerVu)} of heap: libraries are instantiated once a VU (lodash-es is smaller than lodash)`,
    );
  }
}

function liveEvents(screen: LiveScreen): RunEvents {
  return {
    onPreparing: (initialized, planned) =>
      screen.showLine(`initialising VUs: ${formatCount(initialized)} of ${formatCount(planned)}`),
    onLifecycle: (call, block) => screen.showLifecycle(call, block().elapsedMs),
    onTick: (tick) => screen.showTick(tick),
    onStopping: () => {
      screen.showStopping();
      screen.print("stopping; interrupt again to leave teardown() out\n");
    },
  };
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
