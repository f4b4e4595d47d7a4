/** `npm run grafana:build`: writes the dashboards and rules that the code describes. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { generatedFiles, generatedFolders } from "./files.ts";

const root = resolve(import.meta.dirname, "..", "..", "..");
const files = generatedFiles();

for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  console.log(path);
}
for (const folder of generatedFolders) {
  for (const name of readdirSync(join(root, folder))) {
    if (!(`${folder}/${name}` in files)) rmSync(join(root, folder, name));
  }
}
