// A stand-in for a service: answers /readyz and, after a moment, everything else with its process id; tells in a file what reaches it.
import { appendFileSync, existsSync } from 'node:fs';
import { createServer } from 'node:http';

const { NAME, PORT, SHARES_PORT, EVENTS_FILE, BREAKING_FILE, READY_AFTER_MS, ANSWER_AFTER_MS = '20' } = process.env;
const tell = (event) => appendFileSync(EVENTS_FILE, `${NAME} ${process.pid} ${event}\n`);

if (BREAKING_FILE && existsSync(BREAKING_FILE)) {
  console.error('cannot work like this');
  process.exit(3);
}
let isReady = READY_AFTER_MS === undefined;
const becomeReady = () => {
  isReady = true;
  tell('ready');
};
if (!isReady) setTimeout(becomeReady, Number(READY_AFTER_MS));
const server = createServer((request, response) => {
  response.setHeader('connection', 'close');
  if (request.url === '/readyz') {
    response.writeHead(isReady ? 200 : 503).end();
    return;
  }
  setTimeout(() => response.end(String(process.pid)), Number(ANSWER_AFTER_MS));
});
const drain = (reason) => {
  tell(reason);
  server.close(() => {
    tell('drained');
    process.exit(0);
  });
};
for (const reason of ['SIGINT', 'SIGTERM', 'disconnect']) process.once(reason, () => drain(reason));
server.listen({ port: Number(PORT), host: '127.0.0.1', reusePort: SHARES_PORT === 'yes' }, () => {
  tell('listens');
  console.log(`http://127.0.0.1:${PORT}`);
  console.log('at work');
});
