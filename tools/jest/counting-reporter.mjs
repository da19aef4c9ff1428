import { writeFileSync } from 'node:fs';

/** Prints what failed and nothing else, and leaves the counts in the file that JEST_COUNTS_FILE names. */
export default class CountingReporter {
  onTestFileResult(_test, { failureMessage }) {
    if (failureMessage) console.log(failureMessage);
  }

  onRunComplete(_contexts, results) {
    if (results.runExecError) console.log(results.runExecError.stack ?? results.runExecError.message);
    const counts = {
      passed: results.numPassedTests,
      // A file that could not be run has no failed test in it, and is one failure all the same.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      notRun: results.numPendingTests + results.numTodoTests,
    };
    if (process.env.JEST_COUNTS_FILE) writeFileSync(process.env.JEST_COUNTS_FILE, JSON.stringify(counts));
  }
}
