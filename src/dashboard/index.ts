/** Door of `dashboard`: a page on loopback that shows runs while they go on. Read only when there is to be one. */
export type { GeneratorStatus, RunEnd, RunHead, Step, ThresholdState } from "../page/index.ts";
export { type Dashboard, type DashboardRun, openDashboard } from "./dashboard.ts";
export type { RunView, SecondOfLoad } from "./run-view.ts";
