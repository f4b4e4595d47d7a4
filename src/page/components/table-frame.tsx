/** What every table stands in: it scrolls where it is too wide, by the keyboard, too, and says what it is. */
import type { ComponentChildren, JSX } from "preact";

export interface TableFrameProps {
  /** Of the part that scrolls. */
  readonly label: string;
  /** Of the table, for those who do not see it. */
  readonly caption: string;
  /** Head and body. */
  readonly children: ComponentChildren;
}

export function TableFrame({ label, caption, children }: TableFrameProps): JSX.Element {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={label}>
      <table class="table">
        <caption class="visually-hidden">{caption}</caption>
        {children}
      </table>
    </div>
  );
}
