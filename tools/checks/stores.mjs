import { openStack } from '../stack/stack.mjs';
import { runProgram, versionIn } from '../stack/programs.mjs';

/** The real stores for the tests: started when they are needed, and left as they were found. */
export class Stores {
  #stack;
  #found;
  #addresses = {};

  /** Starts what does not run. A result for the line of the check: the version of each server. */
  async start(node) {
    this.#stack = openStack({ say: (line) => console.log(line) });
    this.#found = (await this.#stack.status()).filter(({ isUp }) => isUp).map(({ name }) => name);
    const parts = await this.#stack.up().finally(async () => {
      // Specs of a store that is up shall run although another is down.
      const up = (await this.#stack.status()).filter(({ isUp }) => isUp);
      this.#addresses = Object.fromEntries(up.map(({ setting, url }) => [setting, url]));
    });
    const { output } = await runProgram([node, '--version']);
    return {
      passed: 1,
      failed: 0,
      detail: [`Node ${versionIn(output)}`, ...parts.map(({ title, version }) => `${title} ${version}`)].join(', '),
    };
  }

  /** The settings that tell tests where the stores are, without those that did not come up. */
  get addresses() {
    return this.#addresses;
  }

  /** Stops what was started here, also when not everything came up. */
  async stop() {
    if (this.#found === undefined) return;
    const parts = (await this.#stack.status()).filter(({ name }) => !this.#found.includes(name));
    await Promise.all(parts.map(({ name }) => this.#stack.part(name).stop()));
  }
}
