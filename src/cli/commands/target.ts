/** `lakh target`: the reference API alone, to try lakh (or k6) against. */
import { type Command, InvalidArgumentError } from "commander";
import { startTargetProcess } from "../../run/index.ts";
import type { CommandContext } from "../context.ts";

export function addTargetCommand(program: Command, context: CommandContext): void {
  program
    .command("target")
    .description("start the reference API and print its URL; Ctrl-C stops it")
    .option("--port <number>", "port to listen on; 0 takes a free one", parsePort, 0)
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .addHelpText(
      "after",
      "\nThe database is embedded; set DATABASE_URL to use a PostgreSQL of yours.",
    )
    .action(async (flags: { port: number; host: string }) => {
      const { host } = context;
      const target = await startTargetProcess({
        host: flags.host,
        port: flags.port,
        env: host.env,
      });
      host.stdout.write(`${target.url}\n`);
      host.stderr.write(
        `reference API, process ${target.pid}; metrics at ${target.url}/metrics; Ctrl-C stops it\n`,
      );
      const stopListening = host.onInterrupt(() => void target.stop());
      await target.ended;
      stopListening();
    });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError("a port is a whole number from 0 to 65535.");
  }
  return port;
}
