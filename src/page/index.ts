/** Door of `page`: what browsers show, as components that Node can render to HTML, too. */
export { Badge, type Tone } from "./components/tone.tsx";
export { Card } from "./components/card.tsx";
export { Chart } from "./components/chart.tsx";
export { DataTable } from "./components/data-table.tsx";
export { Figures } from "./components/figures.tsx";
export { LongText } from "./components/long-text.tsx";
export { applyStoredTheme, ThemeSelect } from "./components/theme.tsx";
