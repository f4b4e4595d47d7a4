/** Reports as HTML. What makes them is read from disk when one is wanted: a run without a report needs none of it. */
import type { LimitRecord, RunRecord } from "../record/index.ts";
import type { CampaignHtmlInput } from "./html/campaign-part.ts";

export type { CampaignHtmlInput } from "./html/campaign-part.ts";

/** Points of a line: a half hour, second by second. */
const mostPoints = 1_800;

/** One self-contained file; the record is all that it is made of. */
export async function renderRunHtml(record: RunRecord): Promise<string> {
  const [{ runPart }, { toDocument }] = await Promise.all([
    import("./html/run-part.ts"),
    import("./html/document.ts"),
  ]);
  const { id, lakhVersion } = record;
  return toDocument({
    kind: "run",
    title: `Run ${id}`,
    lakhVersion,
    run: runPart(record, mostPoints),
  });
}

/** A campaign with the runs of its phases. */
export async function renderCampaignHtml(input: CampaignHtmlInput): Promise<string> {
  const [{ campaignPart }, { toDocument }] = await Promise.all([
    import("./html/campaign-part.ts"),
    import("./html/document.ts"),
  ]);
  return toDocument(campaignPart(input));
}

/** A search; the runs of its trials are reports of their own. */
export async function renderSearchHtml(limit: LimitRecord): Promise<string> {
  const [{ searchPart }, { toDocument }] = await Promise.all([
    import("./html/search-part.ts"),
    import("./html/document.ts"),
  ]);
  return toDocument(searchPart(limit));
}
