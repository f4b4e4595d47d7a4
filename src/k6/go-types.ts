/** The names that Go's %T gives what a script passed: they stand in k6's error texts. */
export function goTypeName(value: unknown): string {
  if (value === undefined || value === null) return "<nil>";
  switch (typeof value) {
    case "number":
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? "int64" : "float64";
    case "boolean":
      return "bool";
    case "function":
      return "func(sobek.FunctionCall) sobek.Value";
    case "object":
      if (Array.isArray(value)) return "[]interface {}";
      if (value instanceof Date) return "time.Time";
      return value instanceof ArrayBuffer ? "sobek.ArrayBuffer" : "map[string]interface {}";
    default:
      return typeof value;
  }
}
