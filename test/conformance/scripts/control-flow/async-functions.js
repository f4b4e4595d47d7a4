// async functions beside calls that wait.
import http from 'k6/http';
import { sleep } from 'k6';

const status = (code) => http.get(`${__ENV.BASE_URL}/status/${code}`).status;

async function blockingInside(code) {
  console.log('begin', code);
  const answer = status(code);
  console.log('answered', answer);
  await null;
  console.log('after await', code);
  return answer;
}

async function throwsLater() {
  await null;
  sleep(0.001);
  throw new Error('later');
}

class Client {
  async get(code) {
    const response = await http.asyncRequest('GET', `${__ENV.BASE_URL}/status/${code}`);
    return response.status;
  }
}

export default async function () {
  const pending = blockingInside(200);
  console.log('called', pending instanceof Promise);
  console.log('awaited', await pending);
  try {
    await throwsLater();
  } catch (error) {
    console.log('caught', error.message);
  }
  const client = new Client();
  console.log(await client.get(201), await Promise.all([200, 404].map((code) => client.get(code))));
  for (const code of [200, 201]) console.log('loop', await blockingInside(code));
  const arrow = async (x) => (await x) + status(200);
  console.log(await arrow(1));
  console.log(await (async () => {
    try {
      return await client.get(500);
    } finally {
      sleep(0.001);
      console.log('finally');
    }
  })());
  sleep(0.01);
  console.log('end');
}
