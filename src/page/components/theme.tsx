/** Light, dark, or what the system says; remembered by the browser where it lets us. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

const storageKey = "lakh-theme";
const darkQuery = "(prefers-color-scheme: dark)";
const choices = ["system", "light", "dark"] as const;
type Choice = (typeof choices)[number];

/** Charts are drawn with the colours of their time: they listen for this event of `window`. */
export const themeEvent = "lakh-theme";

/** To be called by a script in the head of a page, before anything is painted. */
export function applyStoredTheme(): void {
  apply(storedChoice());
}

export function ThemeSelect(): JSX.Element {
  // What was rendered to HTML knows no browser: the stored choice comes with the first effect.
  const [choice, setChoice] = useState<Choice | undefined>(undefined);
  useEffect(() => setChoice(storedChoice()), []);
  useEffect(() => {
    if (choice === undefined) return undefined;
    apply(choice);
    if (choice !== "system") return undefined;
    const system = matchMedia(darkQuery);
    const follow = (): void => apply(choice);
    system.addEventListener("change", follow);
    return () => system.removeEventListener("change", follow);
  }, [choice]);
  const choose = (next: Choice): void => {
    setChoice(next);
    try {
      localStorage.setItem(storageKey, next);
    } catch {
      // Storage is closed to pages from files in some browsers: the choice lasts as long as the page then.
    }
  };
  return (
    <label class="theme no-print">
      <span class="visually-hidden">Theme</span>
      <select
        class="button"
        value={choice ?? "system"}
        onChange={(event) => choose(toChoice(event.currentTarget.value))}
      >
        {choices.map((each) => (
          <option key={each} value={each}>
            {each === "system" ? "system theme" : each}
          </option>
        ))}
      </select>
    </label>
  );
}

function apply(choice: Choice): void {
  const { dataset } = document.documentElement;
  const isDark = choice === "dark" || (choice === "system" && matchMedia(darkQuery).matches);
  const theme = isDark ? "dark" : "light";
  if (dataset["theme"] === theme) return;
  dataset["theme"] = theme;
  dispatchEvent(new Event(themeEvent));
}

function storedChoice(): Choice {
  try {
    return toChoice(localStorage.getItem(storageKey));
  } catch {
    return "system";
  }
}

function toChoice(text: string | null): Choice {
  return choices.find((each) => each === text) ?? "system";
}
