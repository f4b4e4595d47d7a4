// conformance: {"args":["--iterations","8"]}
// What the log says of each kind of thing thrown.
import exec from 'k6/execution';

class Custom extends Error {
  constructor() {
    super('custom message');
    this.name = 'Custom';
    this.code = 7;
  }
}

const thrown = [
  () => new Error('message'),
  () => new Custom(),
  () => 'text',
  () => 42,
  () => undefined,
  () => null,
  () => ({ a: 1 }),
  () => new Error('outer', { cause: new Error('inner') }),
];

export default function () {
  throw thrown[exec.scenario.iterationInTest]();
}
