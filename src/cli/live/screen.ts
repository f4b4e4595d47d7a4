/** The live view on the terminal: what was told last of a run, drawn anew each second and when the terminal changes. */
import { formatClock } from "../../base/numbers.ts";
import { hasBlockElements, hasColours, type Host, type TextStream } from "../../base/host.ts";
import {
  asciiGlyphs,
  blockGlyphs,
  type LiveView,
  renderLiveView,
  renderProgressLine,
  type ScreenStyle,
} from "../../report/index.ts";
import type { RunTick } from "../../run/index.ts";
import { LiveRegion } from "./region.ts";
import { LiveState } from "./state.ts";

export class LiveScreen {
  readonly #stream: TextStream;
  readonly #style: Pick<ScreenStyle, "colours" | "glyphs">;
  readonly #region: LiveRegion;
  readonly #stopListening: () => void;
  #state = new LiveState();
  /** Undefined before load is sent. */
  #view: LiveView | undefined;
  /** What is drawn now. */
  #content: LiveView | string | undefined;
  #isStopping = false;

  constructor(host: Host, noColor: boolean) {
    const { stderr } = host;
    this.#stream = stderr;
    this.#style = {
      colours: !noColor && hasColours(host, stderr),
      glyphs: hasBlockElements(host) ? blockGlyphs : asciiGlyphs,
    };
    this.#region = new LiveRegion(stderr);
    this.#stopListening = stderr.onResize(() => this.#draw());
  }

  /** The next run begins. */
  begin(): void {
    this.clear();
    this.#state = new LiveState();
    this.#view = undefined;
    this.#isStopping = false;
  }

  /** One line for as long as there is nothing more to show. */
  showLine(text: string): void {
    this.#show(text);
  }

  /** Before load is sent, or after it. */
  showLifecycle(call: "setup()" | "teardown()", elapsedMs: number): void {
    const view = this.#view;
    if (view === undefined) this.#show(`${call}  ${formatClock(elapsedMs)}`);
    else this.#show({ ...view, phase: this.#isStopping ? `stopping, ${call}` : call });
  }

  showTick(tick: RunTick): void {
    const view = this.#state.add(tick);
    this.#view = this.#isStopping ? { ...view, phase: "stopping" } : view;
    this.#show(this.#view);
  }

  showStopping(): void {
    this.#isStopping = true;
    if (this.#view === undefined) return;
    this.#view = { ...this.#view, phase: "stopping" };
    this.#show(this.#view);
  }

  /** Text that stays, above the view. */
  print(text: string): void {
    this.#region.print(text);
  }

  clear(): void {
    this.#content = undefined;
    this.#region.clear();
  }

  close(): void {
    this.clear();
    this.#stopListening();
  }

  /** A host whose streams do not tear the view. */
  hostAround(host: Host): Host {
    const { stdout, stderr } = host;
    return {
      ...host,
      stderr: streamLike(stderr, (text) => {
        if (typeof text === "string") this.print(text);
        else this.#writeAside(stderr, text);
      }),
      stdout: stdout.isTty ? streamLike(stdout, (text) => this.#writeAside(stdout, text)) : stdout,
      exitNow: (code) => {
        this.close();
        host.exitNow(code);
      },
    };
  }

  /** To another stream that shows on the same terminal; the view comes back when it is drawn next. */
  #writeAside(stream: TextStream, text: string | Uint8Array): void {
    this.#region.clear();
    stream.write(text);
  }

  #show(content: LiveView | string): void {
    this.#content = content;
    this.#draw();
  }

  #draw(): void {
    const content = this.#content;
    if (content === undefined) return;
    const { columns, rows } = this.#stream;
    if (typeof content === "string") {
      this.#region.draw([content.slice(0, columns - 1)]);
      return;
    }
    const lines = renderLiveView(content, { columns, rows, ...this.#style });
    this.#region.draw(lines ?? [renderProgressLine(toProgress(content), columns - 1)]);
  }
}

function streamLike(stream: TextStream, write: TextStream["write"]): TextStream {
  return {
    write,
    isTty: stream.isTty,
    get columns() {
      return stream.columns;
    },
    get rows() {
      return stream.rows;
    },
    onResize: (handler) => stream.onResize(handler),
  };
}

function toProgress(view: LiveView): Parameters<typeof renderProgressLine>[0] {
  const { generator, seconds, iterations } = view;
  const { status } = generator;
  return {
    elapsedMs: view.elapsedMs,
    plannedMs: view.plannedMs ?? 0,
    activeVus: view.activeVus,
    initializedVus: view.initializedVus,
    requestsPerSecond: view.requestsPerSecond,
    p95Ms: seconds.at(-1)?.latencyMs ?? null,
    failedShare: view.failedShare,
    iterationsDropped: iterations.dropped,
    generator: status === "warning" || status === "saturated" ? status : undefined,
  };
}
