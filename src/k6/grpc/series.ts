/** The samples of RPCs: their series under their tags, found again without building the tags anew. */
import type { Metric, MetricRegistry, Series, TagSet } from "../../metrics/index.ts";
import { TagCache } from "../bounded-cache.ts";
import type { VuContext } from "../context.ts";
import { workerScope } from "../worker-scope.ts";

/** What is called, as tags tell it. */
export interface RpcNames {
  /** "127.0.0.1:50051/package.Service/Method" */
  readonly url: string;
  /** "/package.Service/Method" */
  readonly path: string;
}

const durations = new WeakMap<MetricRegistry, TagCache<Series>>();

/** Records how long an RPC took. `names` is undefined for health checks, whose samples have no names in k6. */
export function recordDuration(
  vu: VuContext,
  tags: TagSet,
  call: { names: RpcNames | undefined; status: number; durationMs: number },
): void {
  if (vu.interrupted) return;
  let cache = durations.get(vu.registry);
  if (cache === undefined) {
    cache = new TagCache();
    durations.set(vu.registry, cache);
  }
  const key = `${call.status} ${call.names?.url ?? ""}`;
  let series = cache.get(tags, key);
  if (series === undefined) {
    const named = call.names === undefined ? tags : rpcTags(vu, tags, call.names);
    const enabled = vu.options.systemTags.has("status");
    const all = enabled ? named.with("status", String(call.status)) : named;
    series = vu.series(workerScope(vu).builtin.grpcReqDuration, all);
    cache.set(tags, key, series);
  }
  vu.claimSamples();
  series.add(call.durationMs);
}

/** Adds one to a counter of a stream. `tags` are those of {@link rpcTags}. */
export function countStream(vu: VuContext, metric: Metric, tags: TagSet): void {
  if (!vu.interrupted) vu.series(metric, tags).add(1);
}

/** The tags of an RPC: a `name` of the script stays. */
export function rpcTags(vu: VuContext, tags: TagSet, { url, path }: RpcNames): TagSet {
  const slash = path.lastIndexOf("/");
  const values: readonly (readonly [string, string])[] = [
    ["service", path.slice(1, slash)],
    ["method", path.slice(slash + 1)],
    ["name", tags.get("name") ?? path],
    ["url", url],
  ];
  let all = tags;
  for (const [tag, value] of values) if (vu.options.systemTags.has(tag)) all = all.with(tag, value);
  return all;
}
