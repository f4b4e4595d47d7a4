/** A campaign: its verdict, a row a phase, and each phase's run in full. */
import type { JSX } from "preact";
import { Card } from "../components/card.tsx";
import { Heading, Inset } from "../components/heading.tsx";
import { LongText } from "../components/long-text.tsx";
import { Prose } from "../components/prose.tsx";
import { Badge } from "../components/tone.tsx";
import { Again, Facts } from "./background.tsx";
import { Banner } from "./banner.tsx";
import { formatWhole } from "./formats.ts";
import type { CampaignReportData, PhaseRow } from "./report-data.ts";
import { RunReport } from "./run-report.tsx";
import { TableFrame } from "../components/table-frame.tsx";

export function CampaignReport({ data }: { readonly data: CampaignReportData }): JSX.Element {
  const { banner, facts, phases, again } = data;
  return (
    <>
      <Banner banner={banner} />
      <Card id="phases" title="Phases" isLong>
        <PhaseTable phases={phases} />
        <Facts facts={facts} />
      </Card>
      {phases.map((phase) => (
        <Phase key={phase.name} phase={phase} />
      ))}
      <Again again={again} />
    </>
  );
}

/** Of a phase in this page. */
export function phaseId(name: string): string {
  return `phase-${name.replace(/[^\w-]/gu, "-")}`;
}

function PhaseTable({ phases }: Pick<CampaignReportData, "phases">): JSX.Element {
  return (
    <TableFrame label="Phases" caption="Phases of the campaign and their verdicts">
      <thead>
        <tr>
          <th scope="col">Phase</th>
          <th scope="col" data-align="right">
            Users
          </th>
          <th scope="col" data-align="right">
            Time
          </th>
          <th scope="col">Verdict</th>
          <th scope="col">What came of it</th>
        </tr>
      </thead>
      <tbody>
        {phases.map(({ name, users, duration, status, tone, sentence, run }) => (
          <tr key={name}>
            <th scope="row" class="row-name">
              {run === undefined ? (
                <LongText text={name} />
              ) : (
                <a href={`#${phaseId(name)}`}>{name}</a>
              )}
            </th>
            <td data-align="right">{formatWhole(users)}</td>
            <td data-align="right">{duration}</td>
            <td>
              <Badge tone={tone}>{status}</Badge>
            </td>
            <td class="table-text">
              <Prose text={sentence} />
            </td>
          </tr>
        ))}
      </tbody>
    </TableFrame>
  );
}

function Phase({
  phase: { name, run, status, tone },
}: {
  readonly phase: PhaseRow;
}): JSX.Element | null {
  if (run === undefined) return null;
  const id = phaseId(name);
  return (
    <section id={id} class="phase" aria-labelledby={`${id}-heading`}>
      <div class="phase-head">
        <Heading id={`${id}-heading`}>{`Phase ${name}`}</Heading>
        <Badge tone={tone}>{status}</Badge>
      </div>
      <Inset idPrefix={`${id}-`}>
        <RunReport run={run} />
      </Inset>
    </section>
  );
}
