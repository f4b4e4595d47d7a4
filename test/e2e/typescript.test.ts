/**
 * Scripts in TypeScript, one a module of k6, that use all that `@types/k6` declares for it: the compiler has no complaint,
 * and lakh runs them, as k6 does. Where the names of the types and those of the runtime differ, it is told here.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import ts from "typescript";
import { WebSocketServer } from "ws";
import { catalog } from "../../src/script/catalog.ts";
import { repoRoot, runLakh, scratchFolder } from "../support/cli.ts";

const folder = join(repoRoot, "test", "e2e", "fixtures", "typescript");
const scripts = readdirSync(folder).filter((name) => name.endsWith(".ts"));

/**
 * Modules of k6 without types: a TypeScript script has to declare them. The first is k6's own, of which nothing is
 * published; the other is the former name of k6/websockets.
 */
const untyped: ReadonlySet<string> = new Set(["k6/crypto/x509", "k6/experimental/websockets"]);

/** Names that only the types have: of k6/html, where each kind of element has one, they are not listed. */
const typesOnly: Readonly<Record<string, readonly string[]>> = {
  // Classes that no script can make; the types declare them as values all the same.
  "k6/crypto": ["Hasher"],
  "k6/experimental/fs": ["File"],
  "k6/http": ["FileData", "SSL_3_0"],
  "k6/metrics": ["Metric"],
  "k6/ws": ["Socket", "WebSocketError"],
};

/** Names that k6 has at run time and the types have not. */
const runtimeOnly: Readonly<Record<string, readonly string[]>> = {
  "k6/browser": ["networkProfiles"],
  "k6/crypto": ["hexEncode"],
  "k6/experimental/streams": ["WritableStream", "WritableStreamDefaultWriter"],
};

const compilerOptions: ts.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  target: ts.ScriptTarget.ES2023,
  lib: ["lib.es2023.d.ts"],
  types: ["k6"],
  typeRoots: [join(repoRoot, "node_modules", "@types")],
  strict: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
};

const program = ts.createProgram(
  scripts.map((name) => join(folder, name)),
  compilerOptions,
);

function complaints(): string[] {
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) =>
        `${file?.fileName ?? ""}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
    );
}

/** The values that a module of the types exports; undefined when there are no types. */
function typedNames(specifier: string): string[] | undefined {
  const checker = program.getTypeChecker();
  for (const source of program.getSourceFiles()) {
    if (!scripts.some((name) => source.fileName.endsWith(`/${name}`))) continue;
    for (const statement of source.statements) {
      if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier))
        continue;
      if (statement.moduleSpecifier.text !== specifier) continue;
      const module = checker.getSymbolAtLocation(statement.moduleSpecifier)!;
      return checker.getExportsOfModule(module).flatMap((symbol) => {
        const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
        const { flags } = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
        return (flags & ts.SymbolFlags.Value) !== 0 && symbol.name !== "default"
          ? [symbol.name]
          : [];
      });
    }
  }
  return undefined;
}

async function target(t: TestContext): Promise<Record<string, string>> {
  const server = createServer((request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ path: request.url }));
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket) =>
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary })),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    sockets.close();
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { BASE_URL: `http://${host}`, WS_URL: `ws://${host}` };
}

describe("TypeScript scripts", () => {
  it("compile against @types/k6", () => {
    assert.deepEqual(complaints(), []);
  });

  it("use every name that types and runtime share", () => {
    const texts = scripts.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
    for (const [specifier, { exports }] of Object.entries(catalog)) {
      const typed = typedNames(specifier);
      assert.equal(typed === undefined, untyped.has(specifier), specifier);
      if (typed === undefined) continue;
      const surplus = typed.filter((name) => !exports.includes(name)).sort();
      if (specifier !== "k6/html") assert.deepEqual(surplus, typesOnly[specifier] ?? [], specifier);
      const missing = exports.filter((name) => !typed.includes(name)).sort();
      assert.deepEqual(missing, runtimeOnly[specifier] ?? [], specifier);
      for (const name of exports.filter((each) => typed.includes(each)))
        assert.match(texts, new RegExp(`\\b${name}\\b`, "u"), `${specifier}: ${name}`);
    }
  });

  for (const name of scripts) {
    it(`${name} runs`, async (t) => {
      const env = await target(t);
      const files = Object.fromEntries(
        readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), "utf8")]),
      );
      const cwd = scratchFolder(t, files);
      const secrets = ["mock=default,token=s3cr3t", "mock=name=second,other=hidden"];
      const flags = name === "secrets.ts" ? secrets.map((text) => `--secret-source=${text}`) : [];
      const { code, stdout, stderr } = await runLakh(["run", "--quiet", ...flags, name], {
        cwd,
        env,
      });
      assert.equal(code, 0, stdout + stderr);
      assert.doesNotMatch(stderr, /level=error/u);
      assert.match(stdout, /checks_succeeded.*100\.00%/u);
    });
  }
});
