/** A report's body as HTML, for Node: the same components that the page's script takes over in a browser. */
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { Report } from "./report.tsx";
import type { ReportData } from "./report-data.ts";

/** Everything that comes from outside is escaped: as text, or as the value of an attribute. */
export function reportMarkup(data: ReportData): string {
  return renderToString(h(Report, { data }));
}
