/**
 * `require()`, which k6 has in the init context only, whatever it asks for. The bundler makes files of the script's own into functions
 * of the bundle, which would go on working. Its helpers hold every way into such a file, and nothing but `require()` takes one after
 * init: static imports are over by then, and `import()` never loads. So the helpers ask first. Only what is run gets
 * these: the bundle that an archive holds runs in k6.
 */
import { requireGuardGlobal } from "./bundle-names.ts";
import { initOnly } from "./open.ts";

/** The bundle with helpers that ask {@link requireGuardGlobal}; no line is added and no code of a script moves. */
export function withRequireGuard(code: string): string {
  return (
    code
      .replace(/^var __glob = \(map\) => \(path\) => \{$/mu, `$& ${requireGuardGlobal}();`)
      // `import()` of a pattern is no more than one of a path.
      .replace(
        /^(\s*(?:var )?globImport_\w* =) __glob\(/gmu,
        "$1 (path) => import(path); void __glob(",
      )
      .replace(/^var __commonJS = \(.*\) => function \w+\(\) \{$/mu, `$& ${requireGuardGlobal}();`)
      .replace(
        /^var __esm = \((\w+).*\) => function \w+\(\) \{$/mu,
        // A module that has run is no news, and `__toCommonJS` comes next.
        `$& if ($1) ${requireGuardGlobal}();`,
      )
      .replace(
        /^var __toCommonJS = \((\w+)\) => (.*);$/mu,
        `var __toCommonJS = ($1) => (${requireGuardGlobal}(), $2);`,
      )
  );
}

/** What `require` of one VU works with. */
export interface RequireParts {
  /** Throws outside of the init context. */
  readonly assertInit: () => void;
  readonly importModule: (specifier: string) => object;
  /** Paths that the script asks for and that were not found. */
  readonly missing: readonly string[];
  readonly createError: (message: string) => Error;
}

/** Throws k6's refusal once `stage.init` is false. */
export function createInitAssertion(
  stage: { readonly init: boolean },
  createError: (message: string) => Error,
): () => void {
  return () => {
    if (!stage.init) throw createError(initOnly("require"));
  };
}

/**
 * What is left of `require` once the bundler has taken the files: k6's modules, of which it gives the default export, or the names when
 * there is none.
 */
export function createRequire(parts: RequireParts): (specifier: unknown) => unknown {
  return function require(specifier) {
    parts.assertInit();
    const name = specifier === undefined || specifier === null ? "" : String(specifier as string);
    if (!/^k6(?:\/|$)/u.test(name)) throw parts.createError(refusal(name, parts.missing));
    const namespace = parts.importModule(name) as { readonly default?: unknown };
    return namespace.default ?? namespace;
  };
}

function refusal(name: string, missing: readonly string[]): string {
  if (name === "") return "require() can't be used with an empty specifier";
  const scheme = /^([a-z][a-z\d+.-]*):\/\//iu.exec(name)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== "https" && scheme !== "file")
    return `only supported schemes for imports are file and https, ${name} has \`${scheme}\``;
  if (scheme === undefined && !/^[./]/u.test(name))
    return `The moduleSpecifier "${name}" couldn't be recognised as something k6 supports.`;
  return missing.includes(name) ? notOnDisk(name) : notBundled(name);
}

function notOnDisk(name: string): string {
  return (
    `The moduleSpecifier "${name}" couldn't be found on local disk. Make sure that you've specified the right path to the file. ` +
    "If you're running k6 using the Docker image make sure you have mounted the local directory (-v /local/path/:/inside/docker/path) " +
    "containing your script and modules so that they're accessible by k6 from inside of the container, " +
    "see https://grafana.com/docs/k6/latest/using-k6/modules/#use-modules-with-docker."
  );
}

/** The one form that lakh cannot follow before the script runs. */
function notBundled(name: string): string {
  return (
    `The module "${name}" is not part of the script as lakh has bundled it, because its path is computed. ` +
    'Write the path out, or its folder at least: require("./lib/" + name); --runner k6 runs it as it is'
  );
}
