/** Door of `page`: what browsers show, as components that Node can render to HTML, too. */
export { Badge, type Tone } from "./components/tone.tsx";
export { Card } from "./components/card.tsx";
export { Chart } from "./components/chart.tsx";
export { DataTable } from "./components/data-table.tsx";
export { Figures } from "./components/figures.tsx";
export { LongText } from "./components/long-text.tsx";
export { applyStoredTheme, ThemeSelect } from "./components/theme.tsx";
export {
  type CheckName,
  type CheckRow,
  type Conclusion,
  type ControlAnswer,
  type ControlRequest,
  type ControlStatus,
  type EndpointName,
  type EndpointRow,
  errorColumns,
  type GeneratorStatus,
  historyColumns,
  type HistoryColumn,
  type LatencyTotals,
  type Listed,
  type LogEvent,
  type ObjectivesHead,
  type Row,
  type RunEnd,
  type RunHead,
  type Snapshot,
  type Stage,
  type Status,
  type Step,
  type ThresholdState,
  tokenHeader,
  type Update,
} from "./live/feed.ts";
export { History } from "./live/history.ts";
