/**
 * What each kind of expression and statement does in the flow graph: one walk gives every expression the vertex its
 * value may come from.
 */
import type * as acorn from "acorn";
import { isBlockingExport } from "../catalog.ts";
import { blockingToken, FlowBuilder, type SolvedFlow } from "./flow-builder.ts";
import { linkCall } from "./flow-calls.ts";
import { nothing } from "./flow.ts";
import type { SyntaxTree } from "./scopes.ts";
import { moduleName, type FunctionNode, type Handlers, type Node } from "./syntax.ts";

export function solveFlow(tree: SyntaxTree, groupAt: (offset: number) => number): SolvedFlow {
  const builder = new FlowBuilder(tree, handlers);
  for (const statement of tree.program.body as Node[]) {
    builder.group = groupAt(statement.start);
    builder.visit(statement);
  }
  builder.graph.solve();
  return builder;
}

function importModule(builder: FlowBuilder, node: acorn.ImportDeclaration): number {
  const specifier = String(node.source.value);
  for (const item of node.specifiers) {
    const name = item.type === "ImportSpecifier" ? moduleName(item.imported) : "default";
    const vertex = builder.binding(item.local);
    if (name === "default") builder.graph.add(vertex, { kind: "module", specifier });
    else if (isBlockingExport(specifier, name)) builder.graph.add(vertex, blockingToken);
  }
  return nothing;
}

function functionValue(builder: FlowBuilder, node: FunctionNode): number {
  const value = builder.graph.vertex(builder.group);
  if (node.id) builder.graph.edge(value, builder.declare(node.id));
  builder.graph.add(value, builder.function(node));
  return value;
}

function objectValue(builder: FlowBuilder, node: acorn.ObjectExpression): number {
  const members: [string | undefined, number][] = [];
  const spread: number[] = [];
  for (const property of node.properties) {
    if (property.type === "SpreadElement") spread.push(builder.visit(property.argument as Node));
    else if (property.kind !== "init") builder.method(property);
    else {
      const name = builder.memberName(property);
      members.push([name, builder.visit(property.value as Node)]);
    }
  }
  return builder.join(builder.literal(node, members), ...spread);
}

function arrayValue(builder: FlowBuilder, node: acorn.ArrayExpression): number {
  const members: [undefined, number][] = [];
  for (const element of node.elements) {
    if (element === null) continue;
    const value = builder.visit(element as Node);
    members.push([
      undefined,
      element.type === "SpreadElement" ? builder.read(value, undefined) : value,
    ]);
  }
  return builder.literal(node, members);
}

const handlers: Handlers<FlowBuilder, number> = {
  Identifier: (builder, node) => builder.binding(node),
  ThisExpression: (builder) => builder.superClass,
  Super: (builder) => builder.superClass,
  FunctionDeclaration: functionValue,
  FunctionExpression: functionValue,
  ArrowFunctionExpression: functionValue,
  ClassDeclaration: (builder, node) => builder.class(node),
  ClassExpression: (builder, node) => builder.class(node),
  ObjectExpression: objectValue,
  ArrayExpression: arrayValue,
  SpreadElement: (builder, node) => builder.visit(node.argument as Node),
  ImportDeclaration: importModule,
  ExportNamedDeclaration: (builder, node) => builder.visit(node.declaration as Node | null),
  VariableDeclarator(builder, node) {
    builder.assign(node.id as Node, builder.visit(node.init as Node | null));
    return nothing;
  },
  AssignmentExpression(builder, node) {
    const value = builder.visit(node.right as Node);
    builder.assign(node.left as Node, value);
    return node.operator === "=" ? value : builder.join(value, builder.visit(node.left as Node));
  },
  ReturnStatement(builder, node) {
    builder.graph.edge(builder.visit(node.argument as Node | null), builder.result);
    return nothing;
  },
  YieldExpression(builder, node) {
    const value = builder.visit(node.argument as Node | null);
    builder.graph.edge(value, builder.graph.name(builder.group, undefined));
    return nothing;
  },
  ForOfStatement(builder, node) {
    const element = builder.read(builder.visit(node.right as Node), undefined);
    const { left } = node;
    if (left.type === "VariableDeclaration") {
      for (const { id } of left.declarations) builder.assign(id as Node, element);
    } else builder.assign(left as Node, element);
    return builder.visit(node.body as Node);
  },
  CatchClause(builder, node) {
    if (node.param) builder.assign(node.param as Node, nothing);
    return builder.visit(node.body);
  },
  LabeledStatement: (builder, node) => builder.visit(node.body as Node),
  BreakStatement: () => nothing,
  ContinueStatement: () => nothing,
  ConditionalExpression(builder, node) {
    builder.visit(node.test as Node);
    return builder.join(
      builder.visit(node.consequent as Node),
      builder.visit(node.alternate as Node),
    );
  },
  LogicalExpression: (builder, node) =>
    builder.join(builder.visit(node.left as Node), builder.visit(node.right as Node)),
  SequenceExpression(builder, node) {
    let last: number = nothing;
    for (const expression of node.expressions) last = builder.visit(expression as Node);
    return last;
  },
  AwaitExpression: (builder, node) => builder.visit(node.argument as Node),
  ChainExpression: (builder, node) => builder.visit(node.expression as Node),
  ImportExpression(builder, node) {
    const source = node.source as Node;
    if (source.type !== "Literal") return builder.visit(source);
    builder.noteModule(String(source.value));
    return builder.holding({ kind: "module", specifier: String(source.value) });
  },
  MemberExpression: (builder, node) =>
    builder.read(builder.visit(node.object as Node), builder.memberName(node)),
  CallExpression: linkCall,
  NewExpression: linkCall,
  TaggedTemplateExpression: linkCall,
};
