// Request headers over HTTP/2: lower case on the wire, what belongs to a connection is dropped or refused.
import http from 'k6/http';

export const options = { insecureSkipTLSVerify: true, vus: 1, iterations: 1 };

const tls = __ENV.TLS_URL;

function show(headers, params = {}) {
  const res = http.get(`${tls}/echo?q=%20a+b`, Object.assign({ headers }, params));
  if (res.status === 0) {
    console.log('failed', res.error_code, res.error, res.proto, res.timings.duration);
    return;
  }
  const seen = res.json();
  const names = Object.keys(seen.headers).sort();
  // The order of several cookies is random.
  const shown = { ...seen.headers, 'user-agent': '*', cookie: seen.headers.cookie?.split('; ').sort().join('; ') };
  console.log(res.proto, seen.url, names.map((name) => `${name}=${shown[name]}`).join('|'));
}

export default function () {
  show({});
  show({ 'X-Custom': 'A', 'accept': '*/*', 'ACCEPT-LANGUAGE': 'de', 'X-Number': 1, 'X-Null': null });
  show({ 'X-Umlaut': 'ü', 'X-Blank': '  x  ' });
  show({ 'Keep-Alive': 'timeout=5', 'Proxy-Connection': 'keep-alive', 'Connection': 'keep-alive', 'Transfer-Encoding': 'chunked' });
  show({ Upgrade: 'h2c' });
  show({ Connection: 'upgrade' });
  show({ 'x-bad name': '1' });
  show({ 'x-bad': 'a\nb' });
  show({ 'User-Agent': 'mine' });
  show({ Cookie: 'a=1; b=2' });
  show({}, { cookies: { c: '3', d: { value: '4', replace: true } } });
  show({ Connection: 'close' });
  console.log(http.get(`${tls}/text`).timings.connecting > 0);
  const user = http.get(tls.replace('https://', 'https://user:pass@') + '/echo');
  console.log(user.json('headers.authorization'), user.json('method'), http.request('get', `${tls}/echo`).json('method'));
}
