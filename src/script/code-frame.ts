/**
 * Where in a source file something is wrong, as text: `file:line:column: what`, the line itself and a caret under it.
 * Columns here are 1-based UTF-16 units; the bundler's are 0-based UTF-8 bytes and are converted on the way in.
 */
import type { Location, Message } from "esbuild";

/** Lines longer than this (minified code) are cut around the caret. */
const widestLine = 120;

/** Renders one message of the bundler for a person; `fileName` is how the file is to be called. */
export function formatMessage(message: Message, fileName: (file: string) => string): string {
  const { location, text } = message;
  if (!location) return text;
  const { line, lineText } = location;
  const { column, width } = toCharacters(location);
  const head = `${fileName(location.file)}:${line}:${column}: ${text}`;
  return lineText.trim() === "" ? head : `${head}\n${frameOf({ line, lineText, column, width })}`;
}

function frameOf(at: { line: number; lineText: string; column: number; width: number }): string {
  const from = at.column > widestLine - 20 ? at.column - 1 - widestLine / 2 : 0;
  const shown = at.lineText.slice(from, from + widestLine);
  // Tabs stay tabs in the padding, so that the caret stands under its character whatever the tab width is.
  const padding = shown.slice(0, at.column - 1 - from).replace(/[^\t]/gu, " ");
  const carets = "^".repeat(Math.max(1, Math.min(at.width, shown.length - padding.length)));
  const gutter = `  ${at.line} | `;
  return `${gutter}${shown}\n${" ".repeat(gutter.length - 2)}| ${padding}${carets}`;
}

/** The bundler counts UTF-8 bytes from 0; people and V8 count UTF-16 units, and people from 1. */
function toCharacters(location: Location): { column: number; width: number } {
  const bytes = Buffer.from(location.lineText);
  const before = bytes.subarray(0, location.column).toString().length;
  const width = bytes
    .subarray(location.column, location.column + location.length)
    .toString().length;
  return { column: before + 1, width };
}
