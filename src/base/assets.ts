/** The files that the build puts beside the program for browsers: `dist/page`. */
import { readFileSync } from "node:fs";

/** @param name "report.js", "page.css" */
export function readPageAsset(name: string): string {
  // As far from `dist/src/base` as from `dist/program/host`, where the build may put this.
  return readFileSync(new URL(`../../page/${name}`, import.meta.url), "utf8");
}
