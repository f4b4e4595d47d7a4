/** The script of a report: what was rendered to HTML comes alive with the data that stand beside it. */
import { hydrate } from "preact";
import { applyStoredTheme } from "../components/theme.tsx";
import { reportIds } from "../report/ids.ts";
import { Report } from "../report/report.tsx";
import type { ReportData } from "../report/report-data.ts";

applyStoredTheme();
addEventListener("DOMContentLoaded", () => {
  const root = document.getElementById(reportIds.root);
  const data = document.getElementById(reportIds.data)?.textContent;
  if (root === null || data === undefined || data === null) return;
  hydrate(<Report data={JSON.parse(data) as ReportData} />, root);
  document.documentElement.dataset["alive"] = "";
});
