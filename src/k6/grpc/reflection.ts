/**
 * Asks a server which services it has, and for the files that describe them: server reflection, version v1, and v1alpha
 * for servers that do not have it.
 */
import { GoError } from "../errors.ts";
import type { Call, CallEnd } from "./call.ts";
import type { Channel } from "./channel.ts";
import { decodeFile, type FileDescriptor } from "./descriptors.ts";
import { type Methods, methodsOf } from "./definitions.ts";
import type { Metadata } from "./params.ts";
import {
  decodeReflectionAnswer,
  encodeReflectionRequest,
  type ReflectionAnswer,
} from "./protocols.ts";
import { codes, statusName } from "./status.ts";

const paths = [
  "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
  "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];

/** The methods of all services of the server. @throws GoError */
export async function reflectMethods(channel: Channel, metadata: Metadata): Promise<Methods> {
  let problem: CallEnd | undefined;
  for (const path of paths) {
    const dialogue = new Dialogue();
    // oxlint-disable-next-line no-await-in-loop -- the second version is only asked for when there is no first
    const call = await channel.start({ path, metadata, timeoutMs: Infinity }, dialogue);
    dialogue.begin(call);
    try {
      // oxlint-disable-next-line no-await-in-loop -- see above
      return await readMethods(dialogue);
    } catch (error) {
      if (!(error instanceof DialogueEnded)) throw error;
      problem = error.end;
      if (problem.code !== codes.unimplemented) break;
    } finally {
      call?.destroy();
    }
  }
  const { code, message } = problem!;
  throw new GoError(`can't list services: rpc error: code = ${statusName(code)} desc = ${message}`);
}

async function readMethods(dialogue: Dialogue): Promise<Methods> {
  const listed = await dialogue.ask({ list_services: "*" });
  const files = new Map<string, FileDescriptor>();
  for (const { name } of listed.list_services_response?.service ?? []) {
    // oxlint-disable-next-line no-await-in-loop -- one stream: question, answer, question
    const answer = await dialogue.ask({ file_containing_symbol: name });
    const { error_response: refusal } = answer;
    if (refusal !== undefined && refusal !== null)
      throw new GoError(
        `can't get method on service ${JSON.stringify(name)}: ${refusal.error_message}`,
      );
    keep(files, answer);
  }
  for (let missing = findMissing(files); missing !== undefined; missing = findMissing(files)) {
    // oxlint-disable-next-line no-await-in-loop -- as above
    const answer = await dialogue.ask({ file_by_filename: missing });
    keep(files, answer);
    if (!files.has(missing))
      throw new GoError(`can't get file ${JSON.stringify(missing)} by server reflection`);
  }
  return methodsOf([...files.values()]);
}

function keep(files: Map<string, FileDescriptor>, answer: ReflectionAnswer): void {
  for (const bytes of answer.file_descriptor_response?.file_descriptor_proto ?? []) {
    const file = decodeFile(bytes);
    files.set(file.name, file);
  }
}

/** A file that another imports and that has not come yet. */
function findMissing(files: ReadonlyMap<string, FileDescriptor>): string | undefined {
  for (const { dependency } of files.values())
    for (const name of dependency) if (!files.has(name)) return name;
  return undefined;
}

class DialogueEnded extends Error {
  readonly end: CallEnd;

  constructor(end: CallEnd) {
    super(end.message);
    this.end = end;
  }
}

/** A stream on which each question has one answer. */
class Dialogue {
  #call: Call | undefined;
  #waiting: { resolve(answer: ReflectionAnswer): void; reject(error: Error): void } | undefined;
  #end: CallEnd | undefined;

  begin(call: Call | undefined): void {
    this.#call = call;
  }

  ask(question: Readonly<Record<string, string>>): Promise<ReflectionAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) {
        reject(new DialogueEnded(this.#end));
        return;
      }
      this.#waiting = { resolve, reject };
      this.#call!.write(encodeReflectionRequest(question));
    });
  }

  onMessage(bytes: Buffer): void {
    this.#waiting?.resolve(decodeReflectionAnswer(bytes));
  }

  onEnd(end: CallEnd): void {
    this.#end = end;
    this.#waiting?.reject(new DialogueEnded(end));
  }
}
