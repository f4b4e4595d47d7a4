/**
 * Secrets from an HTTP endpoint: one request a secret, at most so many a minute, tried again after faults that may pass.
 * What is wrong is thrown as a HostError in k6's words.
 */
import { setTimeout as wait } from "node:timers/promises";
import { systemClock } from "../../base/clock.ts";
import { HostError } from "../host-error.ts";
import { selectJson } from "../json/select.ts";
import type { UrlConfig } from "../../secrets/index.ts";

const minuteMs = 60_000;

export class UrlSource {
  readonly #config: UrlConfig;
  /** When the next request may start, if nothing is saved up: a token bucket as one point in time. */
  #nextFreeMs = 0;

  constructor(config: UrlConfig) {
    this.#config = config;
  }

  async get(key: string): Promise<string> {
    const url = this.#config.urlTemplate.replaceAll("{key}", key);
    const text = await this.#fetchText(url);
    return this.#config.responsePath === "" ? text : this.#extract(text);
  }

  async #fetchText(url: string): Promise<string> {
    const { maxRetries, retryBackoffMs } = this.#config;
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.#tryOnce(url);
      if (typeof outcome === "string") return outcome;
      if (!outcome.mayPass || attempt >= maxRetries) throw outcome.error;
      await wait(retryBackoffMs * 2 ** attempt);
    }
  }

  async #tryOnce(url: string): Promise<string | { error: HostError; mayPass: boolean }> {
    await this.#takeToken();
    const { method, headers, timeoutMs } = this.#config;
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(url, { method, headers, signal });
      const text = await response.text();
      if (response.ok) return text;
      const { status } = response;
      const error = new HostError(undefined, `status code ${status}: failed to get secret`);
      return { error, mayPass: status === 429 || status >= 500 };
    } catch (cause) {
      const error = new HostError(undefined, `failed to get secret: ${goText(method, url, cause)}`);
      return { error, mayPass: true };
    }
  }

  async #takeToken(): Promise<void> {
    const { requestsPerMinuteLimit, requestsBurst } = this.#config;
    const intervalMs = minuteMs / requestsPerMinuteLimit;
    const nowMs = systemClock.nowMs();
    const earliest = nowMs - intervalMs * (requestsBurst - 1);
    const freeMs = Math.max(this.#nextFreeMs, earliest);
    this.#nextFreeMs = freeMs + intervalMs;
    if (freeMs > nowMs) await wait(freeMs - nowMs);
  }

  #extract(text: string): string {
    const path = this.#config.responsePath;
    const value = selectJson(text, path);
    if (typeof value === "string") return value;
    const reason =
      value === undefined
        ? `path "${path}" not found in response`
        : `secret value at path "${path}" is not a string (got ${jsonKind(value)})`;
    throw new HostError(undefined, `failed to extract secret: ${reason}`);
  }
}

function jsonKind(value: unknown): string {
  if (value === null) return "Null";
  if (typeof value === "number") return "Number";
  if (typeof value === "boolean") return value ? "True" : "False";
  return "JSON";
}

/** How Go's client tells of a failed request. */
function goText(method: string, url: string, thrown: unknown): string {
  const cause = ((thrown as Error).cause ?? thrown) as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
    hostname?: string;
  };
  const verb = method.slice(0, 1).toUpperCase() + method.slice(1).toLowerCase();
  return `${verb} "${url}": ${goReason(url, cause)}`;
}

function goReason(
  url: string,
  cause: NodeJS.ErrnoException & { address?: string; port?: number; hostname?: string },
): string {
  if (cause.code === "ECONNREFUSED")
    return `dial tcp ${cause.address}:${cause.port}: connect: connection refused`;
  if (cause.code === "ENOTFOUND") return `dial tcp: lookup ${cause.hostname}: no such host`;
  const scheme = new URL(url).protocol.slice(0, -1);
  if (scheme !== "http" && scheme !== "https") return `unsupported protocol scheme "${scheme}"`;
  return cause.name === "TimeoutError" ? "context deadline exceeded" : cause.message;
}
