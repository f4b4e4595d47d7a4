/** The whole page of a report: its head, what it is about, its foot. */
import type { JSX } from "preact";
import { LongText } from "../components/long-text.tsx";
import { ThemeSelect } from "../components/theme.tsx";
import { Badge } from "../components/tone.tsx";
import { CampaignReport, phaseId } from "./campaign-report.tsx";
import type { ReportData } from "./report-data.ts";
import { RunReport, runParts } from "./run-report.tsx";
import { SearchReport } from "./search-report.tsx";

export function Report({ data }: { readonly data: ReportData }): JSX.Element {
  const banner = data.kind === "run" ? data.run.banner : data.banner;
  return (
    <>
      <a class="skip-link" href="#verdict">
        to the verdict
      </a>
      <header class="page-head">
        <div class="page-title">
          <span class="brand">lakh</span>
          <h1>
            <LongText text={data.title} />
          </h1>
          <Badge tone={banner.tone}>{banner.word}</Badge>
        </div>
        <nav class="page-nav no-print" aria-label="Parts of the report">
          {partsOf(data).map(([id, title]) => (
            <a key={id} href={`#${id}`}>
              {title}
            </a>
          ))}
        </nav>
        <ThemeSelect />
      </header>
      <main class="page">
        <Body data={data} />
      </main>
      <footer class="page-foot">
        Made by lakh {data.lakhVersion} from the record alone: <code>lakh report</code> makes it
        again at any time.
      </footer>
    </>
  );
}

function Body({ data }: { readonly data: ReportData }): JSX.Element {
  switch (data.kind) {
    case "run":
      return <RunReport run={data.run} />;
    case "campaign":
      return <CampaignReport data={data} />;
    case "search":
      return <SearchReport data={data} />;
  }
}

function partsOf(data: ReportData): readonly (readonly [id: string, title: string])[] {
  switch (data.kind) {
    case "run":
      return runParts;
    case "campaign":
      return [
        ["verdict", "Verdict"],
        ["phases", "Phases"],
        ...data.phases
          .filter(({ run }) => run !== undefined)
          .map(({ name }) => [phaseId(name), `Phase ${name}`] as const),
        ["again", "Run it again"],
      ];
    case "search":
      return [
        ["verdict", "Verdict"],
        ["figures", "The answer"],
        ["charts", "By load"],
        ["trials", "Trials"],
        ["again", "Run it again"],
      ];
  }
}
