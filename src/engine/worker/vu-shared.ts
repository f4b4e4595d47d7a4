/** What the VUs of a worker share, and what each of them is given by its session. */
import type { Clock } from "../../base/clock.ts";
import type { Logger } from "../../base/log.ts";
import type { HttpStack } from "../../http/index.ts";
import type { ExchangeKeeper, ModuleOptions, ScriptFiles, SecretStore } from "../../k6/index.ts";
import type { MetricRegistry, SampleLog, SampleStore, TagSet } from "../../metrics/index.ts";
import type { OpenedFiles, Program, ScriptRuntime } from "../../script/index.ts";
import type { RejectionWatch } from "./rejections.ts";
import type { SleepWheel } from "./sleep-wheel.ts";
import type { RunState } from "./state.ts";
import type { GlobalsHost } from "./vu-globals.ts";

/** What the VUs of a worker share. */
export interface VuShared {
  readonly program: Program<GlobalsHost>;
  readonly runtime: ScriptRuntime;
  readonly clock: Clock;
  readonly logger: Logger;
  /** For the init context, whose console lines always stay in the log (k6). */
  readonly initLogger: Logger;
  readonly registry: MetricRegistry;
  readonly store: SampleStore;
  /** Undefined unless an output wants raw samples. */
  readonly samples: SampleLog | undefined;
  readonly exchanges: ExchangeKeeper;
  /** Tags of the run (`--tag`), the parent of every sample's tags. */
  readonly runTags: TagSet;
  readonly options: ModuleOptions;
  readonly testOptions: Readonly<Record<string, unknown>>;
  /** Written into the exported `options`; undefined for the VU whose options are still to be read. */
  readonly exportedOptions: Readonly<Record<string, unknown>> | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: SecretStore;
  readonly files: ScriptFiles;
  readonly freezesEnv: boolean;
  readonly httpStack: HttpStack | undefined;
  readonly sleeps: SleepWheel;
  readonly state: RunState;
  readonly rejections: RejectionWatch;
  readonly entryDir: string;
  /** False in k6's compatibility mode base, which has no global `global`. */
  readonly extended: boolean;
  /** What `open()` has read in this worker. */
  readonly openedFiles: OpenedFiles;
  readonly abort: (reason: string) => void;
  readonly markFailed: (reason: string) => void;
  /** An exception of the script as the error that ends the run. */
  readonly describeError: (error: unknown) => Error;
}
