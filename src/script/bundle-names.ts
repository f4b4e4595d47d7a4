/**
 * Names that stand in a bundle, shared by those who write them (loading) and those who read them (running).
 * Of its own, so that threads that only run scripts load no bundler.
 */

/** Name of a script that came over standard input, as k6 calls it. */
export const stdinName = "-";

/** What `import.meta.resolve` is called in the bundle. A file that uses it gets a function of that name. */
export const metaResolveName = "lakhMetaResolve";
/** The global behind it: `(specifier, base)`. */
export const metaResolveGlobal = "lakhResolveFrom";

/** `import.meta` itself, whose other members k6 does not have. */
export const metaGlobal = "lakhImportMeta";
/** The globals that say which module's top level is being run: `(folder)`, and `()`. */
export const enterModuleGlobal = "lakhEnterModule";
export const leaveModuleGlobal = "lakhLeaveModule";

/** The global that the helpers call: throws outside of the init context. */
export const requireGuardGlobal = "lakhRequireInInit";

/** The name of a module without the bundler's namespace: `remote:https://…` → `https://…`. */
export function stripNamespace(name: string): string {
  return name.replace(/^(?:remote|jslib|archive|enter):/u, "");
}
