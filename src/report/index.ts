/** Door of `report`: what a run, a plan or a verdict looks like as text. No clock and, but for the style and script of HTML, no I/O. */
export {
  formatFixedDuration,
  type ProgressBlock,
  renderLifecycleBlock,
  renderProgressBlock,
  type ScenarioRow,
} from "./k6-progress.ts";
export { type AgreementView, renderAgreement } from "./agreement.ts";
export { type CampaignPhaseView, type CampaignView, renderCampaign } from "./campaign.ts";
export { cellWidth } from "./layout.ts";
export { renderLimit, renderTrialEnd, renderTrialStart } from "./limit.ts";
export {
  type CampaignHtmlInput,
  renderCampaignHtml,
  renderRunHtml,
  renderSearchHtml,
} from "./html.ts";
export { renderCheck } from "./check.ts";
export { type ComparisonStyle, renderComparison } from "./compare/terminal.ts";
export { renderComparisonMarkdown } from "./compare/markdown.ts";
export { comparisonOutcome } from "./compare/outcome.ts";
export { renderJUnit } from "./junit.ts";
export { renderMarkdown } from "./markdown.ts";
export { campaignOutcome, type Outcome, runOutcome, searchOutcome } from "./outcome.ts";
export { renderPlan, type PlanTextInput } from "./plan.ts";
export type { LiveScenario, LiveSecond, LiveView } from "./live/live-view.ts";
export { renderLiveView, type ScreenStyle } from "./live/frame.ts";
export { renderProgressLine } from "./progress.ts";
export { renderReport } from "./report.ts";
export { renderRuns, type RunsRow } from "./runs.ts";
export { renderSummary, type SummaryTextOptions } from "./summary.ts";
export { asciiGlyphs, blockGlyphs } from "./live/sparkline.ts";
export { renderScorecard, renderVerdict } from "./verdict.ts";
export type {
  CheckView,
  CriterionView,
  LoadFormView,
  EvidenceView,
  FindingView,
  PlanFindingView,
  PlanStepView,
  RunProgress,
  TextStyle,
  ThresholdView,
  VerdictView,
} from "./view.ts";
export { unseenThresholdRemarks } from "./unseen-thresholds.ts";
