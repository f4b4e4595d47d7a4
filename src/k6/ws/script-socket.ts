/** The socket that the callback of `k6/ws` connect is given: k6's seven functions, with k6's checks of their arguments. */
import type { ScriptFunction } from "../callbacks.ts";
import { GoError } from "../errors.ts";
import { textOf } from "../text.ts";

/** What a script can ask of a session. */
export interface SocketCommands {
  on(event: string, handler: unknown): void;
  send(data: string | Uint8Array, isBinary: boolean): void;
  ping(): void;
  close(code: number): void;
  addTimer(callback: ScriptFunction, delayMs: number, repeats: boolean): void;
}

const defaultCloseCode = 1001;

/** The object for one session. What calls handlers of the script may block: it must be the last act. */
export function createScriptSocket(session: SocketCommands): object {
  return {
    close: (...args: unknown[]) => session.close(toCloseCode(args)),
    on: (event: unknown, handler: unknown) => session.on(String(event), handler),
    ping: () => session.ping(),
    send: (data: unknown) => session.send(toText(data), false),
    sendBinary: (...args: unknown[]) => session.send(toBytes(args), true),
    setInterval: (callback: unknown, delay: unknown) =>
      session.addTimer(toFunction(callback), toDelayMs("setInterval", delay), true),
    setTimeout: (callback: unknown, delay: unknown) =>
      session.addTimer(toFunction(callback), toDelayMs("setTimeout", delay), false),
  };
}

/** Any number that a script gives, as k6 takes it; only when nothing is given there is a default. */
function toCloseCode(args: readonly unknown[]): number {
  return args.length === 0 ? defaultCloseCode : Math.trunc(Number(args[0])) || 0;
}

function toText(data: unknown): string {
  return data === undefined || data === null ? "" : textOf(data);
}

function toBytes(args: readonly unknown[]): Uint8Array {
  if (args.length === 0) throw new GoError("missing argument, expected ArrayBuffer");
  const [data] = args;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  throw new GoError(`expected ArrayBuffer as argument, received: ${className(data)}`);
}

function className(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  return (Object(value) as object).constructor?.name ?? "Object";
}

function toFunction(callback: unknown): ScriptFunction {
  if (typeof callback === "function") return callback as ScriptFunction;
  throw new TypeError(
    `could not convert function call parameter 0: could not convert ${textOf(callback)} to sobek.Callable`,
  );
}

function toDelayMs(name: string, delay: unknown): number {
  const delayMs = delay === undefined ? 0 : Number(delay);
  if (delayMs > 0) return delayMs;
  throw new GoError(`${name} requires a >0 timeout parameter, received ${delayMs.toFixed(2)}`);
}
