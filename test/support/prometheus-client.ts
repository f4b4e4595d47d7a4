/** Asks a Prometheus of `startPrometheus`, as Grafana does. */
import { prometheusPassword, prometheusUser } from "./prometheus.ts";

/** A series of an answer: of one moment `value`, of a stretch of time `values`; of histograms neither. */
export interface AnsweredSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [seconds: number, value: string];
  readonly values?: readonly (readonly [seconds: number, value: string])[];
}

/** The expression as the server's parser prints it; rejects with the parser's words. */
export async function formatQuery(port: number, query: string): Promise<string> {
  return (await ask(port, "format_query", { query })) as string;
}

/** The series at a time. */
export async function queryAt(
  port: number,
  query: string,
  seconds: number,
): Promise<AnsweredSeries[]> {
  return resultOf(await ask(port, "query", { query, time: String(seconds) }));
}

/** The series over a stretch of time, in steps of five seconds. */
export async function queryRange(
  port: number,
  query: string,
  { start, end }: { readonly start: number; readonly end: number },
): Promise<AnsweredSeries[]> {
  const range = { query, start: String(start), end: String(end), step: "5" };
  return resultOf(await ask(port, "query_range", range));
}

const resultOf = (data: unknown): AnsweredSeries[] =>
  (data as { readonly result: AnsweredSeries[] }).result;

async function ask(
  port: number,
  path: string,
  form: Readonly<Record<string, string>>,
): Promise<unknown> {
  const login = Buffer.from(`${prometheusUser}:${prometheusPassword}`).toString("base64");
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`, {
    method: "POST",
    headers: { authorization: `Basic ${login}` },
    body: new URLSearchParams(form),
  });
  const { data, error } = (await response.json()) as { data?: unknown; error?: string };
  if (!response.ok) throw new Error(`${form["query"]}: ${error ?? response.status}`);
  return data;
}
