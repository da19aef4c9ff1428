// Run by supervisor.spec.mjs as a process of its own: a supervisor over the services that the first argument describes as JSON.
import { Supervisor } from '../supervisor.mjs';

const supervisor = new Supervisor(JSON.parse(process.argv[2]), { write: (line) => void process.stdout.write(line) });
await supervisor.start();
console.log('all ready');
process.exitCode = await supervisor.ended();
