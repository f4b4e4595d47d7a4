/** The JSON forms of Google's well-known types that are text: Timestamp, Duration, FieldMask. */

/** Seconds and nanoseconds, as both messages have them. */
export interface SecondsNanos {
  readonly seconds: bigint;
  readonly nanos: number;
}

const firstSecond = -62_135_596_800n;
const lastSecond = 253_402_300_799n;
const maxDurationSeconds = 315_576_000_000n;

const timestampForm =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/u;

/** RFC 3339, or undefined. */
export function parseTimestamp(text: string): SecondsNanos | undefined {
  const match = timestampForm.exec(text);
  if (match === null) return undefined;
  const fraction = match[7] ?? "";
  const ms = Date.parse(text.replace(/\.\d+/u, ""));
  if (Number.isNaN(ms)) return undefined;
  const seconds = BigInt(ms / 1_000);
  if (seconds < firstSecond || seconds > lastSecond) return undefined;
  return { seconds, nanos: Number(fraction.padEnd(9, "0")) };
}

/** RFC 3339 with 0, 3, 6 or 9 digits of a second. */
export function formatTimestamp({ seconds, nanos }: SecondsNanos): string {
  const whole = new Date(Number(seconds) * 1_000).toISOString().slice(0, 19);
  return `${whole}${fractionOf(nanos)}Z`;
}

/** "1.5s", or undefined. */
export function parseDuration(text: string): SecondsNanos | undefined {
  const match = /^(-?)(\d+)?(?:\.(\d{0,9}))?s$/u.exec(text);
  if (match === null || (match[2] === undefined && !match[3])) return undefined;
  const seconds = BigInt(match[2] ?? 0);
  if (seconds > maxDurationSeconds) return undefined;
  const nanos = Number((match[3] ?? "").padEnd(9, "0"));
  return match[1] === "-" ? { seconds: -seconds, nanos: -nanos } : { seconds, nanos };
}

/** "1.500s", with 0, 3, 6 or 9 digits. */
export function formatDuration({ seconds, nanos }: SecondsNanos): string {
  const isNegative = seconds < 0n || nanos < 0;
  const whole = seconds < 0n ? -seconds : seconds;
  return `${isNegative ? "-" : ""}${whole}${fractionOf(Math.abs(nanos))}s`;
}

function fractionOf(nanos: number): string {
  if (nanos === 0) return "";
  const digits = String(nanos).padStart(9, "0");
  if (digits.endsWith("000000")) return `.${digits.slice(0, 3)}`;
  return digits.endsWith("000") ? `.${digits.slice(0, 6)}` : `.${digits}`;
}

/** "aB,c.dE" → ["a_b", "c.d_e"]; undefined for what is no mask. */
export function parseFieldMask(text: string): string[] | undefined {
  if (text === "") return [];
  const paths = text.split(",");
  if (!paths.every((path) => /^[A-Za-z0-9.]+$/u.test(path))) return undefined;
  return paths.map((path) => path.replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`));
}

export function formatFieldMask(paths: readonly string[]): string {
  return paths.map(toLowerCamel).join(",");
}

/** protoc's JSON name of a field: underscores go, and the letter after one is a capital. */
export function toLowerCamel(name: string): string {
  return name.replaceAll(/_+(.?)/gu, (_, letter: string) => letter.toUpperCase());
}
