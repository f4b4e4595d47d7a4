/** What has happened, the latest first; read out as it comes by what reads pages aloud. */
import type { JSX } from "preact";
import { formatClock, formatWhole } from "../../base/numbers.ts";
import { Card } from "../components/card.tsx";
import { LongText } from "../components/long-text.tsx";
import { Badge, type Tone } from "../components/tone.tsx";
import type { LogEvent } from "./feed.ts";

const shownEvents = 100;

const tones: Readonly<Record<LogEvent["level"], Tone>> = {
  info: "neutral",
  warning: "warning",
  error: "bad",
};

export function EventList({ events }: { readonly events: readonly LogEvent[] }): JSX.Element {
  const shown = events.slice(-shownEvents).toReversed();
  const hidden = events.length - shown.length;
  return (
    <Card
      id="events"
      title="Events"
      note={hidden > 0 ? `and ${formatWhole(hidden)} before` : undefined}
    >
      {shown.length === 0 ? <p class="card-note">nothing yet</p> : null}
      <div class="events" role="log" aria-live="polite" aria-label="events" tabIndex={0}>
        {shown.map(({ id, atMs, wallMs, level, text }) => (
          <div class="event" key={id}>
            <time class="event-time" dateTime={new Date(wallMs).toISOString()}>
              {atMs === null ? "before" : formatClock(atMs)}
            </time>
            <Badge tone={tones[level]}>{level}</Badge>
            <LongText text={text} />
          </div>
        ))}
      </div>
    </Card>
  );
}
