/** The few numbers that everybody looks for first. */
import type { JSX } from "preact";
import type { Tone } from "./tone.tsx";

export interface Figure {
  readonly label: string;
  /** With its unit. */
  readonly value: string;
  readonly note?: string | undefined;
  readonly tone?: Tone | undefined;
}

export function Figures({ figures }: { readonly figures: readonly Figure[] }): JSX.Element {
  return (
    <dl class="figures">
      {figures.map(({ label, value, note, tone }) => (
        <div class="figure" key={label} data-tone={tone}>
          <dt>{label}</dt>
          <dd class="figure-value">{value}</dd>
          {note === undefined ? null : <dd class="figure-note">{note}</dd>}
        </div>
      ))}
    </dl>
  );
}
