/**
 * Asks a proxy for a tunnel (RFC 9110 section 9.3.6) on a connection of its own, in Go's words: the answer's head ends
 * it, and whatever is not 200 fails with the answer's reason.
 */
import type { Socket } from "node:net";
import { failures, malformedBody } from "./errors.ts";
import type { HttpFailure } from "./exchange.ts";
import type { Origin } from "./origin.ts";
import type { Proxy } from "./proxies.ts";
import { findStatusLineProblem } from "./response-head.ts";

const maxHeadBytes = 65_536;

/** Told once what came of it; the socket belongs to the caller again. */
interface TunnelListener {
  onTunnel(): void;
  onRefused(failure: HttpFailure): void;
}

/** Sends CONNECT for `origin` over a connected socket that has no other reader. */
export function requestTunnel(
  socket: Socket,
  { origin, proxy }: { origin: Origin; proxy: Proxy },
  listener: TunnelListener,
): void {
  const host = origin.hostname.includes(":") ? `[${origin.hostname}]` : origin.hostname;
  const where = `${host}:${origin.port}`;
  const authorization =
    proxy.authorization === undefined ? "" : `Proxy-Authorization: ${proxy.authorization}\r\n`;
  let head = "";
  const onData = (data: Buffer): void => {
    head += data.toString("latin1");
    const end = head.indexOf("\r\n\r\n");
    if (end === -1 && head.length < maxHeadBytes) return;
    socket.off("data", onData);
    socket.pause();
    const failure = end === -1 ? failures.headTooLarge : refusalOf(head.slice(0, end));
    if (failure === undefined) listener.onTunnel();
    else listener.onRefused(failure);
  };
  socket.on("data", onData);
  socket.write(
    `CONNECT ${where} HTTP/1.1\r\nHost: ${where}\r\nUser-Agent: Go-http-client/1.1\r\n${authorization}\r\n`,
    "latin1",
  );
}

function refusalOf(head: string): HttpFailure | undefined {
  const [line = ""] = head.split("\r\n");
  const problem = findStatusLineProblem(line);
  if (problem !== undefined) return malformedBody(problem);
  const [, status, reason = ""] = /^\S+ +(\d\d\d) ?(.*)$/u.exec(line)!;
  return status === "200"
    ? undefined
    : malformedBody(reason === "" ? "unknown status code" : reason);
}
