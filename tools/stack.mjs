// `npm run stack -- up|status|down`: real OpenSearch (with k-NN), Redis and Postgres on this machine, without Docker.
//
// - up (the default): fetches what is missing, starts what does not run, and prints the version of each server and the three
//   settings `NAME=URL`.
// - status: the three settings, nothing else, on stdout. Exits with 0 only when all three answer; stderr tells which does not.
// - down: stops what `up` started. The data stay.
//
// Runs on Node >= 20 with nothing installed. The settings of the stack itself stand at the head of tools/stack/stack.mjs.

import('./stack/command.mjs')
  .then(({ runStackCommand }) => runStackCommand(process.argv.slice(2)))
  .then(
    (exitCode) => {
      process.exitCode = exitCode;
    },
    (error) => {
      console.error(error?.expected ? error.message : error);
      process.exitCode = error?.exitCode ?? 1;
    },
  );
