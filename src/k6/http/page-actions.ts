/**
 * Response.submitForm and Response.clickLink: from a page to the request that a user's click would make.
 * k6's quirks are kept (reference k6-behaviour 4.4): every form that matches counts, a multiple select is sent as
 * "[1 2]", and a box is ticked by the literal checked="checked" only.
 */
import { GoError } from "../errors.ts";
import { escapeFormText } from "../form-text.ts";
import { goText } from "../go-text.ts";
import { parseGoUrl } from "../../http/index.ts";
import type { Selection } from "../html/selection.ts";
import { formatUrl, parseUrl, resolveUrl } from "../html/urls.ts";

import { textOf } from "../text.ts";
import { FileData } from "./body.ts";
import type { RequestCall } from "./plan.ts";

/** A page that was received. */
interface Page {
  readonly url: string;
  readonly selection: Selection;
}

/** The request of `submitForm(options)`. @throws GoError when no form matches */
export function formRequest(page: Page, options: unknown): RequestCall {
  const given = requireOptions(options);
  const formSelector = readText(given, "formSelector", "form");
  const form = page.selection.find(formSelector);
  if (form.size() === 0) {
    throw new GoError(`no form found for selector '${formSelector}' in response '${page.url}'`);
  }
  const method = textOf(form.attr("method", "get")).toUpperCase();
  const action = form.attr("action") as string | undefined;
  const url = action === undefined ? page.url : resolveFrom(page.url, action);
  const fields = collectFields(form, given);
  const params = "params" in given ? given["params"] : undefined;
  if (method !== "GET") return { method, url, body: fields, params };
  return { method, url: withQuery(url, fields), body: undefined, params };
}

/** The request of `clickLink(options)`. @throws GoError when there is no such link */
export function linkRequest(page: Page, options: unknown): RequestCall {
  const given = requireOptions(options);
  const selector = readText(given, "selector", "a[href]");
  const link = page.selection.find(selector);
  const where = `'${selector}' in response '${page.url}'`;
  if (link.size() === 0) throw new GoError(`no element found for selector ${where}`);
  const href = link.attr("href") as string | undefined;
  if (href === undefined)
    throw new GoError(`no valid href attribute value found on element ${where}`);
  const params = "params" in given ? given["params"] : undefined;
  return { method: "GET", url: resolveFrom(page.url, href), body: undefined, params };
}

type Options = Readonly<Record<string, unknown>>;

function requireOptions(options: unknown): Options {
  if (options === null || options === undefined)
    throw new TypeError("Cannot convert undefined or null to object");
  return Object(options) as Options;
}

function readText(options: Options, name: string, absent: string): string {
  return name in options ? textOf(options[name]) : absent;
}

function resolveFrom(base: string, reference: string): string {
  const url = resolveUrl(base, reference);
  if (url !== undefined) return url;
  const parsed = parseGoUrl(reference);
  throw new GoError(parsed.kind === "problem" ? parsed.text : `parse "${reference}": invalid URL`);
}

function collectFields(form: Selection, options: Options): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(form.serializeObject()))
    fields[name] = Array.isArray(value) ? `[${value.join(" ")}]` : value;
  const submit = form.find(readText(options, "submitSelector", '[type="submit"]'));
  const name = submit.attr("name") as string | undefined;
  if (name !== undefined) fields[name] = submit.val() ?? "";
  const given = options["fields"];
  if (typeof given === "object" && given !== null) {
    for (const [key, value] of Object.entries(given)) {
      // What a body knows how to send stays.
      fields[key] = value instanceof FileData || Array.isArray(value) ? value : goText(value);
    }
  }
  return fields;
}

/** The URL with the fields as its query, sorted; the one it had is dropped, the fragment stays. */
function withQuery(url: string, fields: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(fields)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map(
        (item) => `${escapeFormText(name)}=${escapeFormText(textOf(item))}`,
      ),
    );
  const parts = parseUrl(url);
  return parts === undefined ? url : formatUrl({ ...parts, query: pairs.join("&") });
}
