/**
 * What a script's value becomes when k6 hands it to Go, as far as a script can tell: the name of its Go type in an error
 * text, and the conversions of parameters. Asked from k6 v2.2 itself, value by value.
 */

/** Go's name for the type of an exported value: `int64`, `[]interface {}`, `<nil>`, … */
export function goTypeOf(value: unknown): string {
  switch (typeof value) {
    case "undefined":
      return "<nil>";
    case "number":
      return isGoInteger(value) ? "int64" : "float64";
    case "boolean":
      return "bool";
    case "bigint":
      return "*big.Int";
    case "function":
      return isClass(value)
        ? "func(sobek.ConstructorCall) *sobek.Object"
        : "func(sobek.FunctionCall) sobek.Value";
    case "object":
      return goTypeOfObject(value);
    case "string":
    case "symbol":
      return "string";
  }
}

function isGoInteger(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 63 && !Object.is(value, -0);
}

function isClass(callee: unknown): boolean {
  return /^class\b/u.test(Function.prototype.toString.call(callee));
}

const viewTypes: Readonly<Record<string, string>> = {
  Int8Array: "[]int8",
  Uint8Array: "[]uint8",
  Uint8ClampedArray: "[]uint8",
  Int16Array: "[]int16",
  Uint16Array: "[]uint16",
  Int32Array: "[]int32",
  Uint32Array: "[]uint32",
  Float32Array: "[]float32",
  Float64Array: "[]float64",
  BigInt64Array: "[]int64",
  BigUint64Array: "[]uint64",
};

function goTypeOfObject(value: object | null): string {
  if (value === null) return "<nil>";
  if (Array.isArray(value) || value instanceof Set) return "[]interface {}";
  if (ArrayBuffer.isView(value))
    return viewTypes[Object.prototype.toString.call(value).slice(8, -1)] ?? objectType;
  if (value instanceof ArrayBuffer) return "sobek.ArrayBuffer";
  if (value instanceof Date) return "time.Time";
  if (value instanceof Map) return "[][2]interface {}";
  if (value instanceof Promise) return "*sobek.Promise";
  if (value instanceof Number) return goTypeOf(value.valueOf());
  if (value instanceof Boolean) return "bool";
  return objectType;
}

const objectType = "map[string]interface {}";

/** A parameter of Go type string: `undefined` and `null` are the empty one. */
export function toGoString(value: unknown): string {
  if (value === undefined || value === null) return "";
  // oxlint-disable-next-line typescript/no-base-to-string -- "[object Object]" is what k6 makes of an object here, too
  return typeof value === "symbol" ? (value.description ?? "") : String(value);
}

const leastInt64 = -(2n ** 63n);

/** A parameter of Go type int64: cut towards zero; no number and the infinities are 0, what does not fit is the least one. */
export function toInt64(value: unknown): bigint {
  const number = Math.trunc(Number(value));
  if (!Number.isFinite(number)) return 0n;
  return Math.abs(number) < 2 ** 63 ? BigInt(number) : leastInt64;
}
