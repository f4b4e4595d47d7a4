// conformance: {"args":["--no-setup=false","-w=true","-u=1","-i2","--no-teardown","--include-system-env-vars=false","-e","A=1","-e","B","-e","C=x=y"]}
import exec from 'k6/execution';
export function setup() { console.log('setup'); }
export default function () { console.log(JSON.stringify(Object.entries(__ENV).sort()), exec.test.options.throw, exec.test.options.noTeardown); }
export function teardown() { console.log('teardown'); }
