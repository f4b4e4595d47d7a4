/** `lakh new`: a script to start from, by a template or from a description of the user's API, and a config file to it. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Command, Option } from "commander";
import { exitCodes, LakhError } from "../../base/errors.ts";
import type { ApiDescription, ApiKind } from "../../scaffold/index.ts";
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
  readonly template?: string;
  readonly projectId?: string;
  readonly from?: string;
  readonly kind?: ApiKind;
  readonly withConfig?: boolean;
}

const examples = `
Examples:
  lakh new journey.js
  lakh new journey.js --from openapi.yaml --with-config    the user's own API, and lakh.config.ts beside it
  lakh new journey.js --from visit.har                     a visit that a browser recorded`;

export function addNewCommand(program: Command, context: CommandContext): void {
  program
    .command("new")
    .description("write a script to start from")
    .argument("[file]", "where it goes", "script.js")
    .option("-f, --force", "overwrite a file that exists")
    .option(
      "--template <name>",
      `${templateNames.join(", ")}, or the path of a template of your own (default: minimal)`,
    )
    .option("--project-id <id>", "project of the hosted service, for options.cloud")
    .option(
      "--from <file>",
      "make it from a description of your API: OpenAPI 3, HAR, or a Postman collection",
    )
    .addOption(
      new Option("--kind <kind>", "what --from is; found out from the file when left out").choices([
        "openapi",
        "har",
        "postman",
      ]),
    )
    .option("--with-config", "write lakh.config.ts beside it: users, objectives, what to observe")
    .addHelpText("after", examples)
    .action((file: string, flags: NewFlags) => writeNew(context, file, flags));
}

/** A file to be written. */
interface NewFile {
  /** As it is named to the user. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly message: string;
}

async function writeNew(context: CommandContext, file: string, flags: NewFlags): Promise<void> {
  const script =
    flags.from === undefined
      ? fromTemplate(context, file, flags)
      : await fromDescription(context, file, { ...flags, from: flags.from });
  const files = [script.file, ...(flags.withConfig ? [await configFile(script)] : [])];
  if (flags.force !== true) for (const each of files) refuseToOverwrite(each);
  for (const { path, text, message } of files) {
    writeFileSync(path, text);
    context.host.stdout.write(`${message}\n`);
  }
  for (const note of script.api?.notes ?? []) context.host.stderr.write(`${note}\n`);
}

interface NewScript {
  readonly file: NewFile;
  /** Undefined for one from a template. */
  readonly api?: ApiDescription;
}

function fromTemplate(context: CommandContext, file: string, flags: NewFlags): NewScript {
  const { template = "minimal" } = flags;
  const values = { scriptName: basename(file), projectId: projectId(flags.projectId) };
  const path = absolute(context, file);
  // Before the template is read: what exists is the first thing to know.
  if (flags.force !== true) refuseToOverwrite({ name: file, path });
  const text = templateText(context, template, values);
  const message = `New script created: ${file} (${template} template).`;
  return { file: { name: file, path, text, message } };
}

async function fromDescription(
  context: CommandContext,
  file: string,
  { from, kind, template }: NewFlags & { readonly from: string },
): Promise<NewScript> {
  if (template !== undefined)
    throw new LakhError(
      "NEW_TEMPLATE" satisfies CliErrorCode,
      "--from and --template both say what to write",
      {
        hint: "give one of them",
        exitCode: exitCodes.generic,
      },
    );
  const { emitScript, readApi } = await import("../../scaffold/index.ts");
  const api = await readApi(absolute(context, from), kind);
  const source = basename(from);
  return {
    file: {
      name: file,
      path: absolute(context, file),
      text: emitScript(api, source),
      message: `New script created: ${file} (${api.requests.length} requests of ${source}, ${api.format}).`,
    },
    api,
  };
}

/** Beside the script, so that its path is its name. */
async function configFile({ file, api }: NewScript): Promise<NewFile> {
  const { configTemplate } = await import("../../scaffold/index.ts");
  const name = join(dirname(file.name), "lakh.config.ts");
  return {
    name,
    path: join(dirname(file.path), "lakh.config.ts"),
    text: configTemplate(basename(file.path), api ?? { baseUrl: undefined, variables: [] }),
    message: `New config file created: ${name}.`,
  };
}

function refuseToOverwrite({ name, path }: Pick<NewFile, "name" | "path">): void {
  if (!existsSync(path)) return;
  throw new LakhError("NEW_EXISTS" satisfies CliErrorCode, `${name} already exists`, {
    hint: "use --force to overwrite it, or name another file",
    exitCode: exitCodes.generic,
  });
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
