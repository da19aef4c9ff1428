// Clients that send all the time over connections they keep. They try again what was refused, and nothing else.
import { Agent, request } from 'node:http';

const [port, clients] = process.argv.slice(2).map(Number);
const agent = new Agent({ keepAlive: true, maxSockets: clients });
const failed = [];
let answered = 0;
let isOver = false;

const ask = () =>
  new Promise((resolve, reject) => {
    const asking = request(
      { port, host: '127.0.0.1', path: '/api/openmem/v1/ping', agent, headers: { authorization: 'Token mpg-test' } },
      (reply) => {
        reply.resume().on('end', () => (reply.statusCode === 200 ? resolve() : reject(new Error(`status ${reply.statusCode}`))));
        reply.on('error', reject);
      },
    );
    asking.on('error', reject).end();
  });

async function client(everyMs) {
  while (!isOver) {
    await ask().then(
      () => (answered += 1),
      (error) => (error.code === 'ECONNREFUSED' ? undefined : failed.push(error.code ?? error.message)),
    );
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

const running = Array.from({ length: clients }, (_none, place) => client(place * 14));
process.send('begun');
process.on('message', () => {
  isOver = true;
  void Promise.all(running).then(() => process.send({ answered, failed }, () => process.exit(0)));
});
