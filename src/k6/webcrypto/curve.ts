/** The three curves of k6, by the names that scripts give and JWK has. */
import { toGoString } from "../go-values.ts";
import { HostError } from "../host-error.ts";

const bytesByCurve: Readonly<Record<string, number>> = { "P-256": 32, "P-384": 48, "P-521": 66 };

/** @throws HostError NotSupportedError, in the words of the operation */
export function curveOf(given: unknown, from: "generate" | "ECDH" | "ECDSA"): string {
  const name = toGoString(given);
  if (Object.hasOwn(bytesByCurve, name)) return name;
  throw new HostError(
    "NotSupportedError",
    from === "generate"
      ? `elliptic curve ${name} is not supported`
      : `invalid ${from} curve ${name}`,
  );
}

/** Bytes of one coordinate. */
export function coordinateBytes(curve: string): number {
  return bytesByCurve[curve]!;
}

export function isCurve(name: unknown): name is string {
  return typeof name === "string" && Object.hasOwn(bytesByCurve, name);
}
