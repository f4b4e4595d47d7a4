// conformance: {"args":["--out","csv"],"env":{"K6_CSV_FILENAME":"from-env.csv","K6_CSV_SAVE_INTERVAL":"200ms","K6_CSV_TIME_FORMAT":"rfc3339"},"files":["from-env.csv"]}
export const options = { vus: 1, iterations: 1 };
export default function () {}
