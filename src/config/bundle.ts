/**
 * A config file as one ES module that Node can run: TypeScript is stripped, files beside it are part of it, packages
 * stay packages (found from where the file is, so that native ones work), and `lakh` is the lakh that runs, installed
 * beside the file or not.
 */
import { readFile } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { pathToFileURL } from "node:url";
import type {
  BuildFailure,
  Loader,
  OnResolveArgs,
  OnResolveResult,
  Plugin,
  PluginBuild,
} from "esbuild";
import { exitCodes, LakhError } from "../base/errors.ts";
import { bundler } from "../script/index.ts";
import type { ConfigErrorCode } from "./errors.ts";

/** Code, and the source map back to the user's files. */
export interface ConfigModule {
  readonly code: string;
  readonly sourceMap: string;
}

/** @throws LakhError LAKH_CONFIG_SYNTAX with file, line and column */
export async function bundleConfig(file: string): Promise<ConfigModule> {
  const { build, formatMessage } = await bundler();
  try {
    const { outputFiles } = await build({
      entryPoints: [file],
      outfile: "config.mjs",
      absWorkingDir: dirname(file),
      bundle: true,
      write: false,
      format: "esm",
      platform: "node",
      target: "node20",
      charset: "utf8",
      legalComments: "none",
      logLevel: "silent",
      sourcemap: "external",
      sourcesContent: false,
      define: {
        "import.meta.url": metaNames.url,
        "import.meta.filename": metaNames.filename,
        "import.meta.dirname": metaNames.dirname,
        __filename: metaNames.filename,
        __dirname: metaNames.dirname,
      },
      // CommonJS files in the bundle may require() what is left outside.
      banner: {
        js: `import { createRequire as lakhCreateRequire } from "node:module"; const require = lakhCreateRequire(${JSON.stringify(pathToFileURL(file).href)});`,
      },
      plugins: [packagesPlugin, placePlugin],
    });
    const [map, code] = outputFiles;
    return { code: code!.text, sourceMap: map!.text };
  } catch (failure) {
    if (!isBuildFailure(failure)) throw failure;
    const lines = failure.errors.map((message) => formatMessage(message, (name) => name));
    throw new LakhError("LAKH_CONFIG_SYNTAX" satisfies ConfigErrorCode, lines.join("\n"), {
      hint: "correct the file; packages that it imports must be installed beside it",
      exitCode: exitCodes.invalidConfig,
      cause: failure,
    });
  }
}

/** The published door: relative to this module's folder, as compiled and as bundled (scripts/bundle.ts). */
const lakhUrl = new URL("../../../dist/src/index.js", import.meta.url).href;

const packagesPlugin: Plugin = {
  name: "packages",
  setup(build) {
    build.onResolve({ filter: /^lakh$/ }, () => ({ path: lakhUrl, external: true }));
    build.onResolve({ filter: /^[^./]/ }, (args) => resolvePackage(build, args));
  },
};

/** A package by the URL of its file; what a workspace links in as source is part of the bundle. */
async function resolvePackage(
  build: PluginBuild,
  { path, kind, importer, resolveDir, pluginData }: OnResolveArgs,
): Promise<OnResolveResult | undefined> {
  if (kind === "entry-point" || pluginData === resolving) return undefined;
  const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: resolving });
  const isPackage = found.errors.length === 0 && /[\\/]node_modules[\\/]/u.test(found.path);
  if (found.external || !isPackage) return found;
  const isRequired = kind === "require-call" || kind === "require-resolve";
  return { path: isRequired ? found.path : pathToFileURL(found.path).href, external: true };
}

/** Marks a question of ours to the bundler, which asks all plugins again. */
const resolving = Symbol("resolving");

const metaNames = { url: "__lakhUrl", filename: "__lakhFilename", dirname: "__lakhDirname" };

/** The bundle stands elsewhere: each file keeps its own place. */
const placePlugin: Plugin = {
  name: "place",
  setup(build) {
    build.onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      if (!/\bimport\.meta\b|\b__(?:file|dir)name\b/u.test(text)) return undefined;
      return { contents: `${placeOf(path)}${text}`, loader: loaderOf(path) };
    });
  },
};

/** On the first line, so that line numbers stay. */
function placeOf(path: string): string {
  const { url, filename, dirname: folder } = metaNames;
  const values = [
    [url, pathToFileURL(path).href],
    [filename, path],
    [folder, dirname(path)],
  ];
  return `const ${values.map(([name, value]) => `${name} = ${JSON.stringify(value)}`).join(", ")}; `;
}

function loaderOf(path: string): Loader {
  return extname(path).endsWith("ts") ? "ts" : "js";
}

function isBuildFailure(thrown: unknown): thrown is BuildFailure {
  return thrown instanceof Error && Array.isArray((thrown as Partial<BuildFailure>).errors);
}
