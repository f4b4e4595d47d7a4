/** A Prometheus: does it answer, and does it take remote write? */

export interface PrometheusFacts {
  readonly url: string;
  /** Of its build information; undefined when it did not say. */
  readonly version: string | undefined;
  /** Why it cannot be reached; undefined when it answered. */
  readonly problem: string | undefined;
  /** Status of an empty POST to /api/v1/write; undefined when it was not reached. */
  readonly writeStatus: number | undefined;
}

const answerLimitMs = 5_000;

export async function readPrometheus(url: string): Promise<PrometheusFacts> {
  const base = url.replace(/\/+$/u, "");
  try {
    const version = await readVersion(base);
    // An empty body is no write request: a receiver refuses it or takes it as nothing, and stores nothing either way.
    const response = await fetch(`${base}/api/v1/write`, {
      method: "POST",
      headers: {
        "content-type": "application/x-protobuf",
        "content-encoding": "snappy",
        "x-prometheus-remote-write-version": "0.1.0",
      },
      signal: AbortSignal.timeout(answerLimitMs),
    });
    await response.body?.cancel();
    return { url, version, problem: undefined, writeStatus: response.status };
  } catch (error) {
    return { url, version: undefined, problem: reasonOf(error), writeStatus: undefined };
  }
}

async function readVersion(base: string): Promise<string | undefined> {
  const response = await fetch(`${base}/api/v1/status/buildinfo`, {
    signal: AbortSignal.timeout(answerLimitMs),
  });
  if (!response.ok) {
    await response.body?.cancel();
    return undefined;
  }
  const text = await response.text();
  return /"version":"([^"]+)"/u.exec(text)?.[1];
}

/** fetch() says "fetch failed", and why in its cause. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
}
