/**
 * The tree of groups and checks that a summary shows, rebuilt from tags: every sample carries its `group` ("::a::b"), a
 * check also its name. Nodes stand in the order in which their first samples were seen.
 * Reference: k6-behaviour 5.1, 7.4. k6 builds it from the tags, too: a check tagged {group: "::x"} is shown in group x.
 */
import type { MetricAggregate } from "./aggregate.ts";

/** A check of the summary. */
export interface SummaryCheck {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly passes: number;
  readonly fails: number;
}

/** A group of the summary; the root has no name. */
export interface SummaryGroup {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly groups: readonly SummaryGroup[];
  readonly checks: readonly SummaryCheck[];
}

/** Separates the names in a path; k6 forbids it in the names. */
const separator = "::";

/** The root group of a run. `hash` gives a node's id from its path (k6: MD5 in hex). */
export function buildCheckTree(
  aggregate: MetricAggregate,
  hash: (path: string) => string,
): SummaryGroup {
  const tree = new TreeBuilder(hash);
  const series = [...aggregate.seriesOf("checks"), ...aggregate.seriesOf("group_duration")];
  for (const { tags, sink } of series.sort((a, b) => a.order - b.order)) {
    const path = tags["group"];
    const name = tags["check"];
    // Without the tag (it may be switched off) a check has no place in the tree, and a path that is no path makes no group.
    if (path === undefined || (path !== "" && !path.startsWith(separator))) continue;
    if (sink.type === "rate" && name !== undefined) tree.addCheck(path, name, sink);
    else tree.group(path);
  }
  return tree.root;
}

/** The nodes while they are being filled. */
interface GroupNode extends SummaryGroup {
  readonly groups: GroupNode[];
  readonly checks: CheckNode[];
}

interface CheckNode extends SummaryCheck {
  passes: number;
  fails: number;
}

class TreeBuilder {
  readonly root: GroupNode;
  readonly #hash: (path: string) => string;
  readonly #groups = new Map<string, GroupNode>();
  readonly #checks = new Map<string, CheckNode>();

  constructor(hash: (path: string) => string) {
    this.#hash = hash;
    this.root = this.#createGroup("", "");
  }

  /** The group of a path, made with its parents when it is new. */
  group(path: string): GroupNode {
    const known = this.#groups.get(path);
    if (known !== undefined) return known;
    const at = path.lastIndexOf(separator);
    const parent = this.group(path.slice(0, Math.max(0, at)));
    const made = this.#createGroup(path, at < 0 ? path : path.slice(at + separator.length));
    parent.groups.push(made);
    return made;
  }

  /** Adds up the series of one check, which differ in other tags. */
  addCheck(
    groupPath: string,
    name: string,
    { total, trues }: { total: number; trues: number },
  ): void {
    const check = this.#check(groupPath, name);
    check.passes += trues;
    check.fails += total - trues;
  }

  #check(groupPath: string, name: string): CheckNode {
    const path = `${groupPath}${separator}${name}`;
    const known = this.#checks.get(path);
    if (known !== undefined) return known;
    const made: CheckNode = { name, path, id: this.#hash(path), passes: 0, fails: 0 };
    this.#checks.set(path, made);
    this.group(groupPath).checks.push(made);
    return made;
  }

  #createGroup(path: string, name: string): GroupNode {
    const made: GroupNode = { name, path, id: this.#hash(path), groups: [], checks: [] };
    this.#groups.set(path, made);
    return made;
  }
}
