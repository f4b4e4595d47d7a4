/** What a page asks of the run, by the contract that the REST API has with it, too. */
import { Refusal } from "../api/index.ts";
import type { ControlAnswer, ControlRequest } from "../page/index.ts";
import type { RunView } from "./run-view.ts";

export interface Obeyed {
  readonly status: number;
  readonly answer: ControlAnswer;
  /** What was done, for the log of events. */
  readonly note?: string;
}

const mostVus = 100_000;

const no = (status: number, error: string): Obeyed => ({ status, answer: { ok: false, error } });

/** Never throws: what the run refuses, and what goes wrong, is in the answer. */
export async function obey(body: string, view: RunView | undefined): Promise<Obeyed> {
  const request = parseRequest(body);
  if (request === undefined)
    return no(400, `this is no control request: pause, resume, or scale with 0 to ${mostVus} VUs`);
  if (view === undefined) return no(409, "no run has begun yet");
  try {
    return { status: 200, answer: { ok: true }, note: await carryOut(request, view) };
  } catch (error) {
    if (error instanceof Refusal) return no(409, error.message);
    return no(500, error instanceof Error ? error.message : String(error));
  }
}

async function carryOut(request: ControlRequest, { control }: RunView): Promise<string> {
  switch (request.action) {
    case "pause":
      control.setPaused(true);
      return "the start was held back from the dashboard";
    case "resume":
      control.setPaused(false);
      return "resumed from the dashboard";
    case "scale":
      await control.scale({ scenario: request.scenario, vus: request.vus, maxVus: undefined });
      return `scenario ${request.scenario} was set to ${request.vus} VUs from the dashboard`;
  }
}

function parseRequest(body: string): ControlRequest | undefined {
  let given: unknown;
  try {
    given = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof given !== "object" || given === null) return undefined;
  const { action, scenario, vus } = given as Readonly<Record<string, unknown>>;
  if (action === "pause" || action === "resume") return { action };
  const isScale = action === "scale" && typeof scenario === "string" && isVuCount(vus);
  return isScale ? { action, scenario, vus } : undefined;
}

/** A slip of the finger should not fill the memory with VUs: who wants more has the REST API. */
function isVuCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= mostVus;
}
