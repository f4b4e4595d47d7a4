/** What every command gets: the outside world, and where to leave its exit code. */
import type { Host } from "../base/host.ts";

export interface CommandContext {
  readonly host: Host;
  /** Exit code of the process when the command ends without an error. */
  exitCode: number;
}
