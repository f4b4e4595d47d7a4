/** What the run was: the plan and its arithmetic, scenarios, machine, options, and how to run it again. */
import type { ComponentChildren, JSX } from "preact";
import { Card } from "../components/card.tsx";
import { CopyableText } from "../components/copy-button.tsx";
import { LongText } from "../components/long-text.tsx";
import { Prose } from "../components/prose.tsx";
import { formatWhole } from "./formats.ts";
import type { AgainData, Fact, RunData } from "./report-data.ts";
import { TableFrame } from "../components/table-frame.tsx";

export function Background({
  run,
}: {
  readonly run: Pick<RunData, "plan" | "scenarios" | "scalings" | "environment" | "options">;
}): JSX.Element {
  const { plan, scenarios, scalings, environment, options } = run;
  return (
    <>
      {plan === null ? null : <Plan plan={plan} />}
      <Scenarios scenarios={scenarios} scalings={scalings} />
      <Card id="environment" title="Environment and versions">
        <Facts facts={environment} />
      </Card>
      <Card id="options" title="Options" isLong>
        <Folded summary={`${formatWhole(options.length)} options that were set`}>
          <Facts facts={options} />
        </Folded>
      </Card>
    </>
  );
}

export function Facts({ facts }: { readonly facts: readonly Fact[] }): JSX.Element {
  return (
    <dl class="facts">
      {facts.map(({ label, text }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <Prose text={text} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Closed on the screen; on paper what it holds is left out unless it was opened. */
function Folded({
  summary,
  children,
}: {
  readonly summary: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <details class="folded">
      <summary>{summary}</summary>
      {children}
    </details>
  );
}

function Plan({
  plan: { dau, steps },
}: {
  readonly plan: NonNullable<RunData["plan"]>;
}): JSX.Element {
  return (
    <Card
      id="plan"
      title="The plan and its arithmetic"
      note={`${formatWhole(dau)} daily users`}
      isLong
    >
      <TableFrame label="The plan's arithmetic" caption="From daily users to the load">
        <thead>
          <tr>
            <th scope="col">Quantity</th>
            <th scope="col" data-align="right">
              Value
            </th>
            <th scope="col">Unit</th>
            <th scope="col">How it comes about</th>
          </tr>
        </thead>
        <tbody>
          {steps.map(({ quantity, value, unit, formula }) => (
            <tr key={quantity}>
              <th scope="row" class="row-name">
                <Prose text={quantity} />
              </th>
              <td data-align="right">{value}</td>
              <td>{unit}</td>
              <td class="table-text">
                <Prose text={formula} />
              </td>
            </tr>
          ))}
        </tbody>
      </TableFrame>
    </Card>
  );
}

function Scenarios({ scenarios, scalings }: Pick<RunData, "scenarios" | "scalings">): JSX.Element {
  return (
    <Card id="scenarios" title="Scenarios" isLong>
      {scenarios.length === 0 ? <p class="card-note">The record tells of none.</p> : null}
      {scenarios.map(({ name, executor, start, duration, maxVus, config }) => (
        <div key={name} class="scenario">
          <p>
            <strong>
              <LongText text={name} />
            </strong>{" "}
            {executor}, {duration}, up to {formatWhole(maxVus)} VUs
            {start === "" ? "" : `, from ${start}`}
          </p>
          <Folded summary="as configured">
            <pre tabIndex={0}>{config}</pre>
          </Folded>
        </div>
      ))}
      {scalings.length === 0 ? null : (
        <>
          <p class="lead">VUs were scaled by hand while the run went on:</p>
          <Facts facts={scalings} />
        </>
      )}
    </Card>
  );
}

export function Again({ again: { command, note } }: { readonly again: AgainData }): JSX.Element {
  return (
    <Card id="again" title="Run it again">
      <CopyableText text={command} what="the command" />
      {note === "" ? null : <p class="card-note">{note}</p>}
    </Card>
  );
}
