/** A part of a page with its heading. */
import type { ComponentChildren, JSX } from "preact";
import { Heading, useId } from "./heading.tsx";

export interface CardProps {
  /** Unique in the page (or in its `Inset`): what links lead to. */
  readonly id: string;
  readonly title: string;
  /** Beside the heading, quieter. */
  readonly note?: ComponentChildren;
  /** May be cut in two on paper: long tables. */
  readonly isLong?: boolean;
  readonly children: ComponentChildren;
}

export function Card({ id, title, note, isLong = false, children }: CardProps): JSX.Element {
  const ownId = useId(id);
  return (
    <section
      id={ownId}
      class={isLong ? "card card-long" : "card"}
      aria-labelledby={`${ownId}-heading`}
    >
      <div class="card-heading">
        <Heading id={`${ownId}-heading`}>{title}</Heading>
        {note === undefined ? null : <span class="card-note">{note}</span>}
      </div>
      {children}
    </section>
  );
}
