/** Sentences that may hold names from anywhere: longer than names, and folded only where nobody would read them. */
import type { JSX } from "preact";
import { LongText } from "./long-text.tsx";

const shownLength = 700;

export function Prose({ text }: { readonly text: string }): JSX.Element {
  return text.length <= shownLength ? <bdi>{text}</bdi> : <LongText text={text} />;
}
