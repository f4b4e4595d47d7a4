/**
 * The bundler. It is required, not imported: before Node imports a CommonJS package it reads all of its text to find
 * the names that it exports, which for this one takes longer (45 ms) than everything else about loading it (12 ms).
 * It works in a process of its own (13 MB), which would stay beside ours for the whole run: it ends with the last bundle.
 */
import { createRequire } from "node:module";
import type esbuild from "esbuild";

const bundler = createRequire(import.meta.url)("esbuild") as typeof esbuild;

/** Bundles under way; scripts may be loaded side by side. */
let underWay = 0;

export const build: typeof esbuild.build = async (options) => {
  underWay++;
  try {
    return await bundler.build(options);
  } finally {
    underWay--;
    if (underWay === 0) await bundler.stop();
  }
};
