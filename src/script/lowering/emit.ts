/**
 * The table of what is written for each type of node, and the run over a whole bundle. Types that are not in it are
 * copied, their children emitted.
 */
import {
  emitDefaultExport,
  emitExport,
  dropStatement,
  emitImportCall,
  readModuleForm,
  type ModuleForm,
} from "./emit-modules.ts";
import { emitFunction, emitMember, emitReturn } from "./emit-functions.ts";
import { emitClass, emitField } from "./emit-classes.ts";
import { emitChain, emitSite } from "./emit-sites.ts";
import {
  emitAssignment,
  emitAwait,
  emitDeclaration,
  emitDeclarator,
  emitForIn,
  emitObjectPattern,
  emitShorthand,
  emitStatements,
  emitUnary,
  emitUpdate,
} from "./emit-statements.ts";
import { emitDelegation, emitForOf, emitLabeled, emitSpread } from "./emit-iteration.ts";
import { Emitter, type EmitterParts } from "./emitter.ts";
import { childrenOf, type Handlers, type Node } from "./syntax.ts";

/** Writes a whole bundle; the editor of the result holds it. */
export function emitBundle(parts: Omit<EmitterParts, "handlers">): {
  emitter: Emitter;
  form: ModuleForm;
} {
  const emitter = new Emitter({ ...parts, handlers });
  const form = readModuleForm(emitter);
  emitter.editor.insert(form.prefix);
  const slot = emitter.editor.slot();
  emitter.within(emitter.context, slot, () => {
    emitStatements(emitter, parts.tree.program.body as Node[]);
  });
  emitter.editor.copyTo(parts.tree.code.length);
  return { emitter, form };
}

function emitTargets(emitter: Emitter, node: Node): void {
  for (const child of childrenOf(node)) emitter.emitTarget(child);
}

const handlers: Handlers<Emitter, void> = {
  Identifier(emitter, node) {
    const global = emitter.globals.read(node);
    if (global === undefined) return;
    emitter.replace(node, node === emitter.constructed ? `(${global})` : global);
  },
  FunctionDeclaration: emitFunction,
  FunctionExpression: emitFunction,
  ArrowFunctionExpression: emitFunction,
  ClassDeclaration: emitClass,
  ClassExpression: emitClass,
  PropertyDefinition: emitField,
  MethodDefinition: emitMember,
  Property(emitter, node) {
    if (node.shorthand) emitShorthand(emitter, node as never);
    else emitMember(emitter, node);
  },
  CallExpression: emitSite,
  NewExpression: emitSite,
  TaggedTemplateExpression: emitSite,
  MemberExpression: emitSite,
  ChainExpression: (emitter, node) => emitChain(emitter, node),
  ReturnStatement: emitReturn,
  AwaitExpression: emitAwait,
  ForOfStatement: emitForOf,
  ForInStatement: emitForIn,
  BlockStatement: (emitter, node) => emitStatements(emitter, node.body as Node[]),
  StaticBlock: (emitter, node) => emitStatements(emitter, node.body as Node[]),
  SwitchCase(emitter, node) {
    if (node.test) emitter.emit(node.test as Node);
    emitStatements(emitter, node.consequent as Node[]);
  },
  LabeledStatement: emitLabeled,
  SpreadElement: emitSpread,
  YieldExpression: emitDelegation,
  VariableDeclaration: emitDeclaration,
  VariableDeclarator: emitDeclarator,
  AssignmentExpression: emitAssignment,
  UpdateExpression: emitUpdate,
  UnaryExpression: emitUnary,
  ObjectPattern: emitObjectPattern,
  ArrayPattern: emitTargets,
  RestElement: emitTargets,
  AssignmentPattern(emitter, node) {
    emitter.emitTarget(node.left as Node);
    emitter.emit(node.right as Node);
  },
  ImportExpression: emitImportCall,
  ImportDeclaration: dropStatement,
  ExportNamedDeclaration: emitExport,
  ExportDefaultDeclaration: emitDefaultExport,
  ExportAllDeclaration: dropStatement,
};
