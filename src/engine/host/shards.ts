/**
 * The worker threads as the host sees them: one `Shard` each, with typed messages and promises for their answers.
 */
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { exitCodes, fromErrorPayload, LakhError } from "../../base/errors.ts";
import type { EngineErrorCode } from "../errors.ts";
import type { HostMessage, WorkerMessage, WorkerSetup } from "../protocol.ts";

/** Stack of a worker in MB: recursion depth of lowered scripts (measured: 4 MB 10,800 calls, 16 MB 49,900). */
const stackSizeMb = 16;

/**
 * Settings of V8 for worker threads, with what they gave (5,000 VUs, half a minute, Node 20).
 *
 * V8 moves the birth of objects to the old generation when most of a literal's first ones lived long. Here they do:
 * while all VUs connect at once each request waits. From then on every request would be garbage that only a major
 * collection finds. Without it: 20,200 → 23,700 requests a CPU second, 394 → 267 MB after 14 s.
 *
 * By default the old generation may grow to about three times what lives before it is collected. At 40 % growth a major
 * collection comes each 5 to 10 s: 185 → 170 MB against 80 %, at the same speed.
 */
const workerFlags = ["--no-allocation-site-pretenuring", "--heap-growing-percent=40"] as const;

type MessageOf<Type extends WorkerMessage["type"]> = Extract<WorkerMessage, { type: Type }>;

const unaskedTypes = [
  "tick",
  "samples",
  "exchanges",
  "lifecycleFailed",
  "abort",
  "unconfirmed",
  "markFailed",
  "log",
  "preparing",
  "secret",
] as const;

/** Messages that arrive unasked. */
export type UnaskedMessage = MessageOf<(typeof unaskedTypes)[number]>;

function isUnasked(message: WorkerMessage): message is UnaskedMessage {
  return (unaskedTypes as readonly string[]).includes(message.type);
}

export class Shard {
  readonly index: number;
  readonly #worker: Worker;
  readonly #waiting = new Map<
    WorkerMessage["type"],
    { resolve: (m: WorkerMessage) => void; reject: (e: Error) => void }
  >();
  readonly #onMessage: (message: UnaskedMessage, shard: Shard) => void;
  #failure: LakhError | undefined;
  #hasSetup = false;
  #isClosing = false;
  #exited: Promise<void>;

  /** Starts the thread, which reads its modules until it is told what to run. */
  constructor(index: number, onMessage: (message: UnaskedMessage, shard: Shard) => void) {
    this.index = index;
    this.#onMessage = onMessage;
    for (const flag of workerFlags) setFlagsFromString(flag);
    this.#worker = new Worker(new URL("../worker/main.js", import.meta.url), {
      resourceLimits: { stackSizeMb },
      name: `lakh-worker-${index}`,
    });
    this.#worker.on("message", (message: WorkerMessage) => this.#receive(message));
    this.#worker.on("error", (error) => this.#fail(workerDied(index, error)));
    this.#exited = new Promise((resolve) => {
      this.#worker.once("exit", (code) => {
        if (!this.#isClosing) this.#fail(workerDied(index, new Error(`exit code ${code}`)));
        resolve();
      });
    });
  }

  /** True when the worker reported a failure or has died: it answers no more. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** Runs the init code. @throws LakhError */
  initialize(setup: WorkerSetup): Promise<MessageOf<"initialized">> {
    this.#hasSetup = true;
    return this.ask({ type: "init", setup }, "initialized");
  }

  post(message: HostMessage): void {
    this.#worker.postMessage(message);
  }

  /** The next message of this type. @throws LakhError when the worker reported a failure or died */
  next<Type extends WorkerMessage["type"]>(type: Type): Promise<MessageOf<Type>> {
    return new Promise((resolve, reject) => {
      if (this.#failure === undefined)
        this.#waiting.set(type, { resolve: resolve as (m: WorkerMessage) => void, reject });
      else reject(this.#failure);
    });
  }

  /** Sends `message` and waits for its answer. */
  ask<Type extends WorkerMessage["type"]>(
    message: HostMessage,
    answer: Type,
  ): Promise<MessageOf<Type>> {
    const answered = this.next(answer);
    this.post(message);
    return answered;
  }

  /** Lets the worker end by itself for a moment, then ends it; at once when it never ran anything. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (!this.#hasSetup) {
      await this.#worker.terminate();
      return;
    }
    this.post({ type: "exit" });
    const patienceMs = 500;
    const timer = setTimeout(() => void this.#worker.terminate(), patienceMs);
    await this.#exited;
    clearTimeout(timer);
  }

  #receive(message: WorkerMessage): void {
    if (message.type === "failed") {
      this.#fail(fromErrorPayload(message.error));
      return;
    }
    if (!isUnasked(message)) {
      this.#waiting.get(message.type)?.resolve(message);
      this.#waiting.delete(message.type);
      return;
    }
    this.#onMessage(message, this);
    if (message.type !== "lifecycleFailed") return;
    this.#waiting.get(message.answerTo)?.reject(fromErrorPayload(message.error));
    this.#waiting.delete(message.answerTo);
  }

  #fail(error: LakhError): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#failure ??= error;
    for (const { reject } of waiting) reject(error);
  }
}

function workerDied(index: number, cause: Error): LakhError {
  const outOfMemory = (cause as NodeJS.ErrnoException).code === "ERR_WORKER_OUT_OF_MEMORY";
  return new LakhError(
    "WORKER_DIED" satisfies EngineErrorCode,
    `worker thread ${index} ended unexpectedly: ${cause.message}; what was measured until then was kept`,
    {
      hint: outOfMemory
        ? "fewer VUs a worker (--workers), a smaller library set, or NODE_OPTIONS=--max-old-space-size=8192"
        : "run again with --verbose; if it happens again it is a fault of lakh",
      exitCode: exitCodes.internalError,
      cause,
    },
  );
}
