/** Files of /proc and /sys, which are there on Linux only. */
import { readFile } from "node:fs/promises";

/** The text of a file; undefined when it is not there or may not be read. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return undefined; // another system, or a container that hides it
  }
}
