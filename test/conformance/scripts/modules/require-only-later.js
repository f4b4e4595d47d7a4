// conformance: {"with":["lazy"]}
// A file that is asked for in an iteration only: its top level never runs.
export default function () {
  for (const load of [() => require('./lazy/loud.js'), () => require('./lazy/loud-module.js')]) {
    try {
      console.log(load());
    } catch (error) {
      console.log(error.name);
    }
  }
}
