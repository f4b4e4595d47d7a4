/**
 * The tail rule: a function whose every site is the very value it returns needs no wrapper, because the sentinel may
 * travel through it to its caller. Not inside `try` (which would end too early) nor inside `for…of` (which would close
 * the iterator too early).
 */
import type { Emitter } from "./emitter.ts";
import { childrenOf, isFunction, type FunctionNode, type Node } from "./syntax.ts";

/** Statements that only hold others. */
const holders: ReadonlySet<string> = new Set([
  "BlockStatement",
  "LabeledStatement",
  "IfStatement",
  "ForStatement",
  "ForInStatement",
  "WhileStatement",
  "DoWhileStatement",
  "SwitchStatement",
  "SwitchCase",
]);

/** True when every site of the function is in tail position. */
export function isTailOnly(emitter: Emitter, node: FunctionNode): boolean {
  const search = new SiteSearch(emitter);
  if (node.params.some((parameter) => search.holdsSite(parameter as Node))) return false;
  if (node.body.type !== "BlockStatement") return search.isTail(node.body as Node);
  return search.isTailStatement(node.body);
}

class SiteSearch {
  readonly #emitter: Emitter;

  constructor(emitter: Emitter) {
    this.#emitter = emitter;
  }

  holdsSite(node: Node): boolean {
    return this.#isSite(node) || this.#holdsSiteBelow(node);
  }

  isTailStatement(node: Node): boolean {
    if (node.type === "ReturnStatement")
      return !node.argument || this.isTail(node.argument as Node);
    if (!holders.has(node.type)) return !this.holdsSite(node);
    return childrenOf(node).every((child) => this.isTailStatement(child));
  }

  /** True when all sites of an expression are its value. */
  isTail(node: Node): boolean {
    if (node.type === "ChainExpression") return this.isTail(node.expression as Node);
    if (node.type === "ConditionalExpression") {
      const branches = [node.consequent as Node, node.alternate as Node];
      return !this.holdsSite(node.test as Node) && branches.every((branch) => this.isTail(branch));
    }
    if (node.type === "LogicalExpression") {
      return !this.holdsSite(node.left as Node) && this.isTail(node.right as Node);
    }
    if (node.type === "SequenceExpression") {
      const parts = node.expressions as Node[];
      const before = parts.slice(0, -1);
      return !before.some((part) => this.holdsSite(part)) && this.isTail(parts.at(-1)!);
    }
    return !this.#isLate(node) && !this.#holdsSiteBelow(node);
  }

  /** A site whose value does not say that it waits: the caller would take it for done. */
  #isLate(node: Node): boolean {
    if (node.type === "CallExpression") {
      return (
        this.#emitter.colours.readers.has(node) ||
        (node.callee.type === "Super" && this.#isSite(node))
      );
    }
    const late = ["NewExpression", "AssignmentExpression", "UpdateExpression"];
    return late.includes(node.type) && this.#isSite(node);
  }

  #isSite(node: Node): boolean {
    // What is refused is not waited for; it is written the same in any function.
    return (
      this.#emitter.siteAt(node)?.refused === undefined && this.#emitter.colours.sites.has(node)
    );
  }

  #holdsSiteBelow(node: Node): boolean {
    return !isFunction(node) && childrenOf(node).some((child) => this.holdsSite(child));
  }
}
