/** How a function that called exec.test.abort() ended. Only init code, which cannot be left in the middle, sees it thrown. */
export class TestAbortedError extends Error {
  override readonly name = "TestAbortedError";
}
