/**
 * A campaign: the phases of a validation, one run each, each begun only when the one before has passed. Its state is
 * on disk before and after every attempt, so that it can be taken up again after Ctrl-C, a crash, or a night.
 */
import { isDeepStrictEqual } from "node:util";
import { exitCodes, LakhError } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import {
  checkPhases,
  compressPhase,
  computeDemand,
  type DemandInput,
  type Journey,
  type Phase,
  phaseDemand,
  phaseTimes,
} from "../plan/index.ts";
import {
  type AttemptRecord,
  type CampaignRecord,
  claimId,
  newRunId,
  type PhaseRecord,
  readCampaign,
  writeCampaign,
} from "../record/index.ts";
import { lakhVersion } from "./environment.ts";
import type { RunErrorCode } from "./errors.ts";
import type { RunDeps, RunRequest, RunResult } from "./request.ts";
import { hashOfScript } from "./script-source.ts";

/** What a campaign is asked to do. */
export interface CampaignRequest {
  /** What all its runs have in common. */
  readonly run: Omit<RunRequest, "demand" | "label">;
  /** The daily users to be proved. */
  readonly users: DemandInput;
  /** What they do; empty: the script's default function. */
  readonly journeys: readonly Journey[];
  readonly phases: readonly Phase[];
  /** Names of the phases to run now; undefined for all that have not passed. */
  readonly only: readonly string[] | undefined;
  /** Divides all times, for a try-out; 1 or more. */
  readonly compression: number;
  /** A campaign to go on with: its id, or "latest". */
  readonly resume: string | undefined;
}

/** What a campaign needs of the world, and what it tells. */
export interface CampaignDeps extends Pick<RunDeps, "clock"> {
  /** Carries out one run. @throws LakhError when it could not begin */
  readonly execute: (request: RunRequest) => Promise<RunResult>;
  /** The campaign stands on disk. */
  onBegin?(campaign: CampaignRecord): void;
  /** A phase that passed before is not run again. */
  onSkip?(phase: Phase): void;
  onPhase?(phase: Phase, place: { readonly number: number; readonly of: number }): void;
}

/**
 * Runs the phases that are left, until one of them does not pass.
 * @returns the state of the campaign, as it is on disk
 * @throws LakhError CAMPAIGN_CHANGED, CAMPAIGN_GATE, CAMPAIGN_NOT_FOUND, CAMPAIGN_PHASE, PLAN_PHASES_INVALID, and what
 * keeps a run from beginning (the state on disk has it then)
 */
export async function runCampaign(
  request: CampaignRequest,
  deps: CampaignDeps,
): Promise<CampaignRecord> {
  const { opensGate } = await import("../judge/index.ts");
  const planned = await planCampaign(request, deps);
  const chosen = chosenPhases(planned, request.only);
  const start = await resumed(request, planned);
  const isOpen = ({ phases }: CampaignRecord, index: number): boolean =>
    index === 0 || opensGate(phases[index - 1]!, request.compression);
  const [first] = chosen;
  if (request.only !== undefined && first !== undefined && !isOpen(start, first))
    throw closedGate(start, first);
  const id = request.resume === undefined ? claimId(request.run.runsDir, planned.id) : start.id;
  const campaign = new Campaign({ ...start, id }, request, deps);
  campaign.save();
  deps.onBegin?.(campaign.state);
  for (const index of chosen) {
    if (!isOpen(campaign.state, index)) break;
    if (request.only === undefined && hasPassed(campaign.state.phases[index]!)) {
      deps.onSkip?.(campaign.state.phases[index]!.phase);
    } else if (!(await campaign.runPhase(index))) {
      break;
    }
  }
  return campaign.state;
}

class Campaign {
  state: CampaignRecord;
  readonly #request: CampaignRequest;
  readonly #deps: CampaignDeps;

  constructor(state: CampaignRecord, request: CampaignRequest, deps: CampaignDeps) {
    this.state = state;
    this.#request = request;
    this.#deps = deps;
  }

  save(): void {
    writeCampaign(this.#request.run.runsDir, this.state);
  }

  /** One attempt at a phase; false when the campaign must not go on after it, whatever came of it. */
  async runPhase(index: number): Promise<boolean> {
    const { run, users, journeys } = this.#request;
    const { phases } = this.state;
    const { phase } = phases[index]!;
    this.#deps.onPhase?.(phase, { number: index + 1, of: phases.length });
    const startedAt = new Date(this.#deps.clock.wallMs()).toISOString();
    const attempt: AttemptRecord = {
      startedAt,
      state: "running",
      run: null,
      verdict: null,
      sentence: null,
    };
    this.#addAttempt(index, attempt);
    try {
      const result = await this.#deps.execute({
        ...run,
        label: `validate-${phase.name}`,
        partOf: { kind: "campaign", id: this.state.id },
        demand: {
          users: phaseDemand(users, phase.users),
          ...phaseTimes(phase),
          objectives: phase.objectives,
          journeys,
        },
      });
      const ended = attemptOf(result, startedAt);
      this.#endAttempt(index, ended);
      return ended.state === "judged";
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error);
      this.#endAttempt(index, { ...attempt, state: "broken", sentence });
      throw error;
    }
  }

  #addAttempt(index: number, attempt: AttemptRecord): void {
    this.#change(index, (attempts) => [...attempts, attempt]);
  }

  #endAttempt(index: number, attempt: AttemptRecord): void {
    this.#change(index, (attempts) => [...attempts.slice(0, -1), attempt]);
  }

  #change(
    index: number,
    change: (attempts: readonly AttemptRecord[]) => readonly AttemptRecord[],
  ): void {
    const phases = this.state.phases.map((each, place) =>
      place === index ? { ...each, attempts: change(each.attempts) } : each,
    );
    this.state = { ...this.state, phases };
    this.save();
  }
}

function attemptOf({ record, verdict }: RunResult, startedAt: string): AttemptRecord {
  return {
    startedAt,
    state: record.outcome.reason === "interrupted" ? "interrupted" : "judged",
    run: record.id,
    verdict: verdict?.verdict ?? null,
    sentence: verdict?.sentence ?? null,
  };
}

async function planCampaign(
  { run, users, journeys, phases, compression }: CampaignRequest,
  { clock }: CampaignDeps,
): Promise<CampaignRecord> {
  const demand = computeDemand(users);
  const compressed = checkPhases(phases).map((phase) =>
    compression > 1 ? compressPhase(phase, compression) : phase,
  );
  const { path } = run.script;
  const wallMs = clock.wallMs();
  return {
    schemaVersion: 1,
    id: newRunId(wallMs, "campaign"),
    lakhVersion: lakhVersion(),
    startedAt: new Date(wallMs).toISOString(),
    script: { path, sha256: await scriptHash(run.script) },
    users,
    journeys,
    peakUsers: demand.peakUsers,
    ratePerSecond: demand.ratePerSecond,
    compression,
    phases: checkPhases(compressed).map((phase) => ({ phase, attempts: [] })),
  };
}

/** Null for a script from the web, and for a file that the run itself will not find. */
async function scriptHash(script: RunRequest["script"]): Promise<string | null> {
  try {
    return await hashOfScript(script);
  } catch {
    return null;
  }
}

/** The campaign to go on with, which must have been planned in the same way; without one, the planned one. */
async function resumed(
  { resume, run }: CampaignRequest,
  planned: CampaignRecord,
): Promise<CampaignRecord> {
  if (resume === undefined) return planned;
  const found = await readCampaign(resume, run.runsDir);
  const change = changeBetween(found, planned);
  if (change === undefined) return found;
  throw new LakhError(
    "CAMPAIGN_CHANGED" satisfies RunErrorCode,
    `cannot go on with campaign ${found.id}: ${change}`,
    {
      hint: "what passed then was something else: give the same again, or begin anew without --resume",
      exitCode: exitCodes.invalidConfig,
    },
  );
}

function changeBetween(found: CampaignRecord, planned: CampaignRecord): string | undefined {
  if (found.script.sha256 !== planned.script.sha256)
    return `the script is another than that of ${found.startedAt} (${found.script.path})`;
  if (!isSame(found.users, planned.users))
    return `it was about ${describe(found.users)}, now it is ${describe(planned.users)}`;
  if (!isSame(found.journeys, planned.journeys)) return "its journeys or their weights were others";
  if (found.compression !== planned.compression)
    return `its times were divided by ${found.compression}, now by ${planned.compression}`;
  const before = found.phases.map(({ phase }) => phase);
  const now = planned.phases.map(({ phase }) => phase);
  const changed = now.find((phase, index) => !isSame(phase, before[index]));
  if (changed !== undefined) return `phase ${changed.name} was planned otherwise`;
  return before.length > now.length
    ? `it had ${before.length} phases, now there are ${now.length}`
    : undefined;
}

/** Equal as JSON: in a file, what is undefined is missing. */
function isSame(first: unknown, second: unknown): boolean {
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));
  return isDeepStrictEqual(plain(first), plain(second));
}

function describe(users: DemandInput): string {
  const known = Object.entries(users).filter(([, value]) => value !== undefined);
  return known.map(([name, value]) => `${name} ${value}`).join(", ");
}

/** Places of the phases to run, in the campaign's order. @throws LakhError CAMPAIGN_PHASE */
function chosenPhases({ phases }: CampaignRecord, only: readonly string[] | undefined): number[] {
  const names = phases.map(({ phase }) => phase.name);
  const unknown = only?.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const near = nearest(unknown, names);
    throw new LakhError("CAMPAIGN_PHASE" satisfies RunErrorCode, `there is no phase "${unknown}"`, {
      hint:
        near === undefined
          ? `the phases are ${names.join(", ")}`
          : `did you mean "${near}"? The phases are ${names.join(", ")}`,
      exitCode: exitCodes.invalidConfig,
    });
  }
  return names.flatMap((name, index) => (only === undefined || only.includes(name) ? [index] : []));
}

function hasPassed({ attempts }: PhaseRecord): boolean {
  return attempts.at(-1)?.verdict === "PASS";
}

function closedGate({ phases }: CampaignRecord, index: number): LakhError {
  const [before, wanted] = [phases[index - 1]!.phase.name, phases[index]!.phase.name];
  return new LakhError(
    "CAMPAIGN_GATE" satisfies RunErrorCode,
    `phase ${wanted} comes after ${before}, which has not passed in this campaign`,
    {
      hint: `run ${before} first (--phase ${before} --phase ${wanted}), or go on with a campaign in which it passed (--resume)`,
      exitCode: exitCodes.invalidConfig,
    },
  );
}
