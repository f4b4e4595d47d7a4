/**
 * The helper libraries that scripts import by URL and that lakh serves itself, so that they work without a network.
 * Every version of a library gets the same file: their public functions only ever grew.
 */

const own = /^https:\/\/jslib\.k6\.io\/(k6-summary|k6-utils)\/[^/]+\/index\.js$/u;

/** URL of the compiled file that stands for `url`, undefined when lakh has none. */
export function jslibFile(url: string): string | undefined {
  const { origin, pathname } = new URL(url);
  const name = own.exec(origin + pathname)?.[1];
  if (name === undefined) return undefined;
  // It is bundled into the script, never imported by lakh. Seen from here the same in `dist/src` and in `dist/program`.
  return new URL(`../../src/script/jslib/${name}.js`, import.meta.url).href;
}
