// async setup and teardown.
import http from 'k6/http';

export async function setup() {
  const response = await http.asyncRequest('GET', `${__ENV.BASE_URL}/status/201`);
  return { status: response.status, later: await Promise.resolve('later') };
}
export default function (data) {
  console.log(data.status, data.later);
}
export async function teardown(data) {
  await null;
  console.log('teardown', data.status, data.later);
}
