/** Module `k6/html`: parseHTML. */
import type { VuContext } from "../context.ts";
import { textOf } from "../text.ts";
import { parseHtml, type Selection } from "./selection.ts";

interface HtmlModule {
  parseHTML(text?: unknown): Selection;
}

/** Builds module `k6/html` for one VU. */
export function createHtml(vu: VuContext): HtmlModule {
  return {
    parseHTML: (text) => parseHtml(vu, text === undefined || text === null ? "" : textOf(text)),
  };
}
