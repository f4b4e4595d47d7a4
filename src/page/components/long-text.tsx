/** Text of any length from anywhere, as text. Isolated, so that letters that run from right to left move nothing else. */
import type { JSX } from "preact";

const shownLength = 160;

export function LongText({ text }: { readonly text: string }): JSX.Element {
  if (text.length <= shownLength) return <bdi class="table-name">{text}</bdi>;
  return (
    <details class="long-text table-name">
      <summary>
        <bdi>{`${text.slice(0, shownLength)}…`}</bdi>{" "}
        <span class="card-note">{text.length} characters</span>
      </summary>
      <bdi>{text}</bdi>
    </details>
  );
}
