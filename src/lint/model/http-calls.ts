/** Calls of `k6/http`: what of them is the URL, and what is known of the request's name. */
import type { Node } from "../../script/index.ts";
import { exactly, type Range } from "./numbers.ts";
import { isClosedObject, propertyOf } from "./names.ts";
import type { K6Call, ScriptModel } from "./script-model.ts";

/** Where a function of `k6/http` takes its URL and its params. */
interface Signature {
  readonly url: number;
  readonly params: number;
}

const signatures: Readonly<Record<string, Signature>> = {
  get: { url: 0, params: 1 },
  head: { url: 0, params: 1 },
  options: { url: 0, params: 2 },
  post: { url: 0, params: 2 },
  put: { url: 0, params: 2 },
  patch: { url: 0, params: 2 },
  del: { url: 0, params: 2 },
  request: { url: 1, params: 3 },
  asyncRequest: { url: 1, params: 3 },
};

/** One call that sends one request. */
export interface HttpCall {
  readonly call: K6Call["node"];
  /** `get`, `post`, … */
  readonly method: string;
  readonly url: Node | undefined;
  readonly params: Node | undefined;
  readonly body: Node | undefined;
}

export function httpCalls(model: ScriptModel): readonly HttpCall[] {
  return model.calls.flatMap(({ node, to }) => {
    const method = /^k6\/http\.(\w+)$/u.exec(to)?.[1] ?? "";
    const signature = Object.hasOwn(signatures, method) ? signatures[method] : undefined;
    if (signature === undefined) return [];
    const { url, params } = signature;
    return {
      call: node,
      method,
      url: model.argument(node, url),
      params: model.argument(node, params),
      body: params - url > 1 ? model.argument(node, url + 1) : undefined,
    };
  });
}

/** Requests that one call of an export makes. */
export function requestCount(to: string, call: K6Call["node"], model: ScriptModel): Range {
  const name = /^k6\/http\.(\w+)$/u.exec(to)?.[1] ?? "";
  if (Object.hasOwn(signatures, name)) return exactly(1);
  if (name !== "batch") return exactly(0);
  const list = model.argument(call, 0);
  const origin = list === undefined ? undefined : model.names.origin(list);
  if (origin?.type === "ArrayExpression") {
    const isCounted = origin.elements.every((each) => each?.type !== "SpreadElement");
    if (isCounted) return exactly(origin.elements.length);
  }
  if (origin !== undefined && isClosedObject(origin)) return exactly(origin.properties.length);
  return { least: 0, mean: NaN, most: Infinity };
}

/** Whether the request has a `name` tag of its own: undefined when the text does not tell. */
export function isNamed({ params, url }: HttpCall, model: ScriptModel): boolean | undefined {
  const target = url === undefined ? undefined : model.names.origin(url);
  // http.url`…` names the request after its template.
  if (target?.type === "TaggedTemplateExpression") return true;
  if (params === undefined) return false;
  const object = model.names.origin(params);
  if (object.type === "Literal") return false;
  if (!isClosedObject(object)) return propertyOf(object, "tags") === undefined ? undefined : true;
  const tags = propertyOf(object, "tags");
  if (tags === undefined) return isChanged(params, model) ? undefined : false;
  const tagObject = model.names.origin(tags);
  if (!isClosedObject(tagObject)) return undefined;
  if (propertyOf(tagObject, "name") !== undefined) return true;
  return isChanged(params, model) || isChanged(tags, model) ? undefined : false;
}

/** True when an object under a name gets members later on: `params.tags = …`. */
function isChanged(node: Node, model: ScriptModel): boolean {
  const binding = model.names.bindingOf(node);
  if (binding === undefined) return false;
  return (model.names.references.get(binding) ?? []).some((reference) => {
    const member = model.parentOf(reference);
    if (member?.type !== "MemberExpression" || member.object !== reference) return false;
    const parent = model.parentOf(member);
    return parent?.type === "AssignmentExpression" && parent.left === member;
  });
}
