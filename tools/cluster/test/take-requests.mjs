// Run by requests.spec.mjs as a process of its own: the cluster of the folder in the first argument, which answers every request
// with the outcome in the second, after telling what was asked.
import { claimFolder, takeRequest, tellOutcome } from '../requests.mjs';

const [folder, outcome] = process.argv.slice(2);
process.on('SIGUSR2', () => {
  const { id, ...asked } = takeRequest(folder);
  console.log(JSON.stringify(asked));
  tellOutcome(folder, { id, ...JSON.parse(outcome) });
});
claimFolder(folder);
setInterval(() => {}, 60_000);
console.log('up');
