/** k6's progress where there is no terminal: a block of lines once a second (k6: 7.7). */

export interface ScenarioRow {
  readonly name: string;
  /** Running, waiting for its start, in its graceful stop, cut short, done. */
  readonly status: " " | "•" | "↓" | "✗" | "✓";
  /** 0 to 1. */
  readonly share: number;
  /** VUs, time, iterations; fewer where there is less to say. */
  readonly columns: readonly string[];
}

export interface ProgressBlock {
  /** From setup() on. */
  readonly elapsedMs: number;
  /** The longest the load can last, graceful stops included. */
  readonly longestMs: number;
  readonly activeVus: number;
  readonly initializedVus: number;
  readonly completed: number;
  readonly interrupted: number;
  readonly scenarios: readonly ScenarioRow[];
}

/** The block of a second in which load is sent, with the blank line before it. */
export function renderProgressBlock(block: ProgressBlock): string {
  const { activeVus, initializedVus, completed, interrupted } = block;
  const active = String(activeVus).padStart(String(initializedVus).length, "0");
  const head =
    `running (${formatFixedDuration(block.elapsedMs, block.longestMs)}), ${active}/${initializedVus} VUs, ` +
    `${completed} complete and ${interrupted} interrupted iterations`;
  return `\n${[head, ...renderRows(block.scenarios)].join("\n")}\n`;
}

/** The block of a second in which setup() or teardown() runs and no scenario has begun. */
export function renderLifecycleBlock(call: string, scenarios: readonly ScenarioRow[]): string {
  const first: ScenarioRow = { name: "Run", status: " ", share: 1, columns: [call] };
  return `\n${renderRows([first, ...scenarios]).join("\n")}\n`;
}

/**
 * A duration in the width that `longestMs` takes, to tenths of a second: `0.6s` of 3 s, `00m01.0s` of 10 min.
 * Only the units that the longest one has are shown.
 */
export function formatFixedDuration(durationMs: number, longestMs: number): string {
  const tenths = Math.round(durationMs / 100);
  const longest = Math.floor(longestMs / 1_000);
  const seconds = (tenths / 10) % 60;
  const minutes = Math.floor(tenths / 600) % 60;
  const hours = Math.floor(tenths / 36_000);
  const pad = (text: string, most: number): string => text.padStart(String(most).length, "0");
  const tail = seconds.toFixed(1);
  if (longest < 60) return `${pad((tenths / 10).toFixed(1), longest * 100)}s`;
  if (longest < 3_600)
    return `${pad(String(minutes + hours * 60), Math.floor(longest / 60))}m${tail.padStart(4, "0")}s`;
  const minuteText = String(minutes).padStart(2, "0");
  return `${pad(String(hours), Math.floor(longest / 3_600))}h${minuteText}m${tail.padStart(4, "0")}s`;
}

const longestName = 30;

function renderRows(rows: readonly ScenarioRow[]): string[] {
  const names = rows.map(({ name }) => shortName(name));
  const nameWidth = Math.max(...names.map((name) => name.length));
  const widthOf = (column: number): number =>
    Math.max(...rows.map(({ columns }) => columns[column]?.length ?? 0));
  const widths = [widthOf(0), widthOf(1)];
  return rows.map(({ status, share, columns }, index) => {
    const percent = String(Math.floor(share * 100)).padStart(3);
    // The last column is as wide as it is, the others are aligned.
    const cells = columns.map((text, column) => text.padEnd(widths[column] ?? 0));
    const tail = columns.length === 1 ? columns[0] : cells.join("  ");
    const bar = `[ ${percent}% ]`;
    return `${names[index]!.padEnd(nameWidth)} ${status} ${tail ? `${bar} ${tail}` : bar}`;
  });
}

function shortName(name: string): string {
  return name.length > longestName ? `${name.slice(0, longestName - 3)}...` : name;
}
