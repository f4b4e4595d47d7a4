/** Door of `k6`: the modules and globals of a VU, over the context that the engine gives. */
export type {
  Attachment,
  BlockedCall,
  Companion,
  ExecutionState,
  FoundFile,
  ModuleOptions,
  ScriptFiles,
  Surroundings,
  VuContext,
  VuPhase,
} from "./context.ts";
export {
  type ExchangeKeeper,
  type ExchangeSender,
  type FailureKey,
  type FailureKind,
  noKeeper,
  type OfferedExchange,
  type SlowWatch,
} from "./exchange-watch.ts";
export { GoError, k6ErrorCodes } from "./errors.ts";
export { globalMakers } from "./globals.ts";
export { createModules, loadModules, moduleNames } from "./modules.ts";
export { SecretStore } from "./secrets/store.ts";
