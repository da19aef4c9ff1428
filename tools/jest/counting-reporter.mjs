import { writeFileSync } from 'node:fs';

/** How a test says that there is nothing here for it to run. */
const NOT_RUN = 'Not run: ';

/** Prints what failed and nothing else, and leaves the counts in the file that JEST_COUNTS_FILE names. */
export default class CountingReporter {
  #notes = [];

  onTestFileResult(_test, { failureMessage, console: said }) {
    if (failureMessage) console.log(failureMessage);
    for (const { message } of said ?? []) if (message.startsWith(NOT_RUN)) this.#notes.push(message.slice(NOT_RUN.length));
  }

  onRunComplete(_contexts, results) {
    if (results.runExecError) console.log(results.runExecError.stack ?? results.runExecError.message);
    const counts = {
      passed: results.numPassedTests,
      // A file that could not be run has no failed test in it, and is one failure all the same.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      notRun: results.numPendingTests + results.numTodoTests,
      notes: this.#notes,
    };
    if (process.env.JEST_COUNTS_FILE) writeFileSync(process.env.JEST_COUNTS_FILE, JSON.stringify(counts));
  }
}
