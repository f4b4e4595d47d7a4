/**
 * What the lowering is asked for and what it gives back. The code it gives is the body of a function: imports have
 * become look-ups, exports are a list beside it, globals are read from the VU's own object. It has exactly the lines
 * of the input.
 */
import type { TextEdit } from "./edits.ts";

export interface Position {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

export interface LowerOptions {
  /**
   * `auto` treats a call as one that may wait when flow analysis says that it may; `all` treats every call so
   * (`--lower=all`); `none` treats no call so.
   */
  readonly mode?: "auto" | "all" | "none";
  /**
   * The group of code that an offset of the bundle belongs to: 0 the user's own files, another number for each npm
   * package or remote folder, -1 for the bundler's helpers, which never wait. All is group 0 when left out.
   */
  readonly groupAt?: (offset: number) => number;
  /** The user's file, line and column of an offset, for error messages; line and column of the bundle when left out. */
  readonly positionAt?: (offset: number) => Position;
  /**
   * Globals that the caller binds as constants around the body (`console`, `__ENV`), because they are read often.
   * One that the script assigns to is read from the globals object all the same.
   */
  readonly constants?: ReadonlySet<string>;
}

/** One module that the body asks for by `importModule(specifier)`, which must return its namespace object. */
export interface LoweredImport {
  readonly specifier: string;
  /** Exports named by the script; empty for a namespace or side-effect import. */
  readonly names: readonly string[];
}

/** One export: read `local` inside the body, under a getter, because a script may reassign it. */
export interface LoweredExport {
  readonly exported: string;
  readonly local: string;
}

export interface Lowered {
  /** The body of a function, with the lines of the input; `async` when {@link topLevelAwaits}. */
  readonly code: string;
  /** In the order of their offsets in the input: from them a column of `code` finds its column in the input. */
  readonly edits: readonly TextEdit[];
  /** Run-time kit members that `code` uses → the names it uses them by. Bind them: `const {run:$run}=kit`. */
  readonly kitNames: Readonly<Record<string, string>>;
  /** Names of what else the caller must bind around the body. */
  readonly names: {
    /** The VU's globals object. */
    readonly globals: string;
    /** `(name) => value` of a global; ReferenceError when there is none. See `createGlobalReader`. */
    readonly readGlobal: string;
    /** `(specifier) => namespace object`. */
    readonly importModule: string;
  };
  readonly imports: readonly LoweredImport[];
  readonly exports: readonly LoweredExport[];
  /** Modules named in `export * from`. */
  readonly starExports: readonly string[];
  /** Globals that the body reads from the globals object. */
  readonly freeNames: readonly string[];
  /** Globals of `LowerOptions.constants` that the body uses by name: the caller must bind exactly these. */
  readonly constants: readonly string[];
  /** The body awaits at its top level, so the function around it must be async. */
  readonly topLevelAwaits: boolean;
  readonly stats: {
    readonly functions: number;
    /** Functions that may wait. */
    readonly red: number;
    readonly redByGroup: Readonly<Record<number, number>>;
  };
}
