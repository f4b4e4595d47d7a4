// healthCheck gives a status and nothing else; what is not served is an exception.
import grpc from 'k6/net/grpc';
const client = new grpc.Client();
export default function () {
  client.connect(__ENV.GRPC_ADDR, { plaintext: true });
  for (const service of [undefined, '', 'up', 'down', 'nope']) {
    try {
      const r = client.healthCheck(service);
      console.log(service, Object.keys(r).join(), typeof r.status, String(r.status), JSON.stringify(r), r.status === grpc.HealthCheckServing, r.status === grpc.HealthCheckNotServing, r);
    } catch (e) {
      console.log(service, 'threw', e.name, e.message);
    }
  }
}
