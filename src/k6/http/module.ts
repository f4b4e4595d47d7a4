/**
 * Module `k6/http` as a script imports it. The functions of a VU are closures over one small state; what needs no VU
 * (the template tag, constants, CookieJar) is shared by all.
 */
import { lazyProperty } from "../../base/lazy-property.ts";
import type { VuContext } from "../context.ts";
import { forbidInInit, GoError } from "../errors.ts";
import { HostObject, listMembers } from "../host-object.ts";
import { textOf } from "../text.ts";
import { type WorkerScope, workerScope } from "../worker-scope.ts";
import { batchCall, type BatchItem, readBatch, runBatch } from "./batch.ts";
import { createFile } from "./body.ts";
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

/** The functions that belong to a VU: what makes each for its requests. */
const functions: Readonly<Record<string, (requests: Requests) => unknown>> = {
  cookieJar: (requests) => () => requests.cookieJar(),
  file:
    (requests) =>
    (data: unknown, ...naming: unknown[]) =>
      createFile(requests.vu.clock, data, naming),
  get:
    (requests) =>
    (url: unknown, params: unknown, ...extra: unknown[]) =>
      requests.sendWithoutBody("get", { url, params, extra }),
  head:
    (requests) =>
    (url: unknown, params: unknown, ...extra: unknown[]) =>
      requests.sendWithoutBody("head", { url, params, extra }),
  post: (requests) => (url: unknown, body: unknown, params: unknown) =>
    requests.send({ method: "POST", url, body, params }),
  put: (requests) => (url: unknown, body: unknown, params: unknown) =>
    requests.send({ method: "PUT", url, body, params }),
  patch: (requests) => (url: unknown, body: unknown, params: unknown) =>
    requests.send({ method: "PATCH", url, body, params }),
  del: (requests) => (url: unknown, body: unknown, params: unknown) =>
    requests.send({ method: "DELETE", url, body, params }),
  options: (requests) => (url: unknown, body: unknown, params: unknown) =>
    requests.send({ method: "OPTIONS", url, body, params }),
  request:
    (requests) =>
    (method: unknown, url: unknown, ...[body, params]: unknown[]) =>
      requests.send({ method: methodOf(method), url, body, params }),
  asyncRequest:
    (requests) =>
    (method: unknown, url: unknown, ...[body, params]: unknown[]) =>
      requests.sendAsync({ method: methodOf(method), url, body, params }),
  batch:
    (requests) =>
    (...args: unknown[]) =>
      requests.sendBatch(args),
  setResponseCallback:
    (requests) =>
    (...args: unknown[]) =>
      requests.setResponseCallback(args.length === 0 ? null : args[0]),
};

/** Builds module `k6/http` for one VU. */
export function createHttp(vu: VuContext): object {
  return new HttpModule(vu);
}

/**
 * Constants, what needs no VU, and the functions of one, each made when the script first takes it: most scripts take two or three
 * of the thirteen (0.7 KB a VU). A class, so that all VUs' modules have one hidden class: as a literal into which the constants were
 * spread each had its own (1.3 KB and 40 µs a VU).
 */
class HttpModule {
  readonly TLS_1_0 = "tls1.0";
  readonly TLS_1_1 = "tls1.1";
  readonly TLS_1_2 = "tls1.2";
  readonly TLS_1_3 = "tls1.3";
  readonly OCSP_STATUS_GOOD = "good";
  readonly OCSP_STATUS_REVOKED = "revoked";
  readonly OCSP_STATUS_SERVER_FAILED = "server_failed";
  readonly OCSP_STATUS_UNKNOWN = "unknown";
  readonly OCSP_REASON_UNSPECIFIED = "unspecified";
  readonly OCSP_REASON_KEY_COMPROMISE = "key_compromise";
  readonly OCSP_REASON_CA_COMPROMISE = "ca_compromise";
  readonly OCSP_REASON_AFFILIATION_CHANGED = "affiliation_changed";
  readonly OCSP_REASON_SUPERSEDED = "superseded";
  readonly OCSP_REASON_CESSATION_OF_OPERATION = "cessation_of_operation";
  readonly OCSP_REASON_CERTIFICATE_HOLD = "certificate_hold";
  readonly OCSP_REASON_REMOVE_FROM_CRL = "remove_from_crl";
  readonly OCSP_REASON_PRIVILEGE_WITHDRAWN = "privilege_withdrawn";
  readonly OCSP_REASON_AA_COMPROMISE = "aa_compromise";
  readonly url = urlTag;
  readonly CookieJar = ScriptCookieJar;
  readonly expectedStatuses = expectedStatuses;
  readonly #requests: Requests;

  static readonly #functions: PropertyDescriptorMap = Object.fromEntries(
    Object.entries(functions).map(([name, make]) => [
      name,
      lazyProperty(name, (module: HttpModule) => make(module.#requests)),
    ]),
  );

  constructor(vu: VuContext) {
    this.#requests = new Requests(vu);
    Object.defineProperties(this, HttpModule.#functions);
  }
}

// To scripts it is a plain object.
Reflect.deleteProperty(HttpModule.prototype, "constructor");

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
    return this.send({ method: verb === "get" ? "GET" : "HEAD", url, body: undefined, params });
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
