/** What a folder of records holds. Something damaged in it is told, not passed over, and hides nothing else. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { LakhError } from "../base/errors.ts";
import { campaignIds, type CampaignRecord } from "./campaign.ts";
import { isLimit, type LimitRecord } from "./limit.ts";
import { foldersIn, listRuns, readLimit, readRecord } from "./read.ts";
import { readCampaign } from "./read-campaign.ts";
import type { RunRecord } from "./schema.ts";
import { partialSuffix } from "./write.ts";

/** One folder. */
export type ListedRecord = { readonly id: string } & (
  | {
      readonly kind: "run";
      readonly record: RunRecord;
      /** Id of the campaign or search that it belongs to; null: it stands by itself. */
      readonly partOf: string | null;
    }
  | { readonly kind: "campaign"; readonly record: CampaignRecord }
  | { readonly kind: "search"; readonly record: LimitRecord }
  /** It goes on, or its process was killed. */
  | { readonly kind: "unfinished" }
  | { readonly kind: "damaged"; readonly reason: string }
);

/** By id, which is by time, oldest first. */
export function listRecords(runsDir: string): ListedRecord[] {
  const folders = foldersIn(runsDir);
  const campaigns = campaignIds(runsDir).map((id) =>
    guarded(id, () => ({ id, kind: "campaign", record: readCampaign(id, runsDir) })),
  );
  const searches = folders
    .filter((id) => isLimit(id, runsDir))
    .map((id) => guarded(id, () => ({ id, kind: "search", record: readLimit(id, runsDir) })));
  const owners = ownersOf([...campaigns, ...searches]);
  const runs = listRuns(runsDir).map((id) =>
    guarded(id, () => {
      const partOf = owners.get(id) ?? null;
      return { id, kind: "run", record: readRecord(id, runsDir), partOf };
    }),
  );
  const unfinished = folders
    .filter((name) => name.endsWith(partialSuffix) && existsSync(join(runsDir, name)))
    .map(
      (name): ListedRecord => ({
        id: name.slice(0, -partialSuffix.length),
        kind: "unfinished",
      }),
    );
  return [...campaigns, ...searches, ...runs, ...unfinished].toSorted((one, other) =>
    one.id < other.id ? -1 : 1,
  );
}

function guarded(id: string, read: () => ListedRecord): ListedRecord {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof LakhError)) throw error;
    return { id, kind: "damaged", reason: error.message };
  }
}

/** Ids of runs to those of what made them. */
function ownersOf(listed: readonly ListedRecord[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const each of listed) {
    const runs =
      each.kind === "campaign"
        ? each.record.phases.flatMap(({ attempts }) => attempts.map(({ run }) => run))
        : each.kind === "search"
          ? each.record.trials.map(({ run }) => run)
          : [];
    for (const run of runs) if (run !== null) owners.set(run, each.id);
  }
  return owners;
}
