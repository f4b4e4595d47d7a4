/**
 * The report as one HTML file that asks nobody for anything: style, script and data are in it, and a policy in its head
 * forbids the rest. What it shows stands in the HTML, so that it can be read where no scripts run; they bring sorting,
 * filters, and charts that follow the pointer.
 */
import { createHash } from "node:crypto";
import { readPageAsset } from "../../base/assets.ts";
import { type ReportData, reportIds, reportMarkup } from "../../page/index.ts";
import { tidy } from "./tidy.ts";

/** The file's text. */
export function toDocument(data: ReportData): string {
  const shown = tidy(data);
  const style = readPageAsset("page.css").trim();
  const script = readPageAsset("report.js").trim();
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy(style, script)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="robots" content="noindex">',
    // Without it a browser asks the server of a published report for /favicon.ico.
    '<link rel="icon" href="data:,">',
    `<title>${escapeText(`${shown.title} - lakh`)}</title>`,
    `<style>${style}</style>`,
    `<script>${script}</script>`,
    "</head>",
    "<body>",
    `<div id="${reportIds.root}">${reportMarkup(shown)}</div>`,
    `<script type="application/json" id="${reportIds.data}">${toScriptText(shown)}</script>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

/** Only this style and this script; no request, no form, no frame. */
function policy(style: string, script: string): string {
  return [
    "default-src 'none'",
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(script)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

/** JSON that cannot end its element, nor begin a comment. */
function toScriptText(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/gu, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, "0");
    return `\\u${code}`;
  });
}

function escapeText(text: string): string {
  return text.replace(/&/gu, "&amp;").replace(/</gu, "&lt;");
}
