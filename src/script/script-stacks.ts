/**
 * `error.stack` as the script reads it: k6's form with the user's places, instead of V8's with those of the lowered program and of lakh.
 * V8 formats a stack when it is first read, so errors whose stack nobody reads cost what they did.
 */

/** What is needed of a program. */
export interface StackProgram {
  /** Its name in V8's traces. */
  readonly name: string;
  /** V8's trace of an error in the user's terms. */
  describeTrace(error: Error, trace: string): string;
}

/** Maps the stacks of errors that begin in `program`, or pass through it, for the rest of this thread's life. */
export function mapStacks(program: StackProgram): void {
  Error.prepareStackTrace = (error, sites) => {
    const trace = nativeTrace(error, sites);
    if (!trace.includes(program.name) || isForeign(sites[0], program)) return trace;
    return `${program.describeTrace(error, trace)}\n`;
  };
}

/** This package, the way V8 names its files. */
const ownRoot = new URL("..", import.meta.url).href;

/** True of an error of another package, which may read its own stack (playwright finds there which of its methods was called). */
function isForeign(top: NodeJS.CallSite | undefined, program: StackProgram): boolean {
  const file = top?.getFileName() ?? "";
  const isOurs = file.startsWith(ownRoot) || file.startsWith("node:");
  return file !== "" && !isOurs && !file.includes(program.name);
}

/** As V8 and Node write it. */
function nativeTrace(error: Error, sites: readonly NodeJS.CallSite[]): string {
  return [headOf(error), ...sites.map((site) => `    at ${site as unknown as string}`)].join("\n");
}

function headOf(error: Error): string {
  try {
    return String(error);
  } catch {
    return "Error";
  }
}
