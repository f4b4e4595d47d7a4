/** Door of `doctor`: is this machine fit to generate a load, and is what it will talk to there? Facts are read, then judged. */
export { examine, type Examination, type FindingGroup } from "./examine.ts";
export type { Finding, FindingStatus, PlannedLoad } from "./finding.ts";
export { type LoadWish, plannedLoad, urlsIn } from "./load.ts";
export { renderDoctor, type StatusPaint } from "./text.ts";
export { type DoctorReport, doctorSchema, toDoctorReport } from "./report.ts";
