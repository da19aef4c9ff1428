#!/usr/bin/env node
// `npx continuo <command>`: the administrator's command line, run by the project's own Node 24. Like `npm start` it needs
// Node >= 20 and nothing else, and installs and builds first when that was never done; it leaves newer sources to `npm start`.

import('../../../tools/launcher/run-file.mjs')
  .then(({ runCommandLine }) => runCommandLine(process.argv.slice(2)))
  .then(
    (exitCode) => {
      process.exitCode = exitCode;
    },
    (error) => {
      console.error(error?.expected ? error.message : error);
      process.exitCode = error?.exitCode ?? 1;
    },
  );
