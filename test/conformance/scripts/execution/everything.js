// conformance: {"args":["--iterations","2"]}
// Every property of k6/execution in an iteration.
import exec, { instance, scenario, test, vu } from 'k6/execution';
const kind = (value) => `${typeof value} ${Array.isArray(value)}`;
export default function () {
  console.log(exec.scenario.name, exec.scenario.executor, kind(scenario.startTime), exec.scenario.startTime > 1e12, kind(scenario.progress));
  console.log(scenario.iterationInInstance, scenario.iterationInTest);
  console.log(vu.idInInstance, vu.idInTest, vu.iterationInInstance, vu.iterationInScenario);
  console.log(instance.iterationsInterrupted, instance.iterationsCompleted, instance.vusActive, instance.vusInitialized, kind(instance.currentTestRunDuration), instance.currentTestRunDuration > 0);
  console.log(kind(test.abort), kind(test.fail), kind(test.options), JSON.stringify(Object.keys(exec).sort()));
  console.log(Object.keys(scenario).sort(), Object.keys(vu).sort(), Object.keys(instance).sort(), Object.keys(test).sort());
  console.log(Object.keys(vu.metrics).sort());
  if (scenario.iterationInTest === 0) return;
  for (const [name, object] of Object.entries({ scenario, vu, instance, test })) {
    try {
      object.name = 'written';
      object.idInTest = 'written';
      console.log(name, object.name, object.idInTest);
    } catch (error) {
      console.log(name, error.name);
    }
  }
}
