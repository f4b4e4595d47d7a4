/** k6 writes the consolidated options into the `options` that each VU's script exports; scripts read them there. */

/** The consolidated options in the script's own object, each VU's values its own (k6-behaviour 1.4). */
export function writeBack(
  exported: unknown,
  values: Readonly<Record<string, unknown>> | undefined,
): void {
  if (values === undefined || typeof exported !== "object" || exported === null) return;
  const target = exported as Record<string, unknown>;
  for (const [name, value] of Object.entries(values))
    target[name] = typeof value === "object" ? structuredClone(value) : value;
}
