/** What can be done to the run from here: hold back its start, and change the VUs of scenarios that loop. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Card } from "../components/card.tsx";
import { ask } from "./connection.ts";
import type { ControlRequest, ControlStatus } from "./feed.ts";

export function Controls({
  control,
  isOver,
  told,
  onTold,
}: {
  readonly control: ControlStatus;
  readonly isOver: boolean;
  /** What came of the latest request. */
  readonly told: string;
  readonly onTold: (text: string) => void;
}): JSX.Element {
  const [isAsking, setIsAsking] = useState(false);
  const request = async (what: ControlRequest, done: string): Promise<void> => {
    setIsAsking(true);
    const { ok, error } = await ask(what);
    setIsAsking(false);
    onTold(ok ? done : (error ?? "the run refused"));
  };
  return (
    <Card id="controls" title={control.paused ? "The test waits to be resumed" : "Controls"}>
      {isOver ? (
        <p class="card-note">the run is over</p>
      ) : (
        <>
          <PauseButton control={control} isAsking={isAsking} onAsk={request} />
          {control.scalable.map((scenario) => (
            <Scale key={scenario} scenario={scenario} isAsking={isAsking} onAsk={request} />
          ))}
          <p class="card-note">
            {control.scalable.length > 0
              ? "Once VUs are set by hand the plan is not followed any more; the record says so."
              : "VUs can be changed while a constant-vus or ramping-vus scenario runs."}
          </p>
        </>
      )}
      <p role="status" class="control-told">
        {told}
      </p>
    </Card>
  );
}

type Ask = (what: ControlRequest, done: string) => Promise<void>;

function PauseButton({
  control: { paused, whyNotPausable },
  isAsking,
  onAsk,
}: {
  readonly control: ControlStatus;
  readonly isAsking: boolean;
  readonly onAsk: Ask;
}): JSX.Element {
  const isPossible = whyNotPausable === null;
  return (
    <div class="control">
      <button
        type="button"
        class="button"
        data-primary={paused}
        disabled={!isPossible || isAsking}
        onClick={() =>
          void (paused
            ? onAsk({ action: "resume" }, "resumed")
            : onAsk({ action: "pause" }, "the test will wait before it starts"))
        }
      >
        {paused ? "Resume" : "Pause before the start"}
      </button>
      <span class="card-note">
        {whyNotPausable ?? (paused ? "its load begins then" : "the test starts by itself")}
      </span>
    </div>
  );
}

const mostVus = 100_000;

function Scale({
  scenario,
  isAsking,
  onAsk,
}: {
  readonly scenario: string;
  readonly isAsking: boolean;
  readonly onAsk: Ask;
}): JSX.Element {
  const [text, setText] = useState("");
  const isValid = /^\d{1,6}$/u.test(text) && Number(text) <= mostVus;
  return (
    <form
      class="control"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isValid || isAsking) return;
        const vus = Number(text);
        void onAsk({ action: "scale", scenario, vus }, `${scenario} was set to ${vus} VUs`);
      }}
    >
      <label class="control-label">
        <span>
          VUs of <bdi>{scenario}</bdi>
        </span>
        <input
          class="control-number"
          type="number"
          min={0}
          max={mostVus}
          step={1}
          inputMode="numeric"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button" disabled={!isValid || isAsking}>
        Set
      </button>
    </form>
  );
}
