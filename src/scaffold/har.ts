/**
 * A visit that a browser recorded (HAR 1.2) as requests. Of a page it keeps what reaches the backend: requests to the host
 * that most requests go to, without images, fonts, styles and scripts. The pauses between them are the user's own.
 */
import * as z from "zod";
import type { ApiDescription, ApiRequest, Body, Text } from "./api.ts";
import { endpointName } from "./paths.ts";
import { SecretStore } from "./secrets.ts";
import { checkShape } from "./shape.ts";

const pair = z.looseObject({ name: z.string(), value: z.string() });
const entry = z.looseObject({
  startedDateTime: z.string().optional(),
  time: z.number().optional(),
  request: z.looseObject({
    method: z.string(),
    url: z.string(),
    headers: z.array(pair),
    postData: z
      .looseObject({
        mimeType: z.string().optional(),
        text: z.string().optional(),
        params: z
          .array(z.looseObject({ name: z.string(), value: z.string().optional() }))
          .optional(),
      })
      .optional(),
  }),
  response: z.looseObject({
    status: z.number(),
    content: z.looseObject({ mimeType: z.string().optional() }).optional(),
  }),
});

const harShape = z.looseObject({ log: z.looseObject({ entries: z.array(entry) }) });

type Entry = z.infer<typeof entry>;

/** Headers that the client makes itself, or that belong to the browser that recorded. */
const clientHeaders =
  /^(?::.*|host|connection|content-length|accept-encoding|user-agent|origin|referer|if-(?:none-match|modified-since)|cache-control|pragma|priority|dnt|te|upgrade-insecure-requests|sec-.*)$/iu;
const staticContent = /^(?:image|font|video|audio)\/|^text\/css|javascript|wasm/iu;
/** Shorter pauses are the page's, not the user's; longer ones are a user who went away. */
const leastPauseSeconds = 0.5;
const mostPauseSeconds = 30;

/** @throws Error when the value is no HAR */
export function readHar(value: unknown): ApiDescription {
  const { entries } = checkShape(harShape, value).log;
  const secrets = new SecretStore();
  const web = entries.filter(
    ({ request }) => /^https?:/u.test(request.url) && URL.canParse(request.url),
  );
  const origin = mostFrequent(web.map(({ request }) => new URL(request.url).origin));
  const own = web.filter(({ request }) => new URL(request.url).origin === origin);
  const dynamic = own.filter((each) => !staticContent.test(each.response.content?.mimeType ?? ""));
  const kept = dynamic.filter(({ response }) => isAnswered(response.status));
  return {
    format: "HAR",
    title:
      origin === undefined ? "A recorded visit" : `A recorded visit to ${new URL(origin).host}`,
    baseUrl: origin,
    requests: kept.map((each, index) => toRequest(each, kept[index + 1], secrets)),
    variables: secrets.variables,
    notes: [
      ...leftOut(entries.length - own.length, "to other hosts"),
      ...leftOut(own.length - dynamic.length, "for images, fonts, styles and scripts"),
      ...leftOut(dynamic.length - kept.length, "that failed when they were recorded"),
    ],
  };
}

function leftOut(count: number, what: string): string[] {
  return count === 0 ? [] : [`Left out: ${count} request${count === 1 ? "" : "s"} ${what}.`];
}

function isAnswered(status: number): boolean {
  return status >= 200 && status < 400;
}

function mostFrequent(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted((one, other) => other[1] - one[1])[0]?.[0];
}

function toRequest(each: Entry, next: Entry | undefined, secrets: SecretStore): ApiRequest {
  const { request, response } = each;
  const url = new URL(request.url);
  return {
    method: request.method.toUpperCase(),
    name: endpointName(url.pathname),
    summary: "",
    path: [...secrets.hideTokens(url.pathname, "path", "the"), ...hideQuery(url.search, secrets)],
    headers: request.headers
      .filter(({ name }) => !clientHeaders.test(name))
      .map(({ name, value }) => [name, hideHeader(name, value, secrets)]),
    body: bodyOf(request, secrets),
    // What the browser had in its cache, the script has not.
    status: response.status === 304 ? 200 : response.status,
    pauseSeconds: pauseBetween(each, next),
  };
}

/** "Bearer " stays: only the token is secret. */
export function hideHeader(name: string, value: string, secrets: SecretStore): Text {
  const scheme = /^(?:Bearer|Basic|Token) /iu.exec(value)?.[0] ?? "";
  const hidden = secrets.hide(name, value.slice(scheme.length), "the header");
  return scheme === "" ? hidden : [scheme, ...hidden];
}

/** The query as it was, value by value. */
export function hideQuery(search: string, secrets: SecretStore): Text {
  if (search.length <= 1) return [];
  return search
    .slice(1)
    .split("&")
    .flatMap((part, index) => {
      const [name = "", ...rest] = part.split("=");
      const separator = index === 0 ? "?" : "&";
      if (rest.length === 0) return [`${separator}${part}`];
      return [`${separator}${name}=`, ...secrets.hide(name, rest.join("="), "the query parameter")];
    });
}

function bodyOf({ headers, postData }: Entry["request"], secrets: SecretStore): Body | undefined {
  if (postData === undefined) return undefined;
  const { text = "", params = [] } = postData;
  const type =
    postData.mimeType ?? headers.find(({ name }) => /^content-type$/iu.test(name))?.value;
  if (/form-urlencoded/iu.test(type ?? "")) {
    const fields =
      params.length > 0
        ? params.map(({ name, value = "" }) => [decode(name), decode(value)] as const)
        : [...new URLSearchParams(text)];
    return {
      kind: "form",
      fields: fields.map(([name, value]) => [name, secrets.hide(name, value, "the field")]),
    };
  }
  return textBody(text, secrets);
}

/** JSON as JSON, so that secrets in it are found by their names. */
export function textBody(text: string, secrets: SecretStore): Body | undefined {
  if (text === "") return undefined;
  try {
    return { kind: "json", value: secrets.hideInJson(JSON.parse(text)) };
  } catch {
    return { kind: "text", text: secrets.hideTokens(text, "body", "the") };
  }
}

/** Recorders write the fields of forms encoded or not. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

/** From the end of one request to the start of the next. */
function pauseBetween(each: Entry, next: Entry | undefined): number {
  const [from, to] = [
    Date.parse(each.startedDateTime ?? ""),
    Date.parse(next?.startedDateTime ?? ""),
  ];
  const seconds = (to - from - (each.time ?? 0)) / 1_000;
  return seconds >= leastPauseSeconds ? Math.min(seconds, mostPauseSeconds) : 0;
}
