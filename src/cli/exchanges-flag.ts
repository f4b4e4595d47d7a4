/** `--no-exchanges`: the record shows no single requests. */
import type { Command } from "commander";
import type { ResolvedConfig } from "../config/index.ts";

export interface ExchangesFlag {
  /** False when the flag is given. */
  readonly exchanges: boolean;
}

export function addExchangesFlag(command: Command): void {
  command.option(
    "--no-exchanges",
    "keep no requests and responses: the slowest and the failed ones, secrets masked, are in the record otherwise",
  );
}

/** The flag, or else the config file's `exchanges`. */
export function keepsExchanges(flags: ExchangesFlag, config: ResolvedConfig | undefined): boolean {
  return flags.exchanges && config?.exchanges !== false;
}
