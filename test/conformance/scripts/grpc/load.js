// conformance: {"with":["protos"]}
// What load and loadProtoset give and refuse, in init and after.
import grpc from 'k6/net/grpc';
const print = __VU === 1 ? console.log : () => {};
function attempt(name, action) {
  try {
    print(name, JSON.stringify(action()));
  } catch (e) {
    print(name, 'threw', e.name, e.message.replace(/stat .*\/(?=[^/]*$)/, 'stat '));
  }
}
const client = new grpc.Client();
attempt('load', () => client.load(['protos'], 'feature.proto'));
// The order of the files is random.
attempt('two', () => new grpc.Client().load(['protos'], 'health.proto', 'plain.proto').sort((a, b) => (a.full_method < b.full_method ? -1 : 1)));
attempt('folder of the script', () => new grpc.Client().load(null, 'protos/health.proto'));
attempt('nothing', () => new grpc.Client().load());
attempt('missing', () => new grpc.Client().load(['protos'], 'nope.proto'));
attempt('text', () => new grpc.Client().load('protos', 'health.proto'));
attempt('missing set', () => new grpc.Client().loadProtoset('nope.protoset'));
attempt('connect', () => client.connect(__ENV.GRPC_ADDR));
attempt('invoke', () => client.invoke('lakh.test.v1.Feature/Say', {}));
print(Object.keys(client).join(), String(client), client instanceof grpc.Client, typeof grpc.Client, typeof grpc.Stream);
client.asyncInvoke('x', {}).catch((e) => print('asyncInvoke', typeof e, String(e)));
export default function () {
  attempt('load later', () => client.load(['protos'], 'feature.proto'));
  attempt('protoset later', () => client.loadProtoset('x'));
}
