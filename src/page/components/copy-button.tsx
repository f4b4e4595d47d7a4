/** Puts a text into the clipboard; where the browser does not let us, the text is selected instead. */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";

export function CopyableText({
  text,
  what,
}: {
  readonly text: string;
  readonly what: string;
}): JSX.Element {
  const [state, setState] = useState("");
  const code = useRef<HTMLPreElement>(null);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setState("copied");
    } catch {
      // Pages from files have no clipboard in some browsers.
      if (code.current !== null) getSelection()?.selectAllChildren(code.current);
      setState("selected: copy it with the keyboard");
    }
  };
  return (
    <div class="copyable">
      <pre ref={code} tabIndex={0} role="region" aria-label={what}>
        {text}
      </pre>
      <button type="button" class="button no-print" onClick={() => void copy()}>
        copy<span class="visually-hidden"> {what}</span>
      </button>
      <span class="card-note" role="status">
        {state}
      </span>
    </div>
  );
}
