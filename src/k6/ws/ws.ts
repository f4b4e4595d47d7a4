/**
 * Module `k6/ws`: connect(url, params?, callback), which blocks until the socket closes (reference k6-behaviour 5.6).
 */
import type { ScriptFunction } from "../callbacks.ts";
import type { VuContext } from "../context.ts";
import { forbidInInit, GoError } from "../errors.ts";
import { readSocketUrl } from "./socket-url.ts";
import { textOf } from "../text.ts";
import { type ParamRules, readSocketParams } from "./params.ts";
import { type WsResponse, WsSession } from "./session.ts";

export const initMessage = "using websockets in the init context is not supported";

const rules: ParamRules = { tagProblem: "invalid ws.connect() metric tags", isStrict: false };

/** The functions of module `k6/ws`. */
interface WsModule {
  connect(...args: unknown[]): WsResponse;
}

/** Builds module `k6/ws` for one VU. */
export function createWs(vu: VuContext): WsModule {
  return { connect: (...args) => connect(vu, args) };
}

function connect(vu: VuContext, args: readonly unknown[]): WsResponse {
  forbidInInit(vu, initMessage);
  if (args.length < 2) throw new GoError("invalid number of arguments to ws.connect");
  const callback = args.length === 2 ? args[1] : args[2];
  if (typeof callback !== "function")
    throw new GoError("last argument to ws.connect must be a function");
  const params = readSocketParams(vu, args.length === 2 ? undefined : args[1], rules);
  const url = readSocketUrl(textOf(args[0]));
  const session = new WsSession(
    vu,
    { url, params, protocols: undefined },
    callback as ScriptFunction,
  );
  return vu.suspend((call) => session.start(call));
}
