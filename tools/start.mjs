// `npm start`: installs when a manifest or the lock changed, builds when a source changed, then serves.
//
// Runs on Node >= 20 with nothing installed, so it imports nothing but Node's own modules. The server itself runs on the
// Node 24 that the install brings along.
//
// What the launcher and the server owe each other:
// - The server is apps/standalone/dist/main.js, started in the project root, in a process group of its own, with stdout and
//   stderr inherited, stdin closed and an IPC channel. Its own group means that a Ctrl-C in the terminal reaches it by one
//   road only: through the launcher.
// - Stopping: the first SIGINT, SIGTERM or SIGHUP that reaches the launcher becomes one SIGINT or SIGTERM to the server;
//   repeats are swallowed, because npm and the terminal both pass the same Ctrl-C on. The launcher then exits with the
//   server's exit code. A server still there after 15 s is killed: longer than the 10 s it promises, and never an orphan.
// - Losing the launcher: when the launcher dies without a word (kill -9), the IPC channel closes and the server gets the
//   event 'disconnect' on `process`. It must then drain as on SIGTERM. Messages are not used. A server started by hand has
//   no channel (`process.connected` is undefined) and owes nothing here.
// - Losing npm: when a process above the launcher dies (looked at once a second), the launcher behaves as on SIGTERM.

import('./launcher/start.mjs')
  .then(({ start }) => start())
  .then(
    (exitCode) => {
      process.exitCode = exitCode;
    },
    (error) => {
      console.error(error?.expected ? error.message : error);
      process.exitCode = error?.exitCode ?? 1;
    },
  );
