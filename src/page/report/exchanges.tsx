/** Single requests: what failed, and what was slow, each with what was sent and got. */
import type { JSX } from "preact";
import { Card } from "../components/card.tsx";
import { Heading } from "../components/heading.tsx";
import { LongText } from "../components/long-text.tsx";
import { Prose } from "../components/prose.tsx";
import { Badge } from "../components/tone.tsx";
import { Facts } from "./background.tsx";
import type { ExchangeData, ExchangesData, FailureData, MessageData } from "./exchanges-data.ts";
import { formatLatency, formatWhole } from "./formats.ts";

export function Exchanges({
  exchanges,
}: {
  readonly exchanges: ExchangesData | null;
}): JSX.Element {
  return (
    <Card
      id="exchanges"
      title="Failed and slowest requests"
      note={exchanges === null ? undefined : "what was sent and got; secrets are masked"}
      isLong
    >
      {exchanges === null ? (
        <p class="card-note">This record keeps no single requests.</p>
      ) : (
        <>
          <Failures {...exchanges} />
          <Heading below={1}>Slowest</Heading>
          {exchanges.slowest.length === 0 ? <p class="card-note">None was kept.</p> : null}
          {exchanges.slowest.map((exchange, index) => (
            <Exchange key={index} exchange={exchange} />
          ))}
        </>
      )}
    </Card>
  );
}

function Failures({ failures, furtherFailures }: ExchangesData): JSX.Element {
  return (
    <>
      <Heading below={1}>Failed</Heading>
      {failures.length === 0 ? <p class="card-note">No request failed.</p> : null}
      {failures.map((failure, index) => (
        <Failure key={index} failure={failure} />
      ))}
      {furtherFailures > 0 ? (
        <p class="card-note">
          {formatWhole(furtherFailures)} more failed in ways that are not shown one by one.
        </p>
      ) : null}
    </>
  );
}

function Failure({
  failure: { endpoint, outcome, count, samples },
}: {
  readonly failure: FailureData;
}): JSX.Element {
  return (
    <div class="failure">
      <p>
        <Badge tone="bad">{`${formatWhole(count)} times`}</Badge> <LongText text={endpoint} />{" "}
        <Prose text={outcome} />
      </p>
      {samples.map((sample, index) => (
        <Exchange key={index} exchange={sample} />
      ))}
    </div>
  );
}

function Exchange({ exchange }: { readonly exchange: ExchangeData }): JSX.Element {
  const { title, tone, facts, timings, request, response } = exchange;
  const whole = timings.reduce((sum, { ms }) => sum + ms, 0);
  return (
    <details class="exchange" data-tone={tone}>
      <summary>
        <bdi>{title}</bdi>
      </summary>
      <Facts facts={facts} />
      <p class="timings">
        {timings.map(({ label, ms }) => (
          <span key={label}>
            <span class="card-note">{label}</span> {formatLatency(ms)}
            {whole > 0 && ms / whole >= 0.5 ? " (most of it)" : ""}
          </span>
        ))}
      </p>
      <div class="grid">
        <Message title="Sent" message={request} />
        {response === null ? (
          <p class="card-note">No answer came.</p>
        ) : (
          <Message title="Got" message={response} />
        )}
      </div>
    </details>
  );
}

function Message({
  title,
  message,
}: {
  readonly title: string;
  readonly message: MessageData;
}): JSX.Element {
  const { head, body, bodyNote } = message;
  return (
    <div>
      <p>
        <strong>{title}</strong>
      </p>
      <pre class="message" tabIndex={0} role="region" aria-label={`${title}: headers`}>
        <bdi>{head}</bdi>
      </pre>
      {body === null ? null : (
        <pre class="message" tabIndex={0} role="region" aria-label={`${title}: body`}>
          <bdi>{body}</bdi>
        </pre>
      )}
      {bodyNote === "" ? null : <p class="card-note">{bodyNote}</p>}
    </div>
  );
}
