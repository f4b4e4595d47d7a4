/** Telling async functions from others: where k6 refuses them, a promise would be taken for the value it stands for. */

const asyncFunctionPrototype: unknown = Object.getPrototypeOf(async () => undefined);

/** True for a function that was written with `async` and not lowered. */
export function isAsyncFunction(callee: unknown): boolean {
  return Object.getPrototypeOf(callee) === asyncFunctionPrototype;
}
