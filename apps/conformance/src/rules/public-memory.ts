import { must } from '../engine/expectations.ts';
import { shown } from '../engine/json.ts';
import { rule, type RuleGroup } from '../engine/rule.ts';
import type { RequestOptions } from '../engine/server.ts';
import type { Suite } from '../engine/suite.ts';
import { says } from './fixtures.ts';

/** A user of the project says something in public and something in private, both of one place. */
const canteen = (suite: Suite): Promise<string> =>
  suite.once('canteen', async () => {
    const [user, name] = [suite.fresh(), suite.word('Zephyr')];
    await suite.remember({ user_id: user, allow_public: true, messages: [says(`The canteen ${name} closes at nine.`)] });
    await suite.remember({ user_id: user, messages: [says(`I work in the canteen ${name} on Mondays.`)] });
    return name;
  });

const found = async (suite: Suite, options: RequestOptions = {}): Promise<string> => {
  const body = { user_id: suite.fresh(), query: `When does the canteen ${await canteen(suite)} close?`, relativity: 0 };
  return JSON.stringify(await suite.ask('/search/memory', body, options));
};

/** What is public shows in the searches of every user, so these rules run when all others are done. */
export const publicMemory: RuleGroup = {
  endpoint: 'public memory',
  isLast: true,
  rules: [
    rule('public.found', 'what was written with allow_public is found by another user of the project', async (suite) => {
      const seen = await found(suite);
      must(seen.includes(await canteen(suite)), `found ${shown(seen)}`);
    }),
    rule('public.private', 'what was written without it is not', async (suite) => {
      const seen = await found(suite);
      must(!seen.includes('Mondays'), `found ${shown(seen)}`);
    }),
    rule('public.isolated', 'what is public in one project is not public in another', async (suite) => {
      const seen = await found(suite, { key: suite.otherKey });
      must(!seen.includes(await canteen(suite)), `found ${shown(seen)}`);
    }),
  ],
};
