/**
 * The walls of the house (docs/design/map.md): which folder may import which, through its door only.
 * `allowed` is read by scripts/check.ts too, which proves that every source file was looked at.
 */
const allowed = {
  base: [],
  // What browsers show: components of preact, which Node renders to HTML, too; a TypeScript project of its own (DOM).
  page: ["base"],
  http: ["base"],
  metrics: ["base"],
  secrets: ["base"],
  schedule: ["base"],
  script: ["base"],
  k6: ["base", "http", "metrics", "secrets"],
  plan: ["base", "schedule", "metrics"],
  config: ["base", "plan", "script"],
  scaffold: ["base"],
  outputs: ["base", "http", "metrics"],
  // Rules over a parsed script and plain facts: no engine, no run.
  lint: ["base", "schedule", "script", "metrics", "plan"],
  engine: ["base", "schedule", "script", "secrets", "k6", "metrics", "http"],
  record: ["base", "metrics", "plan"],
  observe: ["base", "http", "record"],
  judge: ["base", "schedule", "metrics", "record"],
  search: ["base", "metrics", "judge"],
  // Of the schedule what was planned at each moment, for charts.
  report: ["base", "schedule", "metrics", "record", "judge", "page"],
  // The REST API knows a run by the contract it asks for (api/control.ts) and nothing of engine or options: a folder
  // of its own, so that routes and sockets stay out of `run`, which implements the contract.
  api: ["base"],
  // A page on loopback over runs that go on: it knows a run by what outputs are told, by the REST API's contract and by
  // one of its own (dashboard/run-view.ts), which `run` implements.
  dashboard: ["base", "api", "metrics", "outputs", "page"],
  run: [
    "base",
    "api",
    "dashboard",
    "config",
    "scaffold",
    "http",
    "metrics",
    "secrets",
    "schedule",
    "script",
    "k6",
    "plan",
    "outputs",
    "lint",
    "engine",
    "record",
    "observe",
    "judge",
    "search",
    "report",
    "monitor",
  ],
  // Programs that outlive the command: knows no run; `run` asks it where the Prometheus of this machine is.
  monitor: ["base"],
  // Reads facts of the machine and of what a run will talk to, and judges them; it knows no engine and sends no load.
  doctor: ["base", "plan"],
  cli: [
    "base",
    "dashboard",
    "plan",
    "config",
    "lint",
    "scaffold",
    "run",
    "record",
    "judge",
    "report",
    "doctor",
    "monitor",
  ],
};
const folders = Object.keys(allowed);

const folderRules = folders.map((folder) => ({
  name: `walls-${folder}`,
  comment: `src/${folder} may import only: ${allowed[folder].join(", ") || "nothing"}. Move the code down, or hand the value in.`,
  severity: "error",
  from: { path: `^src/${folder}/` },
  to: {
    path: "^src/",
    pathNot: [`^src/${folder}/`, ...allowed[folder].map((name) => `^src/${name}/`)],
  },
}));

const doorRule = {
  name: "one-door",
  comment:
    "Across folders only index.ts may be imported (src/base has no door). Export what you need through the door.",
  severity: "error",
  from: { path: "^src/([^/]+)/" },
  to: { path: "^src/(?!base/)([^/]+)/", pathNot: ["^src/$1/", "^src/[^/]+/index\\.ts$"] },
};

const pureRule = {
  name: "pure-core",
  comment:
    "schedule, metrics, judge, search, lint and the judging half of doctor are pure: no Node module, no package. Hand the value in.",
  severity: "error",
  from: { path: "^src/(schedule|metrics|judge|search|lint|doctor/judge)/" },
  to: { dependencyTypes: ["core", "npm", "npm-dev", "npm-optional", "npm-peer"] },
};

const threadRule = (from, to) => ({
  name: `threads-${from}`,
  comment:
    "engine/host and engine/worker run in different threads: they share protocol.ts and the layers below, nothing else.",
  severity: "error",
  from: { path: `^src/engine/${from}/` },
  to: { path: `^src/engine/${to}/` },
});

module.exports = {
  forbidden: [
    ...folderRules,
    doorRule,
    pureRule,
    threadRule("host", "worker"),
    threadRule("worker", "host"),
    {
      name: "no-cycles",
      comment: "Import cycles, type-only ones included, hide that two modules are one.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "src-is-self-contained",
      comment: "src never imports test, bench, scripts, load-tests, deploy or reference-api.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(test|bench|scripts|load-tests|deploy|reference-api)/" },
    },
    {
      name: "deploy-through-doors",
      comment:
        "deploy uses what src offers: its doors (src/base has none). Export what you need through the door.",
      severity: "error",
      from: { path: "^deploy/" },
      to: { path: "^src/(?!base/)", pathNot: ["^src/[^/]+/index\\.ts$"] },
    },
    {
      name: "runtime-packages",
      comment: "A package used in src or reference-api is a runtime dependency.",
      severity: "error",
      from: { path: "^(src|reference-api)/" },
      to: { dependencyTypes: ["npm-dev"], pathNot: ["^node_modules/@types/"] },
    },
    {
      name: "no-orphans",
      comment: "Nothing imports this file and it imports nothing: delete it.",
      severity: "error",
      from: { orphan: true, path: "^src/" },
      to: {},
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)fixtures/" },
    enhancedResolveOptions: { extensions: [".ts", ".tsx", ".js", ".json"] },
  },
};
