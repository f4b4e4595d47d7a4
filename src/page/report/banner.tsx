/** The answer on top of a page, and the rows that it rests on. */
import type { JSX } from "preact";
import { Card } from "../components/card.tsx";
import { Heading, useId } from "../components/heading.tsx";
import { Prose } from "../components/prose.tsx";
import { Badge, type Tone } from "../components/tone.tsx";
import type { BannerData, RedFlagRow, RowStatus, ScorecardRow } from "./report-data.ts";
import { TableFrame } from "../components/table-frame.tsx";

export function Banner({ banner }: { readonly banner: BannerData }): JSX.Element {
  const { word, tone, sentence, reasons, next } = banner;
  const id = useId("verdict");
  return (
    <section id={id} class="banner" data-tone={tone} aria-labelledby={`${id}-heading`}>
      <Heading id={`${id}-heading`}>
        <span class="visually-hidden">Verdict: </span>
        {word}
      </Heading>
      <p class="banner-sentence">
        <Prose text={sentence} />
      </p>
      <div class="banner-parts">
        <TextList title="Why" texts={reasons} />
        <TextList title="What to do next" texts={next} />
      </div>
    </section>
  );
}

function TextList({
  title,
  texts,
}: {
  readonly title: string;
  readonly texts: readonly string[];
}): JSX.Element | null {
  if (texts.length === 0) return null;
  return (
    <div>
      <Heading below={1}>{title}</Heading>
      <ul>
        {texts.map((text) => (
          <li key={text}>
            <Prose text={text} />
          </li>
        ))}
      </ul>
    </div>
  );
}

const statuses: Readonly<Record<RowStatus, { readonly tone: Tone; readonly word: string }>> = {
  PASS: { tone: "good", word: "PASS" },
  FAIL: { tone: "bad", word: "FAIL" },
  INCONCLUSIVE: { tone: "warning", word: "INCONCLUSIVE" },
  INVALID: { tone: "warning", word: "INVALID" },
  NOT_JUDGED: { tone: "neutral", word: "not judged" },
};

export function StatusBadge({ status }: { readonly status: RowStatus }): JSX.Element {
  const { tone, word } = statuses[status];
  return <Badge tone={tone}>{word}</Badge>;
}

export function Scorecard({ rows }: { readonly rows: readonly ScorecardRow[] }): JSX.Element {
  return (
    <Card id="scorecard" title="Scorecard" note="each objective against the steady state">
      {rows.length === 0 ? (
        <p class="card-note">
          No objectives were stated, so there is nothing to hold the run against. Give{" "}
          <code>--dau</code> or a config file with objectives, and the next run is judged.
        </p>
      ) : (
        <TableFrame label="Scorecard" caption="Objectives, what was measured, and the result">
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col">Required</th>
              <th scope="col">Measured</th>
              <th scope="col">Status</th>
              <th scope="col">Evidence</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ label, required, measured, status, explanation }) => (
              <tr key={label}>
                <th scope="row" class="row-name">
                  <Prose text={label} />
                </th>
                <td class="nowrap">{required}</td>
                <td>{measured}</td>
                <td>
                  <StatusBadge status={status} />
                </td>
                <td class="table-text">
                  <Prose text={explanation} />
                </td>
              </tr>
            ))}
          </tbody>
        </TableFrame>
      )}
    </Card>
  );
}

const severities: Readonly<Record<string, string>> = { bad: "problem", warning: "warning" };

export function RedFlags({ flags }: { readonly flags: readonly RedFlagRow[] }): JSX.Element {
  return (
    <Card id="flags" title="Red flags" note={flags.length === 0 ? undefined : String(flags.length)}>
      {flags.length === 0 ? (
        <p class="card-note">None: nothing in the readings looks like trouble.</p>
      ) : (
        <ul class="flags">
          {flags.map(({ title, tone, evidence, fix }) => (
            <li key={title} class="flag" data-tone={tone}>
              <div class="flag-head">
                <Badge tone={tone}>{severities[tone] ?? tone}</Badge>
                <strong>{title}</strong>
              </div>
              <p>
                <Prose text={evidence} />
              </p>
              <p class="card-note">{fix}</p>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
