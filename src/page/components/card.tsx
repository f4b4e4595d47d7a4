/** A part of a page with its heading. */
import type { ComponentChildren, JSX } from "preact";

export interface CardProps {
  /** Unique in the page: what links lead to. */
  readonly id: string;
  readonly title: string;
  /** Beside the heading, quieter. */
  readonly note?: ComponentChildren;
  /** May be cut in two on paper: long tables. */
  readonly isLong?: boolean;
  readonly children: ComponentChildren;
}

export function Card({ id, title, note, isLong = false, children }: CardProps): JSX.Element {
  return (
    <section id={id} class={isLong ? "card card-long" : "card"} aria-labelledby={`${id}-heading`}>
      <div class="card-heading">
        <h2 id={`${id}-heading`}>{title}</h2>
        {note === undefined ? null : <span class="card-note">{note}</span>}
      </div>
      {children}
    </section>
  );
}
