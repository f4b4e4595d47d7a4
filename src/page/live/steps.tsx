/** The runs of one command: the phases of a campaign, the trials of a search, with what came of each so far. */
import type { JSX } from "preact";
import { Card } from "../components/card.tsx";
import { Badge, type Tone } from "../components/tone.tsx";
import type { Conclusion, Step } from "./feed.ts";

export function verdictTone(verdict: string | null): Tone {
  if (verdict === "PASS") return "good";
  if (verdict === "FAIL") return "bad";
  return verdict === null ? "neutral" : "warning";
}

export function Steps({
  steps,
  conclusion,
}: {
  readonly steps: readonly Step[];
  readonly conclusion: Conclusion | null;
}): JSX.Element | null {
  const [first] = steps;
  if (first === undefined) return null;
  const title = first.kind === "phase" ? "Phases" : "Trials";
  const judged = steps.filter(({ state }) => state === "judged").length;
  return (
    <Card id="steps" title={title} note={`${judged} of ${first.of ?? steps.length} judged`}>
      {conclusion === null ? null : (
        <p class="conclusion" role="status">
          <Badge tone={verdictTone(conclusion.verdict)}>{conclusion.verdict}</Badge>{" "}
          {conclusion.sentence}
        </p>
      )}
      <ol class="steps">
        {steps.map(({ number, title: text, state, verdict, sentence }) => (
          <li key={number} class="step" data-state={state} aria-current={state === "running"}>
            <span class="step-number">{number}</span>
            <span class="step-title">{text}</span>
            <Badge tone={verdictTone(verdict)}>{verdict ?? state}</Badge>
            {sentence === null ? null : <span class="step-sentence">{sentence}</span>}
          </li>
        ))}
      </ol>
    </Card>
  );
}
