/** How good something is: always said in words beside the colour. */
import type { ComponentChildren, JSX } from "preact";

export type Tone = "good" | "warning" | "bad" | "neutral";

const marks: Readonly<Record<Tone, string>> = { good: "✓", warning: "!", bad: "✕", neutral: "•" };

export function Badge({
  tone,
  children,
}: {
  readonly tone: Tone;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <span class="badge" data-tone={tone}>
      <span aria-hidden="true">{marks[tone]}</span>
      {children}
    </span>
  );
}
