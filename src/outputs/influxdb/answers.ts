/** What an InfluxDB's answer to a write means, in words for people. */
import type { Reception } from "../delivery.ts";
import type { PostAnswer } from "../http-post.ts";
import { reasonIn, retryAfterMs } from "../answers.ts";
import type { InfluxPlace } from "./options.ts";

export function toReception(answer: PostAnswer, place: InfluxPlace): Reception {
  const { status } = answer;
  if (status === 204 || (status < 300 && answer.text.trim() === "")) return { kind: "taken" };
  const reason = `it answered ${status}${reasonIn(answer)}`;
  if (status === 429 || status >= 500)
    return { kind: "later", reason, retryAfterMs: retryAfterMs(answer) };
  if (status === 400 || status === 413 || status === 422)
    return refusal(reason, droppedPoints(answer.text));
  return { kind: "closed", reason, hint: hintFor(status, place) };
}

function refusal(reason: string, lostSamples: number | undefined): Reception {
  return lostSamples === undefined
    ? { kind: "refused", reason }
    : { kind: "partly", reason, lostSamples };
}

/** `partial write: … dropped=3`: the other points were taken. One that tells of none cannot be trusted to have counted. */
function droppedPoints(text: string): number | undefined {
  const dropped = Number(/\bpartial write\b.*\bdropped=(\d+)/su.exec(text)?.[1]);
  return dropped > 0 ? dropped : undefined;
}

function hintFor(status: number, place: InfluxPlace): string {
  if (status === 401 || status === 403) {
    return place.version === 1
      ? "Check K6_INFLUXDB_USERNAME and K6_INFLUXDB_PASSWORD, and that this user may write; an InfluxDB 2 needs K6_INFLUXDB_TOKEN"
      : "Check K6_INFLUXDB_TOKEN, and that it may write to this bucket";
  }
  if (status === 404) {
    return place.version === 1
      ? `Create the database "${place.database}", which this user may not do; an InfluxDB 2 needs K6_INFLUXDB_TOKEN`
      : `Check that the bucket "${place.bucket}" exists, and K6_INFLUXDB_ORGANIZATION`;
  }
  return "Is that an InfluxDB? Give its address as in --out influxdb=http://localhost:8086/k6";
}
