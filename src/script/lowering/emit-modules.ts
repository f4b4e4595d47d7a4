/**
 * What is written for the module form: imports become look-ups in front of the first line, exports a list beside the
 * code. k6's modules never change after loading, so an import need not be live.
 */
import type * as acorn from "acorn";
import { LakhError } from "../../base/errors.ts";
import type { Emitter } from "./emitter.ts";
import type { LoweredExport, LoweredImport } from "./lowered.ts";
import { childrenOf, moduleName, type Node } from "./syntax.ts";

/** What the module form of a bundle amounts to. */
export interface ModuleForm {
  readonly imports: LoweredImport[];
  readonly exports: LoweredExport[];
  readonly starExports: string[];
  /** Declarations to put in front of the code. */
  prefix: string;
}

/** Reads the imports and exports of a bundle; only what stands between the braces of declarations is emitted later. */
export function readModuleForm(emitter: Emitter): ModuleForm {
  const form: ModuleForm = { imports: [], exports: [], starExports: [], prefix: "" };
  for (const statement of emitter.tree.program.body) {
    if (statement.type === "ImportDeclaration") readImport(emitter, statement, form);
    else if (statement.type === "ExportNamedDeclaration") readExport(emitter, statement, form);
    else if (statement.type === "ExportAllDeclaration") readStarExport(emitter, statement, form);
    else if (statement.type === "ExportDefaultDeclaration") {
      form.exports.push({ exported: "default", local: defaultLocal(emitter, statement) });
    }
  }
  return form;
}

function lookUp(emitter: Emitter, specifier: string): string {
  return `${emitter.names.local("import")}(${JSON.stringify(specifier)})`;
}

function readImport(emitter: Emitter, node: acorn.ImportDeclaration, form: ModuleForm): void {
  const specifier = String(node.source.value);
  const names: string[] = [];
  const picked: string[] = [];
  let isUsed = false;
  for (const item of node.specifiers) {
    if (item.type === "ImportNamespaceSpecifier") {
      form.prefix += `const ${item.local.name}=${lookUp(emitter, specifier)};`;
      isUsed = true;
    } else {
      const name = item.type === "ImportSpecifier" ? moduleName(item.imported) : "default";
      names.push(name);
      picked.push(`${JSON.stringify(name)}:${item.local.name}`);
    }
  }
  if (picked.length > 0) {
    form.prefix += `const {${picked.join(",")}}=${lookUp(emitter, specifier)};`;
  } else if (!isUsed) form.prefix += `${lookUp(emitter, specifier)};`;
  form.imports.push({ specifier, names });
}

function readExport(emitter: Emitter, node: acorn.ExportNamedDeclaration, form: ModuleForm): void {
  if (node.source) {
    const specifier = String(node.source.value);
    const names: string[] = [];
    for (const item of node.specifiers) {
      const local = emitter.names.fresh("d");
      names.push(moduleName(item.local));
      const key = JSON.stringify(moduleName(item.local));
      form.prefix += `const {${key}:${local}}=${lookUp(emitter, specifier)};`;
      form.exports.push({ exported: moduleName(item.exported), local });
    }
    form.imports.push({ specifier, names });
    return;
  }
  for (const { exported, local } of node.specifiers) {
    form.exports.push({ exported: moduleName(exported), local: moduleName(local) });
  }
  for (const name of declaredNames(node.declaration)) {
    form.exports.push({ exported: name, local: name });
  }
}

function declaredNames(declaration: acorn.Declaration | null | undefined): string[] {
  if (!declaration) return [];
  if (declaration.type !== "VariableDeclaration") return [declaration.id.name];
  return declaration.declarations.map(({ id }) => {
    if (id.type === "Identifier") return id.name;
    throw new LakhError(
      "SCRIPT_SYNTAX",
      "an export declares a pattern, which the bundler would have split",
    );
  });
}

function readStarExport(
  emitter: Emitter,
  node: acorn.ExportAllDeclaration,
  form: ModuleForm,
): void {
  const specifier = String(node.source.value);
  form.imports.push({ specifier, names: [] });
  if (!node.exported) {
    form.starExports.push(specifier);
    return;
  }
  const local = emitter.names.fresh("d");
  form.prefix += `const ${local}=${lookUp(emitter, specifier)};`;
  form.exports.push({ exported: moduleName(node.exported), local });
}

function defaultLocal(emitter: Emitter, node: acorn.ExportDefaultDeclaration): string {
  const { declaration } = node;
  const named =
    declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration";
  if (named && declaration.id) return declaration.id.name;
  const local = emitter.names.fresh("d");
  emitter.overridden.set(node, local);
  return local;
}

/** `export` goes, the declaration behind it stays. */
export function emitExport(emitter: Emitter, node: acorn.ExportNamedDeclaration): void {
  const { editor } = emitter;
  if (node.declaration) {
    editor.skipTo(node.declaration.start);
    emitter.emit(node.declaration as Node);
  } else dropStatement(emitter, node);
}

/** `export default X` becomes a declaration of its own. */
export function emitDefaultExport(emitter: Emitter, node: acorn.ExportDefaultDeclaration): void {
  const { editor } = emitter;
  const local = emitter.overridden.get(node);
  editor.skipTo(node.start + "export default".length);
  if (local !== undefined) editor.insert(`const ${local}=`);
  emitter.emit(node.declaration as Node);
  if (local !== undefined && emitter.tree.code[node.end - 1] !== ";") editor.insert(";");
}

/** `import(…)`, which k6 rejects whatever it names, is a call of what does so. */
export function emitImportCall(emitter: Emitter, node: Node): void {
  const { editor } = emitter;
  editor.insert(emitter.names.kit("refuseImport"));
  editor.skipTo(node.start + "import".length);
  for (const child of childrenOf(node)) emitter.emit(child);
}

export function dropStatement(emitter: Emitter, node: Node): void {
  emitter.editor.insert(";");
  emitter.editor.skipTo(node.end);
}
