/**
 * Entry of a worker thread: receives the host's messages in order, and answers each (see protocol.ts).
 * It compiles the program once, and keeps everything that the VUs of this thread share.
 */
import { type MessagePort, parentPort } from "node:worker_threads";
import { toErrorPayload } from "../../base/errors.ts";
import type { SampleBatch } from "../../metrics/index.ts";
import type { HostMessage, WorkerMessage, WorkerSetup } from "../protocol.ts";
import { WorkerSession } from "./session.ts";

if (parentPort === null) throw new Error("engine/worker/main.ts runs only as a worker thread");
listen(parentPort);

/** The first message says what to run; a host that has nothing to run ends the thread. */
function listen(port: MessagePort): void {
  port.once("message", (message: HostMessage) => {
    if (message.type === "init") serve(port, message.setup);
  });
}

function serve(port: MessagePort, setup: WorkerSetup): void {
  const post = (message: WorkerMessage): void =>
    port.postMessage(message, message.type === "samples" ? buffersOf(message.batch) : []);
  const fail = (error: unknown): void => post({ type: "failed", error: toErrorPayload(error) });
  const session = new WorkerSession(setup, post);
  /** Messages are handled one after the other; a stop must get through while a run is under way, so `start` is not awaited. */
  let queue = session.initialize().catch(fail);
  port.on("message", (message: Exclude<HostMessage, { type: "init" }>) => {
    if (message.type === "exit") {
      session.close();
      port.close();
      return;
    }
    queue = queue.then(() => session.handle(message)).catch(fail);
  });
  /** A rejection that the script did not handle is logged, as in k6, and never ends the thread. */
  process.on("unhandledRejection", (reason) => session.reportUnhandled(reason));
}

/** Columns of samples move to the host; nothing of them is copied. */
function buffersOf({ seriesIds, values, timesMs, metadataIds }: SampleBatch): ArrayBuffer[] {
  const columns = [seriesIds, values, timesMs, ...(metadataIds === undefined ? [] : [metadataIds])];
  return columns.map(({ buffer }) => buffer);
}
