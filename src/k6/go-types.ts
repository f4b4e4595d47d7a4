/** The name of the Go type that k6 makes of a script's value: its error messages name it. */
export function goTypeOf(value: unknown): string {
  switch (typeof value) {
    case "undefined":
      return "<nil>";
    case "number":
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? "int64" : "float64";
    case "bigint":
      return "*big.Int";
    case "boolean":
      return "bool";
    case "string":
    case "symbol":
      return "string";
    case "function":
      return "func(sobek.FunctionCall) sobek.Value";
    case "object":
      return value === null ? "<nil>" : goTypeOfObject(value);
  }
}

function goTypeOfObject(value: object): string {
  if (Array.isArray(value) || value instanceof Set) return "[]interface {}";
  if (value instanceof Map) return "[][2]interface {}";
  if (value instanceof Date) return "time.Time";
  if (value instanceof ArrayBuffer) return "sobek.ArrayBuffer";
  if (!ArrayBuffer.isView(value)) return "map[string]interface {}";
  const kind = /^(?:Big)?(Uint|Int|Float)(\d+)/u.exec(value.constructor.name);
  return kind === null ? "map[string]interface {}" : `[]${kind[1]!.toLowerCase()}${kind[2]!}`;
}
