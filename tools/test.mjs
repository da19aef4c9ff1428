// `npm test`: installs and builds what changed, then runs every check and every test, and ends with `N passed, N failed`.
// One part alone: `npm test -- --only lint,unit`. Needs Node >= 20 and nothing installed, so it imports only Node's own modules
// until the install is done.

import('./checks/run.mjs')
  .then(({ runChecks }) => runChecks(process.argv.slice(2)))
  .then(
    (exitCode) => {
      process.exitCode = exitCode;
    },
    (error) => {
      console.error(error?.expected ? error.message : error);
      console.log('0 passed, 1 failed');
      process.exitCode = error?.exitCode ?? 1;
    },
  );
