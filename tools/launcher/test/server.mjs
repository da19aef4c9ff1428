// A stand-in for the server: tells what reaches it, drains for a moment, exits with 7.
const drain = (reason) => {
  console.log(reason);
  setTimeout(() => process.exit(7), 300);
};
for (const reason of ['SIGINT', 'SIGTERM', 'disconnect']) process.on(reason, () => drain(reason));
setInterval(() => {}, 60_000);
console.log(`up ${process.pid}`);
