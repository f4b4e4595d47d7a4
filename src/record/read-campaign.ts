/** Reading the state of a campaign, checked against its shape: files get edited and cut short. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { exitCodes, LakhError } from "../base/errors.ts";
import { campaignFileName, campaignIds, type CampaignRecord } from "./campaign.ts";
import type { RecordErrorCode } from "./errors.ts";
import { findCampaignFault } from "./shape.ts";

/**
 * The state of a campaign.
 * @param name its id, or "latest"
 * @throws LakhError CAMPAIGN_NOT_FOUND, CAMPAIGN_INVALID (with the field's name)
 */
export function readCampaign(name: string, runsDir: string): CampaignRecord {
  const ids = campaignIds(runsDir);
  const id = name === "latest" ? ids.at(-1) : ids.find((each) => each === name);
  if (id === undefined) throw notFound(name, runsDir, ids);
  const path = join(runsDir, id, campaignFileName);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw invalid(path, (cause as Error).message, cause);
  }
  const fault = findCampaignFault(value);
  if (fault !== undefined) throw invalid(path, `${fault.path}: ${fault.problem}`);
  return value as CampaignRecord;
}

function notFound(name: string, runsDir: string, ids: readonly string[]): LakhError {
  const what = name === "latest" ? "no campaign" : `no campaign "${name}"`;
  return new LakhError(
    "CAMPAIGN_NOT_FOUND" satisfies RecordErrorCode,
    `there is ${what} in ${runsDir}`,
    {
      hint:
        ids.length === 0
          ? "leave out --resume to begin one"
          : `the newest are ${ids.slice(-3).reverse().join(", ")}`,
      exitCode: exitCodes.invalidConfig,
    },
  );
}

function invalid(path: string, reason: string, cause?: unknown): LakhError {
  return new LakhError(
    "CAMPAIGN_INVALID" satisfies RecordErrorCode,
    `cannot use the campaign ${path}: ${reason}`,
    {
      hint: "the file is damaged or was edited: begin a new campaign; the records of its runs are not touched",
      exitCode: exitCodes.invalidConfig,
      cause,
    },
  );
}
