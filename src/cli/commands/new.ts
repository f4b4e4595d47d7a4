/** `lakh new`: a script to start from. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import type { Command } from "commander";
import { exitCodes, LakhError } from "../../base/errors.ts";
import type { CommandContext } from "../context.ts";
import type { CliErrorCode } from "../errors.ts";
import { absolute } from "../perform-run.ts";
import {
  fillTemplate,
  ownTemplate,
  type TemplateName,
  templateNames,
  type TemplateValues,
} from "../script-templates.ts";

interface NewFlags {
  readonly force?: boolean;
  readonly template: string;
  readonly projectId?: string;
}

export function addNewCommand(program: Command, context: CommandContext): void {
  program
    .command("new")
    .description("write a script to start from")
    .argument("[file]", "where it goes", "script.js")
    .option("-f, --force", "overwrite a file that exists")
    .option(
      "--template <name>",
      `${templateNames.join(", ")}, or the path of a template of your own`,
      "minimal",
    )
    .option("--project-id <id>", "project of the hosted service, for options.cloud")
    .action((file: string, flags: NewFlags) => writeScript(context, file, flags));
}

function writeScript(context: CommandContext, file: string, flags: NewFlags): void {
  const path = absolute(context, file);
  if (existsSync(path) && flags.force !== true) {
    throw new LakhError("NEW_EXISTS" satisfies CliErrorCode, `${file} already exists`, {
      hint: "use --force to overwrite it, or name another file",
      exitCode: exitCodes.generic,
    });
  }
  const { template } = flags;
  const values = { scriptName: basename(file), projectId: projectId(flags.projectId) };
  writeFileSync(path, templateText(context, template, values));
  context.host.stdout.write(`New script created: ${file} (${template} template).\n`);
}

function templateText(context: CommandContext, template: string, values: TemplateValues): string {
  if ((templateNames as readonly string[]).includes(template))
    return ownTemplate(template as TemplateName, values);
  try {
    return fillTemplate(readFileSync(absolute(context, template), "utf8"), values);
  } catch (cause) {
    throw new LakhError(
      "NEW_TEMPLATE" satisfies CliErrorCode,
      `error retrieving template: invalid template type "${template}"`,
      {
        hint: `use ${templateNames.join(", ")}, or the path of a file`,
        exitCode: exitCodes.generic,
        cause,
      },
    );
  }
}

function projectId(text: string | undefined): string | undefined {
  if (text === undefined || /^\d+$/u.test(text)) return text;
  throw new LakhError("NEW_PROJECT" satisfies CliErrorCode, `invalid project id "${text}"`, {
    hint: "a project id is a whole number",
    exitCode: exitCodes.generic,
  });
}
