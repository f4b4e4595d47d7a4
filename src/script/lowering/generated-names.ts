/**
 * Names that emitted code introduces. All begin with one prefix, chosen so that none occurs in the bundle, hence
 * nothing of the script can shadow them or be shadowed.
 */

/** Members of the run-time kit (`createScriptRuntime().kit`, and `lane`) → their short names. */
const kitMembers = {
  run: "run",
  build: "build",
  buildDerived: "buildd",
  rooted: "rooted",
  define: "def",
  waits: "w",
  take: "t",
  sentinel: "S",
  runAsync: "async",
  createPromise: "promise",
  topState: "top",
  constructed: "ctor",
  derived: "derived",
  instance: "new",
  hold: "hold",
  held: "held",
  iterate: "iter",
  delegate: "deleg",
  list: "list",
  refuse: "no",
  callbackSymbols: "m",
  writable: "W",
  refuseImport: "dyn",
  lane: "lane",
} as const;

export type KitMember = keyof typeof kitMembers;

/** Constants of the caller's shell, and variables of a function body. */
const otherNames = ["G", "g", "import", "s", "r", "u", "h", "e", "v", "a"] as const;
/** Families of numbered variables. */
const families = ["p", "i", "o", "q", "d"] as const;

export type LocalName = (typeof otherNames)[number];
export type Family = (typeof families)[number];

export class GeneratedNames {
  readonly #prefix: string;
  readonly #used = new Map<KitMember, string>();
  #count = 0;

  constructor(taken: ReadonlySet<string>) {
    let prefix = "$";
    while (isTaken(prefix, taken)) prefix += "$";
    this.#prefix = prefix;
  }

  /** The name of a kit member, which is thereby used. */
  kit(member: KitMember): string {
    const name = this.#prefix + kitMembers[member];
    this.#used.set(member, name);
    return name;
  }

  local(name: LocalName): string {
    return this.#prefix + name;
  }

  /** A variable that no other place uses. */
  fresh(family: Family): string {
    this.#count += 1;
    return `${this.#prefix}${family}${this.#count}`;
  }

  get used(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#used);
  }
}

function isTaken(prefix: string, taken: ReadonlySet<string>): boolean {
  const fixed = new Set<string>([...Object.values(kitMembers), ...otherNames]);
  for (const name of taken) {
    if (!name.startsWith(prefix)) continue;
    const rest = name.slice(prefix.length);
    if (fixed.has(rest) || /^[piodq]\d+$/u.test(rest)) return true;
  }
  return false;
}
