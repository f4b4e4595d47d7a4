// conformance: {"ignore":["log"]}
import { sleep } from 'k6';
export const options = { handleSummaryTimeout: '500ms' };
export default function () {}
export function handleSummary() {
  sleep(20);
  return {};
}
