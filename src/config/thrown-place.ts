/** Where in the user's files an error of the config came from. */
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";

/** `file:line:column` of the innermost frame that is the user's; the file alone when there is none. */
export function thrownPlace(
  thrown: unknown,
  { path, sourceMap, file }: { path: string; sourceMap: string; file: string },
): string {
  const stack = thrown instanceof Error ? (thrown.stack ?? "") : "";
  const url = pathToFileURL(path).href;
  const at = stack.indexOf(`${url}:`);
  const position = /^:(\d+):(\d+)/u.exec(at < 0 ? "" : stack.slice(at + url.length));
  if (position === null) return file;
  const { source, line, column } = originalPositionFor(new TraceMap(sourceMap), {
    line: Number(position[1]),
    column: Number(position[2]) - 1,
  });
  return source === null ? file : `${resolve(dirname(file), source)}:${line}:${column + 1}`;
}
