// Holds the whole tree against the rules of .dependency-cruiser.mjs, and each rule against the fixture that breaks it: a rule
// that lets its fixture through has gone slack.

import { rootFolder } from '../launcher/environment.mjs';
import { fixtures, soundTree } from './fixtures.mjs';
import { withTree } from './tree.mjs';
import { findViolations, ruleNames } from './violations.mjs';

const describe = ({ rule, from, to }) => `${rule}: ${from} -> ${to}`;
const problems = (await findViolations(rootFolder)).map(describe);

for (const violation of await withTree(soundTree, findViolations)) problems.push(`the sound tree breaks ${describe(violation)}`);

for (const rule of await ruleNames()) {
  if (!fixtures[rule]) {
    problems.push(`${rule} has no fixture in tools/boundaries/fixtures.mjs`);
    continue;
  }
  const broken = await withTree(fixtures[rule], findViolations);
  const names = [...new Set(broken.map((violation) => violation.rule))];
  if (names.join() !== rule)
    problems.push(`the fixture of ${rule} should break that rule alone, but breaks: ${names.join(', ') || 'none'}`);
}

for (const problem of problems) console.log(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
