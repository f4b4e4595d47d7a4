/** What Node's own HTTP client makes of the bytes of a response: the second opinion of the parser tests. */
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { Duplex } from "node:stream";

/** A response as read by one of the two, or undefined when it was refused. */
export type ReadResponse =
  | {
      readonly status: number;
      readonly statusText: string;
      readonly headers: readonly (readonly [string, string])[];
      /** One character per byte. */
      readonly body: string;
    }
  | undefined;

/** Feeds `response` in one piece, then the end, to http.request as the answer to a request with `method`. */
export async function readWithNode(response: Buffer, method: string): Promise<ReadResponse> {
  const socket = new Duplex({
    read: () => undefined,
    write: (_chunk, _encoding, done) => done(),
  });
  return await new Promise((resolve) => {
    const refuse = (): void => resolve(undefined);
    const sent = request({
      method,
      path: "/",
      host: "oracle.test",
      maxHeaderSize: 1_000_000,
      createConnection: () => socket,
    });
    sent.on("error", refuse);
    let hasResponse = false;
    sent.on("close", () => {
      if (!hasResponse) refuse();
    });
    sent.on("upgrade", (message) => resolve(toRead(message, "")));
    sent.on("response", (message) => {
      hasResponse = true;
      const pieces: Buffer[] = [];
      message.on("close", refuse); // comes last: does nothing after an answer
      message.on("data", (piece: Buffer) => pieces.push(piece));
      message.on("error", refuse);
      message.on("end", () => {
        if (message.complete) resolve(toRead(message, Buffer.concat(pieces).toString("latin1")));
        else refuse();
      });
    });
    sent.end(() => {
      socket.push(response);
      socket.push(null);
    });
  });
}

function toRead(message: IncomingMessage, body: string): ReadResponse {
  const headers: [string, string][] = [];
  const seen = new Set<string>();
  for (let index = 0; index < message.rawHeaders.length; index += 2) {
    const [name, value] = [message.rawHeaders[index]!, message.rawHeaders[index + 1]!];
    const key = name.toLowerCase();
    // As scripts see them in k6: the framing is left out, and a length that is repeated stands once.
    const isShown = key !== "transfer-encoding" && !(key === "content-length" && seen.has(key));
    if (isShown) headers.push([name, value]);
    seen.add(key);
  }
  return {
    status: message.statusCode ?? 0,
    statusText: message.statusMessage ?? "",
    headers,
    body,
  };
}
