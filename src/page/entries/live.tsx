/** The script of the live page, in its head: the theme before anything is painted, the rest when there is a body. */
import { render } from "preact";
import { applyStoredTheme } from "../components/theme.tsx";
import { App } from "../live/app.tsx";

applyStoredTheme();
document.addEventListener("DOMContentLoaded", () => {
  const host = document.getElementById("live");
  if (host !== null) render(<App />, host);
});
