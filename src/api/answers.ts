/**
 * Bodies of the REST API, to the letter those of k6 (k6-behaviour 8): JSON:API documents, with the content types that
 * k6 sends, sniffed ones included.
 */
import { toGoJson } from "../base/go-json.ts";
import type { CheckView, GroupView, MetricView, RunStatus } from "./control.ts";

export interface Answer {
  readonly status: number;
  /** Undefined for an answer without a body. */
  readonly contentType: string | undefined;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const plainText = "text/plain; charset=utf-8";
export const statusType = "application/json; charset=utf-8";
export const setupType = "application/json";

export function ok(body: unknown, contentType: string): Answer {
  return { status: 200, contentType, body: toGoJson(body) };
}

export function text(body: string): Answer {
  return { status: 200, contentType: plainText, body };
}

export const noContent: Answer = { status: 200, contentType: undefined, body: "" };
export const wrongMethod: Answer = { status: 405, contentType: undefined, body: "" };

/** What Go's router says of a path below /v1 that it does not know. */
export const unknownRoute: Answer = {
  status: 404,
  contentType: plainText,
  body: "404 page not found\n",
  headers: { "X-Content-Type-Options": "nosniff" },
};

export function failure(
  status: number,
  error: { title: string; detail: string },
  contentType: string,
): Answer {
  const { title, detail } = error;
  const body = toGoJson({ errors: [{ status: String(status), title, detail }] });
  return { status, contentType, body };
}

export function statusBody(status: RunStatus): unknown {
  const attributes = {
    status: status.phase,
    paused: status.paused,
    vus: status.activeVus,
    "vus-max": status.initializedVus,
    stopped: status.stopped,
    running: status.running,
    tainted: status.tainted,
  };
  return { data: { type: "status", id: "default", attributes } };
}

export function setupBody(json: string | undefined): unknown {
  const attributes = json === undefined ? {} : { data: JSON.parse(json) as unknown };
  return { data: { type: "setupData", id: "default", attributes } };
}

export function metricBody({ name, type, contains, tainted, sample }: MetricView): unknown {
  return { type: "metrics", id: name, attributes: { type, contains, tainted, sample } };
}

/** A group with what it belongs to, from the root down. */
export interface PlacedGroup {
  readonly group: GroupView;
  readonly parent: GroupView | undefined;
}

export function flattenGroups(group: GroupView, parent?: GroupView): PlacedGroup[] {
  return [
    { group, parent },
    ...group.groups.flatMap((child: GroupView) => flattenGroups(child, group)),
  ];
}

export function groupBody({ group, parent }: PlacedGroup): unknown {
  const { id, path, name, checks, groups } = group;
  const reference = (of: GroupView): unknown => ({ type: "groups", id: of.id });
  return {
    type: "groups",
    id,
    attributes: { path, name, checks: checks.length === 0 ? null : checks.map(checkBody) },
    relationships: {
      groups: { data: groups.map(reference) },
      parent: { data: parent === undefined ? null : reference(parent) },
    },
  };
}

function checkBody({ id, path, name, passes, fails }: CheckView): unknown {
  return { id, path, name, passes, fails };
}
