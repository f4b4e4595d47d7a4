/**
 * Module `k6/http` as a script imports it. The functions of a VU are closures over one small state; what needs no VU
 * (the template tag, constants, CookieJar) is shared by all.
 */
import type { VuContext } from "../context.ts";
import { forbidInInit, GoError } from "../errors.ts";
import { HostObject, listMembers } from "../host-object.ts";
import { textOf } from "../text.ts";
import { type WorkerScope, workerScope } from "../worker-scope.ts";
import { batchCall, type BatchItem, readBatch, runBatch } from "./batch.ts";
import { createFile, type FileData } from "./body.ts";
import { ScriptCookieJar } from "./cookie-jar.ts";
import {
  defaultExpectedStatuses,
  type ExpectedStatuses,
  expectedStatuses,
  toResponseCallback,
} from "./expected-statuses.ts";
import type { HeaderLists } from "./headers.ts";
import {
  createPlan,
  type PlanSource,
  type RequestCall,
  type RequestPlan,
  type Sender,
} from "./plan.ts";
import { createRefusal, type HttpResponse } from "./response.ts";
import { invalidUrlCode, refuseCall, sendBlocking, sendPlan } from "./send.ts";
import { authorityOf, InvalidUrl, urlTag } from "./url.ts";

const initMessage = "Making http requests in the init context is not supported";

type WithoutBody = (url: unknown, params?: unknown, ...extra: unknown[]) => HttpResponse;
type WithBody = (url: unknown, body?: unknown, params?: unknown) => HttpResponse;
type AnyMethod<R> = (
  method: unknown,
  url: unknown,
  ...rest: [body?: unknown, params?: unknown]
) => R;

/** Module `k6/http`: constants, what needs no VU, and the functions that belong to one. */
interface HttpModule {
  readonly [constant: `TLS_${string}` | `OCSP_${string}`]: string;
  readonly url: typeof urlTag;
  readonly CookieJar: typeof ScriptCookieJar;
  readonly expectedStatuses: typeof expectedStatuses;
  readonly get: WithoutBody;
  readonly head: WithoutBody;
  readonly post: WithBody;
  readonly put: WithBody;
  readonly patch: WithBody;
  readonly del: WithBody;
  readonly options: WithBody;
  readonly request: AnyMethod<HttpResponse>;
  readonly asyncRequest: AnyMethod<Promise<HttpResponse>>;
  batch(...requests: unknown[]): unknown;
  cookieJar(): ScriptCookieJar;
  file(data: unknown, ...naming: unknown[]): FileData;
  setResponseCallback(...callback: unknown[]): void;
}

/** Builds module `k6/http` for one VU. */
export function createHttp(vu: VuContext): HttpModule {
  const requests = new Requests(vu);
  // One literal without a spread, whose hidden class all VUs share: with the constants spread into it, each VU's module
  // had one of its own (1.3 KB and 40 µs a VU).
  return {
    TLS_1_0: "tls1.0",
    TLS_1_1: "tls1.1",
    TLS_1_2: "tls1.2",
    TLS_1_3: "tls1.3",
    OCSP_STATUS_GOOD: "good",
    OCSP_STATUS_REVOKED: "revoked",
    OCSP_STATUS_SERVER_FAILED: "server_failed",
    OCSP_STATUS_UNKNOWN: "unknown",
    OCSP_REASON_UNSPECIFIED: "unspecified",
    OCSP_REASON_KEY_COMPROMISE: "key_compromise",
    OCSP_REASON_CA_COMPROMISE: "ca_compromise",
    OCSP_REASON_AFFILIATION_CHANGED: "affiliation_changed",
    OCSP_REASON_SUPERSEDED: "superseded",
    OCSP_REASON_CESSATION_OF_OPERATION: "cessation_of_operation",
    OCSP_REASON_CERTIFICATE_HOLD: "certificate_hold",
    OCSP_REASON_REMOVE_FROM_CRL: "remove_from_crl",
    OCSP_REASON_PRIVILEGE_WITHDRAWN: "privilege_withdrawn",
    OCSP_REASON_AA_COMPROMISE: "aa_compromise",
    url: urlTag,
    CookieJar: ScriptCookieJar,
    expectedStatuses,
    get: (url, params, ...extra) => requests.sendWithoutBody("get", { url, params, extra }),
    head: (url, params, ...extra) => requests.sendWithoutBody("head", { url, params, extra }),
    post: (url, body, params) => requests.send({ method: "POST", url, body, params }),
    put: (url, body, params) => requests.send({ method: "PUT", url, body, params }),
    patch: (url, body, params) => requests.send({ method: "PATCH", url, body, params }),
    del: (url, body, params) => requests.send({ method: "DELETE", url, body, params }),
    options: (url, body, params) => requests.send({ method: "OPTIONS", url, body, params }),
    request: (method, url, ...[body, params]) =>
      requests.send({ method: methodOf(method), url, body, params }),
    asyncRequest: (method, url, ...[body, params]) =>
      requests.sendAsync({ method: methodOf(method), url, body, params }),
    batch: (...args) => requests.sendBatch(args),
    cookieJar: () => requests.cookieJar(),
    file: (data, ...naming) => createFile(vu.clock, data, naming),
    setResponseCallback: (...args) =>
      requests.setResponseCallback(args.length === 0 ? null : args[0]),
  };
}

function methodOf(method: unknown): string {
  return method === undefined || method === null ? "" : textOf(method);
}

/** The requests of one VU. */
class Requests implements Sender, PlanSource {
  readonly sender = this;
  readonly headerLists: HeaderLists;
  /** What http.setResponseCallback() was given. */
  expected: ExpectedStatuses | null = defaultExpectedStatuses;
  readonly #vu: VuContext;
  readonly #scope: WorkerScope;

  constructor(vu: VuContext) {
    this.#vu = vu;
    this.#scope = workerScope(vu);
    this.headerLists = this.#scope.headerLists;
  }

  get vu(): VuContext {
    return this.#vu;
  }

  sendWithoutBody(
    verb: "get" | "head",
    call: { url: unknown; params: unknown; extra: readonly unknown[] },
  ): HttpResponse {
    const { url, params, extra } = call;
    if (extra.length > 0) {
      this.#vu.logger.log(
        "warning",
        `http.${verb} only accepts a url and a params argument (2 arguments), but ${extra.length + 2} were given`,
      );
    }
    return this.send({ method: verb.toUpperCase(), url, body: undefined, params });
  }

  send(call: RequestCall): HttpResponse {
    forbidInInit(this.#vu, initMessage);
    const plan = this.#plan(call);
    if (plan instanceof GoError) return this.#refuse(plan);
    return sendBlocking(this.#vu, this.#scope, plan);
  }

  /** Throws at once in the init context, and rejects afterwards. */
  sendAsync(call: RequestCall): Promise<HttpResponse> {
    forbidInInit(this.#vu, initMessage);
    return this.#vu.track(this.#answerAsync(call));
  }

  async #answerAsync(call: RequestCall): Promise<HttpResponse> {
    const plan = this.#plan(call);
    try {
      if (plan instanceof GoError) return this.#refuse(plan);
      return await sendPlan(this.#vu, this.#scope, plan);
    } catch (error) {
      throw error instanceof GoError ? new BareError(error.message) : error;
    }
  }

  sendBatch(args: readonly unknown[]): unknown {
    forbidInInit(this.#vu, "Using batch in the init context is not supported");
    const items = readBatch(args);
    const plans: RequestPlan[] = [];
    for (const item of items) {
      const plan = this.#planItem(item);
      if (plan instanceof GoError)
        return this.#refuseBatch(args[0], items, { plan, at: plans.length });
      plans.push(plan);
    }
    const { batch, batchPerHost } = this.#vu.options;
    const running = runBatch(
      plans,
      { total: batch, perHost: batchPerHost },
      {
        send: (plan) => sendPlan(this.#vu, this.#scope, plan),
        hostOf: (plan) => authorityOf(plan.url),
      },
    );
    return this.#vu.block(running.then((responses) => toResult(args[0], items, responses)));
  }

  #planItem(item: BatchItem): RequestPlan | GoError {
    try {
      return this.#plan(batchCall(item));
    } catch (error) {
      if (error instanceof GoError) return error;
      throw error; // as in #plan
    }
  }

  /** A wrong item: nothing is sent; those before it are empty responses, those after it are not there. */
  #refuseBatch(
    requests: unknown,
    items: readonly BatchItem[],
    { plan: error, at }: { plan: GoError; at: number },
  ): unknown {
    if (this.#vu.options.throwOnFailure) throw error;
    const { message } = error;
    this.#vu.logger.log("warning", "A batch request failed", { error: message });
    const errorCode = error instanceof InvalidUrl ? invalidUrlCode : 0;
    const responses = items.slice(0, at).map(() => createRefusal({ error: "", errorCode: 0 }));
    responses.push(createRefusal({ error: message, errorCode }));
    return toResult(requests, Array.isArray(requests) ? items : items.slice(0, at + 1), responses);
  }

  cookieJar(): ScriptCookieJar {
    forbidInInit(this.#vu, "Making cookie jars in the init context is not supported");
    return new ScriptCookieJar(this.#vu.cookieJar);
  }

  setResponseCallback(callback: unknown): void {
    const expected = toResponseCallback(callback);
    if (expected === undefined)
      throw new GoError("unsupported argument, expected http.expectedStatuses");
    this.expected = expected;
  }

  /** The plan, or what is wrong with the call. */
  #plan(call: RequestCall): RequestPlan | GoError {
    try {
      return createPlan(this, call);
    } catch (error) {
      if (error instanceof GoError) return error;
      throw error; // a feature that lakh lacks, or a toString of the script that threw
    }
  }

  /** Only the option throwOnFailure counts: the call's own params may be what is wrong. */
  #refuse(error: GoError): HttpResponse {
    const { throwOnFailure } = this.#vu.options;
    const errorCode = error instanceof InvalidUrl ? invalidUrlCode : 0;
    return refuseCall(this.#vu, { throwOnFailure, errorCode }, error.message);
  }
}

/** What asyncRequest rejects with: k6's error there is a Go value and no Error, so it has neither name nor message. */
class BareError extends HostObject {
  readonly #text: string;

  constructor(text: string) {
    super();
    this.#text = text;
  }

  override toString(): string {
    return this.#text;
  }
}

listMembers(BareError.prototype);

function toResult(
  requests: unknown,
  items: readonly BatchItem[],
  responses: readonly HttpResponse[],
): unknown {
  if (Array.isArray(requests)) return items.map((_, index) => responses[index] ?? null);
  return Object.fromEntries(items.map(({ key }, index) => [key, responses[index] ?? null]));
}
