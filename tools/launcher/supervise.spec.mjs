import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const launchFile = join(import.meta.dirname, 'test/launch.mjs');

/** Starts a launcher in `sh -c` or directly and waits until its server is up. */
async function launch(command = [process.execPath, launchFile]) {
  const launcher = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = [];
  const ended = once(launcher.stdout, 'end');
  launcher.stdout.on('data', (chunk) => lines.push(...String(chunk).trim().split('\n')));
  await once(launcher.stdout, 'data');
  return { launcher, lines, ended };
}

describe('supervise', () => {
  it.each(['SIGINT', 'SIGTERM'])('passes %s on once, however often it comes, and exits with the code of the server', async (signal) => {
    const { launcher, lines, ended } = await launch();
    const exited = once(launcher, 'exit');
    launcher.kill(signal);
    await once(launcher.stdout, 'data');
    launcher.kill('SIGINT');
    launcher.kill('SIGTERM');
    expect(await exited).toEqual([7, null]);
    await ended;
    expect(lines.slice(1)).toEqual([signal]);
  });

  it('lets the server drain when the launcher is killed without a word', async () => {
    const { launcher, lines, ended } = await launch();
    launcher.kill('SIGKILL');
    await ended;
    expect(lines.slice(1)).toEqual(['disconnect']);
  });

  it('stops the server when the process above the launcher is gone', async () => {
    const script = `"${process.execPath}" "${launchFile}" & wait`;
    const { launcher: shell, lines, ended } = await launch(['sh', '-c', script]);
    shell.kill('SIGKILL');
    await ended;
    expect(lines.slice(1)).toEqual(['SIGTERM']);
  });
});
