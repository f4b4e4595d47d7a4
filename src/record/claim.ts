/** Folders of what has several runs: a campaign, a search. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { guardWriting } from "./durable.ts";

/** Makes a folder; its name is `id`, or that and -2, -3 … when it is taken. @throws LakhError RECORD_WRITE */
export function claimId(runsDir: string, id: string): string {
  return guardWriting(join(runsDir, id), () => {
    mkdirSync(runsDir, { recursive: true });
    for (let twin = 2, free = id; ; twin++) {
      if (!existsSync(join(runsDir, free))) {
        mkdirSync(join(runsDir, free));
        return free;
      }
      free = `${id}-${twin}`;
    }
  });
}
