/** A command line as it may be kept: what is a secret by its name, or given as one, is left out, however short it is. */
import { isSecretName } from "./names.ts";

const hidden = "***";
/** `NAME=value`, alone or with its flag before it. */
const pair = /^(?<lead>(?:-e|--env)=?)?(?<name>[A-Za-z_]\w*)=/su;
const sourceFlag = "--secret-source";

/** @param given one argument each */
export function concealArguments(given: readonly string[]): string[] {
  return given.map((argument, index) => {
    if (given[index - 1] === sourceFlag) return concealSource(argument);
    if (argument.startsWith(`${sourceFlag}=`))
      return `${sourceFlag}=${concealSource(argument.slice(sourceFlag.length + 1))}`;
    const { lead = "", name } = pair.exec(argument)?.groups ?? {};
    return name !== undefined && isSecretName(name) ? `${lead}${name}=${hidden}` : argument;
  });
}

/** A file says where secrets are; the others hold them, or what opens them. */
function concealSource(text: string): string {
  const type = text.split("=", 1)[0] ?? "";
  return type === "file" ? text : `${type}=${hidden}`;
}
