/**
 * Talks to the REST API of a program while its run goes on, as the directive's `rest` says, and writes down the answers:
 * method, path, status, content type, and the body with the keys of its objects in order.
 */

/** One step: wait until the run is in a phase, or send a request. */
export interface RestStep {
  /** `status` of GET /v1/status to wait for. */
  readonly wait?: number;
  readonly method?: string;
  readonly path?: string;
  /** JSON, or a text that is sent as it is. */
  readonly body?: unknown;
  /** Of a list, only ids, types and names of values are written down: the values are measured ones. */
  readonly shape?: boolean;
}

const patienceMs = 10_000;
const pollMs = 20;

/** Goes through the steps; the first that gets no answer is the last one. */
export async function driveRest(port: number, steps: readonly RestStep[]): Promise<string[]> {
  const lines: string[] = [];
  const base = `http://127.0.0.1:${port}`;
  try {
    await untilListening(base);
    for (const step of steps) {
      if (step.wait !== undefined) lines.push(await untilPhase(base, step.wait));
      else lines.push(await send(base, step));
    }
  } catch (error) {
    lines.push(`no answer: ${(error as Error).name}`);
  }
  return lines;
}

async function untilListening(base: string): Promise<void> {
  const endMs = Date.now() + patienceMs;
  for (;;) {
    try {
      await request(`${base}/ping`, {});
      return;
    } catch (error) {
      if (Date.now() > endMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }
}

async function untilPhase(base: string, phase: number): Promise<string> {
  const endMs = Date.now() + patienceMs;
  for (;;) {
    const { body } = await request(`${base}/v1/status`, {});
    const { status } = (JSON.parse(body) as { data: { attributes: { status: number } } }).data
      .attributes;
    if (status === phase) return `status ${phase}`;
    if (Date.now() > endMs) return `status ${status}, not ${phase}`;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

async function send(base: string, step: RestStep): Promise<string> {
  const { method = "GET", path = "/", body } = step;
  const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const answer = await request(`${base}${path}`, {
    method,
    ...(text === undefined ? {} : { body: text }),
  });
  const told = text?.includes('"paused":false') === true ? withoutRace(answer.body) : answer.body;
  const shown = step.shape === true ? shapeOfList(told) : inOrder(told);
  return `${method} ${path} -> ${answer.status} ${answer.type} ${shown}`;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

async function request(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(patienceMs) });
  const type = response.headers.get("content-type") ?? "-";
  return { status: response.status, type, body: await response.text() };
}

/** The answer to the end of a pause may be of the moment before or after: whether anything runs yet is left out. */
function withoutRace(body: string): string {
  return body
    .replace(/("running"):\s*(?:true|false)/u, '$1:"{RACING}"')
    .replace(/("status"|"vus"):\s*\d+/gu, '$1:"{RACING}"');
}

function inOrder(body: string): string {
  return isJson(body) ? JSON.stringify(sortKeys(JSON.parse(body))) : JSON.stringify(body);
}

interface ListItem {
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

function shapeOfList(body: string): string {
  const { data } = JSON.parse(body) as { data: readonly ListItem[] };
  const items = data.map(({ id, attributes }) => {
    const { sample, ...rest } = attributes;
    const names = Object.keys((sample ?? {}) as object).sort();
    return `${id} ${JSON.stringify(sortKeys(rest))} ${names.join(",")}`;
  });
  return items.sort().join(" | ");
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** k6 lists its maps, in any order: things with an id are put in the order of the ids. */
function inOrderOfIds(items: unknown[]): unknown[] {
  const idOf = (item: unknown): string => (item as { id?: string } | null)?.id ?? "";
  return items.sort((a, b) => (idOf(a) < idOf(b) ? -1 : idOf(a) > idOf(b) ? 1 : 0));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return inOrderOfIds(value.map(sortKeys));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, sortKeys(item)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
