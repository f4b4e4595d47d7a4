/**
 * What lives beside a VU's script: companions (open sockets, streams), which keep an iteration alive and bring it news,
 * and resources (connections) that outlive iterations. Both are let go when the VU is abandoned; when a function of the
 * script throws, companions are asked to end, and the function is over when they are.
 */
import type { Attachment, Companion } from "../../k6/index.ts";

/** The VU, as far as its companions need it. */
interface CompanionHost {
  /** Runs `callback` on the event loop; its exceptions are the VU's. */
  deliver(callback: () => unknown): void;
  /** A companion is over. */
  onReleased(): void;
}

export class Companions {
  readonly #host: CompanionHost;
  readonly #attached = new Set<Tie>();
  readonly #owned = new Set<{ destroy(): void }>();
  #isCancelled = false;

  constructor(host: CompanionHost) {
    this.#host = host;
  }

  /** How many the running function has to wait for. */
  get count(): number {
    return this.#attached.size;
  }

  /** A function of the script begins. */
  begin(): void {
    this.#isCancelled = false;
  }

  attach(companion: Companion): Attachment {
    const tie = new Tie(companion, this);
    this.#attached.add(tie);
    // Opened by a handler that runs after the end: it may not keep that end waiting.
    if (this.#isCancelled) queueMicrotask(() => companion.cancel());
    return tie;
  }

  own(resource: { destroy(): void }): () => void {
    this.#owned.add(resource);
    return () => void this.#owned.delete(resource);
  }

  deliver(tie: Tie, callback: () => unknown): void {
    if (this.#attached.has(tie)) this.#host.deliver(callback);
  }

  release(tie: Tie): void {
    if (this.#attached.delete(tie)) this.#host.onReleased();
  }

  cancel(): void {
    this.#isCancelled = true;
    for (const tie of this.#attached) tie.companion.cancel();
  }

  destroy(): void {
    const doomed = [...[...this.#attached].map(({ companion }) => companion), ...this.#owned];
    // First untied: what they say from now on is not heard.
    this.#attached.clear();
    this.#owned.clear();
    for (const each of doomed) each.destroy();
  }
}

class Tie implements Attachment {
  readonly companion: Companion;
  readonly #companions: Companions;

  constructor(companion: Companion, companions: Companions) {
    this.companion = companion;
    this.#companions = companions;
  }

  deliver(callback: () => unknown): void {
    this.#companions.deliver(this, callback);
  }

  release(): void {
    this.#companions.release(this);
  }
}
