/** StatsD's lines and DogStatsD's, read strictly, and added up as a server does. */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

export interface StatsdLine {
  readonly name: string;
  readonly values: readonly number[];
  readonly type: "c" | "g" | "ms" | "d";
  readonly tags: Readonly<Record<string, string>>;
}

const shape =
  /^(?<name>[^:|@#,;\s\p{Cc}]+):(?<values>-?\d+(?:\.\d+)?(?::-?\d+(?:\.\d+)?)*)\|(?<type>c|g|ms|d)(?:\|#(?<tags>[^|#\s\p{Cc}]+))?$/u;

/** @throws Error when it is no line of the protocol */
export function parseStatsdLine(line: string): StatsdLine {
  const groups = shape.exec(line)?.groups;
  if (groups === undefined) throw new Error(`no line of StatsD: ${JSON.stringify(line)}`);
  const pairs = (groups["tags"]?.split(",") ?? []).map((tag) => {
    const colon = tag.indexOf(":");
    if (colon < 1) throw new Error(`no tag: ${JSON.stringify(tag)}`);
    return [tag.slice(0, colon), tag.slice(colon + 1)] as const;
  });
  return {
    name: groups["name"]!,
    values: groups["values"]!.split(":").map(Number),
    type: groups["type"] as StatsdLine["type"],
    tags: Object.fromEntries(pairs),
  };
}

export interface UdpReceiver {
  readonly port: number;
  /** Whole datagrams, as text. */
  readonly datagrams: readonly string[];
  lines(): StatsdLine[];
  /** Sums of counters, by name. */
  sums(): Readonly<Record<string, number>>;
}

/** Takes every datagram on a loopback port; `answer` goes back to whoever sent one. Ends with the test. */
export async function startUdpReceiver(
  t: { after(close: () => Promise<void> | void): unknown },
  answer?: Buffer,
): Promise<UdpReceiver> {
  const socket: Socket = createSocket({ type: "udp4", recvBufferSize: 4 * 1024 * 1024 });
  const datagrams: string[] = [];
  socket.on("message", (message, { port, address }) => {
    datagrams.push(message.toString());
    if (answer !== undefined) socket.send(answer, port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  t.after(() => void socket.close());
  const lines = (): StatsdLine[] =>
    datagrams.flatMap((datagram) => datagram.split("\n")).map(parseStatsdLine);
  return {
    port: socket.address().port,
    datagrams,
    lines,
    sums() {
      const sums: Record<string, number> = {};
      for (const { name, type, values } of lines()) {
        if (type !== "c") continue;
        sums[name] = (sums[name] ?? 0) + values.reduce((sum, value) => sum + value, 0);
      }
      return sums;
    },
  };
}
