/**
 * The shell around a lowered script: one function expression that takes everything the script may see and returns its
 * exports. It is compiled once a worker and called once a VU, so module state is per VU.
 * The shell before the script is a single prefix without a line break: line numbers of the program are the bundle's.
 */
import type { Lowered } from "./lowering/lowered.ts";

export interface FactorySource {
  readonly text: string;
  /** Characters before the script's own. */
  readonly prefixLength: number;
}

/** The shell's function. Its result is boxed, because a script may export a function called `then`. */
export type Factory = (
  importModule: (specifier: string) => object,
  kit: Readonly<Record<string, unknown>>,
  globals: {
    readonly object: Readonly<Record<string, unknown>>;
    readonly read: (name: string) => unknown;
  },
) => Boxed | Promise<Boxed>;

/**
 * The exports of one instance by name, as they are now; in an array of one. A function and no object of getters, which
 * takes five times the memory for two names.
 */
export type Boxed = readonly [(name: string) => unknown];

/** Writes the shell around `lowered`. */
export function factorySource(lowered: Lowered): FactorySource {
  const { names, kitNames, topLevelAwaits } = lowered;
  const kit = freshName("$kit", lowered.code);
  const shared = freshName("$globals", lowered.code);
  const members = Object.entries(kitNames).map(
    ([member, name]) => `${JSON.stringify(member)}:${name}`,
  );
  const wanted = freshName("$name", lowered.code);
  const exports = lowered.exports.map(
    ({ exported, local }) => `case ${JSON.stringify(exported)}:return ${local}`,
  );
  const result = `return[${wanted}=>{switch(${wanted}){${exports.join(";")}}}]`;
  // A top level that waits is a segment of the VU like any other: at its end it gives the baton back (runtime.ts).
  const end = `}finally{if(${kit}.lane.busy)${kit}.lane.endSegment()}`;
  const prefix = [
    `(${topLevelAwaits ? "async " : ""}function(${names.importModule},${kit},${shared}){"use strict";`,
    `const {${members.join(",")}}=${kit},{object:${names.globals},read:${names.readGlobal}}=${shared};`,
    topLevelAwaits ? "try{" : "",
  ].join("");
  return {
    text: `${prefix}${lowered.code}\n${result}${topLevelAwaits ? end : ""}})`,
    prefixLength: prefix.length,
  };
}

function freshName(wanted: string, code: string): string {
  let name = wanted;
  while (code.includes(name)) name += "$";
  return name;
}
