/** The command that does the same again, for a shell. */
import type { RunData } from "../../page/index.ts";
import type { RunRecord } from "../../record/index.ts";

/** What is written in the place of a secret. */
const concealed = /\*{3}/u;

export function againOf({ command, script, runner }: RunRecord): RunData["again"] {
  if (command === undefined) {
    const by = runner === "k6" ? "--runner k6 " : "";
    return {
      command: `lakh run ${by}${quote(script.path)}`,
      note: "This record does not hold the flags and the environment of its run: add those that it had; its options are above.",
    };
  }
  const isConcealed = command.some((argument) => concealed.test(argument));
  return {
    command: ["lakh", ...command.map(quote)].join(" "),
    note: isConcealed
      ? "In the folder where it was run. Secrets stand as ***: put them in again."
      : "In the folder where it was run, with the same environment variables.",
  };
}

/** As one word of a POSIX shell. */
export function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/u.test(argument)
    ? argument
    : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}
