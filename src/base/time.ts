/** Points in time as Go's libraries write them (RFC 3339): local time with its offset, fractions without trailing zeros. */

const two = (value: number): string => String(value).padStart(2, "0");

/** To the second, without the offset: `2026-08-01T10:00:00`; the same for all instants of one second. */
interface Second {
  readonly unixSeconds: number;
  readonly local: string;
  readonly offset: string;
}

let last: Second | undefined;

/**
 * An instant in the local time zone, to the microsecond: `2026-08-01T10:00:00.123456Z`, `…+02:00`.
 * `unixMs` may have fractions; finer than microseconds nothing is known.
 */
export function formatGoTime(unixMs: number): string {
  const micros = Math.round(unixMs * 1_000);
  const second = secondOf(Math.floor(micros / 1_000_000));
  const fraction = micros - second.unixSeconds * 1_000_000;
  if (fraction === 0) return second.local + second.offset;
  const digits = String(fraction).padStart(6, "0").replace(/0+$/u, "");
  return `${second.local}.${digits}${second.offset}`;
}

/** The same to the second: `2026-08-01T10:00:00Z`. */
export function formatGoSeconds(unixMs: number): string {
  const second = secondOf(Math.floor(unixMs / 1_000));
  return second.local + second.offset;
}

function secondOf(unixSeconds: number): Second {
  if (last?.unixSeconds === unixSeconds) return last;
  const date = new Date(unixSeconds * 1_000);
  const day = `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  last = { unixSeconds, local: `${day}T${time}`, offset: offsetText(-date.getTimezoneOffset()) };
  return last;
}

function offsetText(minutesEast: number): string {
  if (minutesEast === 0) return "Z";
  const size = Math.abs(minutesEast);
  return `${minutesEast < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
