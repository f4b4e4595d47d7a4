/**
 * The tail rule: a function whose every site is the very value it returns needs no wrapper, because the sentinel may
 * travel through it to its caller. Not inside `try` (which would end too early) nor inside `for…of` (which would close
 * the iterator too early).
 */
import type { Emitter } from "./emitter.ts";
import { childrenOf, isFunction, type FunctionNode, type Node } from "./syntax.ts";

/** True when every site of the function is in tail position. */
export function isTailOnly(emitter: Emitter, node: FunctionNode): boolean {
  const { sites } = emitter.colours;
  const { candidates } = emitter;
  if (node.params.some((parameter) => containsSite(parameter as Node))) return false;
  if (node.body.type !== "BlockStatement") return isTail(node.body as Node);
  return node.body.body.every((statement) => isTailStatement(statement as Node));

  function isSite(inner: Node): boolean {
    // What is refused is not waited for; it is written the same in any function.
    return sites.has(inner) && candidates.calls.get(inner as never)?.refused === undefined;
  }

  function containsSite(inner: Node): boolean {
    if (isSite(inner)) return true;
    return !isFunction(inner) && childrenOf(inner).some(containsSite);
  }

  function isTailStatement(statement: Node): boolean {
    switch (statement.type) {
      case "ReturnStatement":
        return !statement.argument || isTail(statement.argument as Node);
      case "TryStatement":
      case "ForOfStatement":
        return !containsSite(statement);
      case "BlockStatement":
      case "LabeledStatement":
      case "IfStatement":
      case "ForStatement":
      case "ForInStatement":
      case "WhileStatement":
      case "DoWhileStatement":
      case "SwitchStatement":
      case "SwitchCase":
        return childrenOf(statement).every((child) => isTailStatement(child));
      default:
        return !containsSite(statement);
    }
  }

  /** True when the expression's sites are its value. */
  function isTail(expression: Node): boolean {
    switch (expression.type) {
      case "ConditionalExpression":
        return (
          !containsSite(expression.test as Node) &&
          isTail(expression.consequent as Node) &&
          isTail(expression.alternate as Node)
        );
      case "LogicalExpression":
        return !containsSite(expression.left as Node) && isTail(expression.right as Node);
      case "SequenceExpression": {
        const before = expression.expressions.slice(0, -1);
        return (
          !before.some((part) => containsSite(part as Node)) &&
          isTail(expression.expressions.at(-1) as Node)
        );
      }
      case "ChainExpression":
        return isTail(expression.expression as Node);
      default:
        return !childrenOf(expression).some((child) => containsSiteBelow(expression, child));
    }
  }

  function containsSiteBelow(parent: Node, child: Node): boolean {
    return !isFunction(parent) && containsSite(child);
  }
}
