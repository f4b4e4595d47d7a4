/** The names that Go's %T gives what a script passed: they stand in k6's error texts. */
export function goTypeName(value: unknown): string {
  if (value === undefined || value === null) return "<nil>";
  if (typeof value === "object") return objectTypeName(value);
  if (typeof value === "number")
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? "int64" : "float64";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "bigint") return "*big.Int";
  return typeof value === "function" ? "func(sobek.FunctionCall) sobek.Value" : typeof value;
}

function objectTypeName(value: object): string {
  if (Array.isArray(value)) return "[]interface {}";
  if (value instanceof Date) return "time.Time";
  if (value instanceof Map) return "[][2]interface {}";
  if (value instanceof Set) return "[]interface {}";
  if (value instanceof ArrayBuffer) return "sobek.ArrayBuffer";
  if (!ArrayBuffer.isView(value)) return "map[string]interface {}";
  const kind = /^(Big)?(Uint|Int|Float)(\d+)/u.exec(value.constructor.name);
  return kind === null ? "map[string]interface {}" : `[]${kind[2]!.toLowerCase()}${kind[3]!}`;
}
