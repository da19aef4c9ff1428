// `node tools/cluster/run.mjs [restart [service]]`: the same as `npm run cluster`, on what is installed and built already.
import { findProjectNode } from '../launcher/environment.mjs';
import { runClusterCommand } from './command.mjs';

try {
  process.exitCode = await runClusterCommand(process.argv.slice(2), findProjectNode() ?? process.execPath);
} catch (error) {
  console.error(error?.expected ? error.message : error);
  process.exitCode = error?.exitCode ?? 1;
}
