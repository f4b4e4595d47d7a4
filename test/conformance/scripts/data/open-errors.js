// conformance: {"with":["lib"]}
// open() that fails, each caught.
const results = [];
for (const path of ['./missing.txt', '', './lib', '/nonexistent/absolute.txt', undefined]) {
  try {
    open(path);
    results.push(`${path} opened`);
  } catch (error) {
    results.push(`${path} ${error.name} ${error.message}`);
  }
}
export default function () {
  for (const line of results) console.log(line);
}
