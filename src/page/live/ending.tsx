/** How the run ended, when it has: a verdict where something was to be judged, and where the record is. */
import type { JSX } from "preact";
import { Badge, type Tone } from "../components/tone.tsx";
import type { RunEnd } from "./feed.ts";
import { verdictTone } from "./steps.tsx";

export function Ending({
  end,
  runId,
  isAlone,
  isClosed,
}: {
  readonly end: RunEnd | null;
  readonly runId: string;
  /** It is all that the command does: its exit code is the command's. */
  readonly isAlone: boolean;
  readonly isClosed: boolean;
}): JSX.Element | null {
  if (end === null) return null;
  const { verdict, sentence, message, reason, exitCode, folder } = end;
  const tone: Tone = verdict === null ? (exitCode === 0 ? "good" : "bad") : verdictTone(verdict);
  return (
    <section class="notice ending" data-tone={tone} aria-labelledby="ending-heading" role="status">
      <h2 id="ending-heading">
        The run has ended: <Badge tone={tone}>{verdict ?? reason}</Badge>
      </h2>
      {sentence === null ? null : <p>{sentence}</p>}
      {message === null ? null : <p>{message}</p>}
      <p class="card-note">
        {folder === null ? (
          "There is no record of it."
        ) : (
          <>
            Record: <code>{folder}</code>; the report again: <code>lakh report {runId}</code>.
          </>
        )}{" "}
        {isAlone ? `Exit code ${exitCode}.` : ""}
        {isClosed ? " The dashboard has closed: these figures are the last." : ""}
      </p>
    </section>
  );
}
