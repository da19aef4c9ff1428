import { conformance } from './conformance.ts';
import { RULES } from './rules/index.ts';

process.exitCode = await conformance(process.argv.slice(2), RULES, {
  print: (text) => console.log(text),
  complain: (text) => console.error(text),
  // npm runs scripts in the root of the project; what the caller means is the folder the caller was in.
  // oxlint-disable-next-line node/no-process-env -- no setting: npm's way to say where it was called
  folder: process.env['INIT_CWD'] ?? process.cwd(),
});
