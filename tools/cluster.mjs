// `npm run cluster`: installs and builds what changed, then runs the whole cluster on this machine until Ctrl-C.
// `npm run cluster -- restart [service]`: a rolling restart of the cluster that runs here; no request fails on its account.
//
// What the cluster's processes and their supervisor owe each other stands at the head of tools/cluster/supervisor.mjs, the
// settings of the cluster itself at the head of tools/cluster/command.mjs.

import('./cluster/command.mjs')
  .then(({ prepareAndRun }) => prepareAndRun(process.argv.slice(2)))
  .then(
    (exitCode) => {
      process.exitCode = exitCode;
    },
    (error) => {
      console.error(error?.expected ? error.message : error);
      process.exitCode = error?.exitCode ?? 1;
    },
  );
