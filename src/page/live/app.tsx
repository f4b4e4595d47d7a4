/** The live page: what is always in sight on top, then the figures, the charts, the tables, the log. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Card } from "../components/card.tsx";
import { LiveCharts } from "./charts.tsx";
import { listen } from "./connection.ts";
import { Controls } from "./controls.tsx";
import { Ending } from "./ending.tsx";
import { EventList } from "./event-list.tsx";
import { GeneratorCard } from "./generator-card.tsx";
import { KeyFigures } from "./key-figures.tsx";
import { type Connection, type Live, Model } from "./model.ts";
import { StatusBar } from "./status-bar.tsx";
import { Steps } from "./steps.tsx";
import { CheckTable, EndpointTable, ThresholdTable } from "./tables.tsx";

export function App(): JSX.Element {
  const [connection, setConnection] = useState<Connection>("connecting");
  const [live, setLive] = useState<Live | undefined>(undefined);
  useEffect(() => {
    const model = new Model();
    // Once a frame, however much has come: a page that nobody sees has no frames, and is drawn when it is looked at again.
    let isAsked = false;
    const show = (): void => {
      if (isAsked) return;
      isAsked = true;
      requestAnimationFrame(() => {
        isAsked = false;
        setLive(model.live);
      });
    };
    listen({
      onConnection: setConnection,
      onSnapshot: (snapshot) => {
        model.takeSnapshot(snapshot);
        show();
      },
      onUpdate: (update) => {
        model.takeUpdate(update);
        show();
      },
    });
  }, []);
  useTitle(live);
  return (
    <>
      <StatusBar live={live} connection={connection} />
      <main class="page">
        {connection === "lost" ? (
          <p class="notice" data-tone="warning" role="alert">
            The connection to the run is lost. These are the last figures; the page goes on when the
            run answers again.
          </p>
        ) : null}
        {live === undefined || live.head === null ? (
          <Waiting live={live} />
        ) : (
          <Run live={live} connection={connection} />
        )}
      </main>
    </>
  );
}

function Run({
  live,
  connection,
}: {
  readonly live: Live;
  readonly connection: Connection;
}): JSX.Element {
  const { status, steps } = live;
  const isOver = status.end !== null || connection === "closed";
  const [told, setTold] = useState("");
  const controls = (
    <Controls control={status.control} isOver={isOver} told={told} onTold={setTold} />
  );
  // What waits for somebody is not to be looked for.
  const isWaiting = status.control.paused;
  return (
    <>
      {isWaiting ? controls : null}
      <Ending
        end={status.end}
        runId={live.head?.id ?? ""}
        isAlone={steps.length === 0}
        isClosed={connection === "closed"}
      />
      <KeyFigures live={live} />
      <Steps steps={steps} conclusion={live.conclusion} />
      <LiveCharts live={live} />
      <EndpointTable lines={live.endpoints} more={live.moreEndpoints} />
      <div class="columns">
        <ThresholdTable thresholds={live.thresholds} />
        <CheckTable lines={live.checks} more={live.moreChecks} />
      </div>
      <div class="columns">
        <GeneratorCard generator={status.generator} runner={live.head?.runner ?? "embedded"} />
        {isWaiting ? null : controls}
      </div>
      <EventList events={live.events} />
      <Scenarios live={live} />
    </>
  );
}

function Scenarios({ live: { head } }: { readonly live: Live }): JSX.Element {
  return (
    <Card id="scenarios" title="Scenarios" note={`run ${head?.id} · lakh ${head?.lakhVersion}`}>
      <ul class="plain-list">
        {head?.scenarios.map((text) => (
          <li key={text}>
            <bdi>{text}</bdi>
          </li>
        ))}
      </ul>
      <p class="card-note">Steady state: {head?.steady.rule}.</p>
    </Card>
  );
}

/** Before the run: the script is loaded and, for daily users, measured. */
function Waiting({ live }: { readonly live: Live | undefined }): JSX.Element {
  return (
    <>
      <section class="card waiting" aria-live="polite">
        <p>
          {live === undefined
            ? "Looking for the run…"
            : "No run has begun yet: the script is being loaded, and its load computed."}
        </p>
      </section>
      {live === undefined ? null : <Steps steps={live.steps} conclusion={live.conclusion} />}
      {live === undefined ? null : <EventList events={live.events} />}
    </>
  );
}

/** The tab says how it stands, too. */
function useTitle(live: Live | undefined): void {
  const { head = null, status } = live ?? {};
  const state = status?.end?.verdict ?? status?.stage ?? "waiting";
  const title = head === null ? "lakh" : `${state} · ${head.script} · lakh`;
  useEffect(() => {
    document.title = title.slice(0, 200);
  }, [title]);
}
