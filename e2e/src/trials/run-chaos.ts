import { parseArgs } from 'node:util';
import { wreak } from './chaos.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    users: { type: 'string', default: '8' },
    parallel: { type: 'string', default: '6' },
    seed: { type: 'string', default: '1' },
  },
});

const report = await wreak({
  kills: Number(values.kills),
  users: Number(values.users),
  parallel: Number(values.parallel),
  seed: Number(values.seed),
});
const lists = ['lostMessages', 'doubledMessages', 'unendedTasks', 'doubledMemories'] as const;
console.log(`kills                 ${report.kills}`);
console.log(`acknowledged messages ${report.acknowledgedMessages}`);
console.log(`acknowledged tasks    ${report.acknowledgedTasks}`);
console.log(`refused requests      ${report.refusedRequests}`);
console.log(`memories              ${report.memories}`);
for (const name of lists) console.log(`${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).padEnd(22)}${report[name].length}`);
process.exitCode = lists.every((name) => report[name].length === 0) ? 0 : 1;
