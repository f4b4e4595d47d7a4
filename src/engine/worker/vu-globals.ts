/** The globals of a VU that are made when its script first reads them: those of k6's modules, and `open`. */
import { GoError, globalMakers, type VuContext } from "../../k6/index.ts";
import {
  createOpen,
  type LazyGlobals,
  type OpenedFiles,
  type ScriptHost,
} from "../../script/index.ts";

/** A VU as its globals know it. */
export interface GlobalsHost extends VuContext, ScriptHost {
  readonly ids: { readonly inTest: number };
  readonly openedFiles: OpenedFiles;
}

export const createGoError = (message: string): Error => new GoError(message);

export const lazyGlobals: LazyGlobals<GlobalsHost> = {
  ...globalMakers,
  open: (vu) =>
    createOpen({
      entryDir: vu.scriptDir,
      phase: () => vu.phase,
      files: vu.openedFiles,
      mayRead: vu.ids.inTest === 0,
      createError: createGoError,
    }),
};
