/**
 * The bundler. It is required, not imported: before Node imports a CommonJS package it reads all of its text to find
 * the names that it exports, which for this one takes longer (45 ms) than everything else about loading it (12 ms).
 */
import { createRequire } from "node:module";
import type esbuild from "esbuild";

const bundler = createRequire(import.meta.url)("esbuild") as typeof esbuild;

export const build: typeof esbuild.build = bundler.build;
