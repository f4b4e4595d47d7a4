/** The rules as Prometheus reads them. */
import { stringify } from "yaml";
import { type AlertRule, generatorAlerts, loadAlerts, targetAlerts } from "./alerts.ts";
import { recordingRules } from "./recording.ts";

/** A minute, the default, is too long for a stage of five; that of the target is scraped, and so comes slower. */
const groups = [
  { name: "lakh-figures", interval: "5s", rules: recordingRules },
  { name: "lakh-load", interval: "5s", rules: loadAlerts.map(toRule) },
  { name: "lakh-generator", interval: "5s", rules: generatorAlerts.map(toRule) },
  { name: "lakh-target", interval: "15s", rules: targetAlerts.map(toRule) },
];

/** The text of the rule file; `heading` stands above it as a comment. */
export function ruleFile(heading: string): string {
  return `# ${heading}\n${stringify({ groups }, { lineWidth: 0 })}`;
}

function toRule({ severity, summary, description, ...rule }: AlertRule): object {
  return { ...rule, labels: { severity }, annotations: { summary, description } };
}
