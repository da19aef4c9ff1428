// `node tools/run.mjs <file> [arguments]`: installs and builds what changed, then runs a file of this project, in the root, by
// the project's Node. For the benches and trials; TypeScript is run as it is.

import('./launcher/run-file.mjs')
  .then(({ runFile }) => runFile(process.argv[2], process.argv.slice(3)))
  .then(
    (exitCode) => {
      process.exitCode = exitCode;
    },
    (error) => {
      console.error(error?.expected ? error.message : error);
      process.exitCode = error?.exitCode ?? 1;
    },
  );
