/** Door of `record`: the one file that everything after a run reads. */
import type { CampaignRecord } from "./campaign.ts";
import type { LimitRecord } from "./limit.ts";
import type { ListedRecord } from "./list.ts";
import type { ReadRun } from "./read-runs.ts";
import type { RunRecord } from "./schema.ts";

export type { AttemptRecord, CampaignRecord, PhaseRecord, VerdictWord } from "./campaign.ts";
export { isCampaign, writeCampaign } from "./campaign.ts";
export { writeBaseline } from "./baseline.ts";
export { claimId } from "./claim.ts";
export {
  isLimit,
  type LimitRecord,
  type LimitTrialRecord,
  type RecoveryRecord,
  writeLimit,
} from "./limit.ts";
export type {
  BaselineRecord,
  EndpointFigures,
  RunFigures,
  SeriesFigures,
} from "./figures.ts";
export type { ListedRecord } from "./list.ts";
export type { ReadRun } from "./read-runs.ts";
export { recordErrorCodes } from "./errors.ts";
export type {
  BodyRecord,
  ExchangeRecord,
  ExchangesRecord,
  FailureRecord,
  MessageRecord,
} from "./exchanges.ts";
export type {
  BlockColumnsRecord,
  BlocksRecord,
  CheckRecord,
  EndpointBlocksRecord,
  EndpointIntervalRecord,
  EndpointObjectiveRecord,
  EndpointRecord,
  GeneratorHealthRecord,
  IntervalRecord,
  MetricRecord,
  ObjectivesRecord,
  ManualScalingRecord,
  ObservationRecord,
  PlanStepRecord,
  RunRecord,
  ScenarioRecord,
  ThresholdRecord,
} from "./schema.ts";
export { newRunId, openRunFolder, type RunFolder } from "./write.ts";

/**
 * The record of a run. What checks it is read from disk now: a run that writes a record needs none of it.
 * @param name a run id, a run's folder, a record file, or "latest"
 * @throws LakhError RECORD_NOT_FOUND, RECORD_UNFINISHED, RECORD_VERSION, RECORD_INVALID (with the field's name)
 */
export async function readRecord(name: string, runsDir: string): Promise<RunRecord> {
  return (await import("./read.ts")).readRecord(name, runsDir);
}

/**
 * The folder of a run's record.
 * @param name as for {@link readRecord}
 * @throws LakhError RECORD_NOT_FOUND, RECORD_UNFINISHED
 */
export async function locateRecord(name: string, runsDir: string): Promise<string> {
  return (await import("./read.ts")).locateRecord(name, runsDir);
}

/**
 * The runs that a name stands for: a run id, a run's folder, a record file, "latest", a baseline's file, or a folder with
 * several of these.
 * @throws LakhError RECORD_NOT_FOUND, RECORD_UNFINISHED, RECORD_VERSION, RECORD_INVALID
 */
export async function readRuns(name: string, runsDir: string): Promise<readonly ReadRun[]> {
  return (await import("./read-runs.ts")).readRuns(name, runsDir);
}

/** What a folder holds, oldest first: runs by themselves, campaigns and searches with theirs in `partOf`. */
export async function listRecords(runsDir: string): Promise<readonly ListedRecord[]> {
  return (await import("./list.ts")).listRecords(runsDir);
}

/**
 * The state of a campaign; what checks it is read from disk now, too.
 * @param name its id, or "latest"
 * @throws LakhError CAMPAIGN_NOT_FOUND, CAMPAIGN_INVALID (with the field's name)
 */
export async function readCampaign(name: string, runsDir: string): Promise<CampaignRecord> {
  return (await import("./read-campaign.ts")).readCampaign(name, runsDir);
}

/**
 * The record of a search.
 * @throws LakhError RECORD_INVALID (with the field's name)
 */
export async function readLimit(id: string, runsDir: string): Promise<LimitRecord> {
  return (await import("./read.ts")).readLimit(id, runsDir);
}

/** The JSON schema of a search's record; what makes it is read from disk now. */
export async function limitJsonSchema(): Promise<unknown> {
  return (await import("./limit-shape.ts")).limitJsonSchema();
}

/** What is wrong with a value that should be a search's record; undefined when nothing is. */
export async function findLimitFault(value: unknown): Promise<string | undefined> {
  return (await import("./limit-shape.ts")).findLimitFault(value);
}
