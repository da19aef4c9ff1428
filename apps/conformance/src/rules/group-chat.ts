import { must } from '../engine/expectations.ts';
import { shown } from '../engine/json.ts';
import { rule, type RuleGroup } from '../engine/rule.ts';
import type { Suite } from '../engine/suite.ts';
import { acceptances, type Base } from '../engine/tables.ts';
import { memoriesOf, says, wordsOf } from './fixtures.ts';

interface Group {
  readonly ana: string;
  readonly ben: string;
  readonly stranger: string;
}

const group = (suite: Suite): Promise<Group> =>
  suite.once('group', async () => {
    const [ana, ben] = [suite.fresh('ana'), suite.fresh('ben')];
    await suite.remember({
      user_id: [ana, ben],
      conversation_id: suite.fresh('conversation'),
      messages: [
        says('I live in Tromso.', { role_id: ana, role_name: 'Ana' }),
        says('I work as a carpenter in Narvik.', { role_id: ben, role_name: 'Ben' }),
      ],
    });
    return { ana, ben, stranger: suite.fresh('stranger') };
  });

const found = async (suite: Suite, user: string, more: object = {}): Promise<string> =>
  wordsOf(await suite.ask('/search/memory', { user_id: user, query: 'Tromso carpenter Narvik', relativity: 0, ...more }));

const base: Base = {
  prefix: 'group',
  path: '/add/message',
  body: (suite) => ({
    user_id: [suite.fresh(), suite.fresh()],
    conversation_id: suite.fresh('conversation'),
    messages: [says('I live in Oslo.')],
  }),
};

const accepted = acceptances(base, [
  ['user_id.twenty', '20 user ids are accepted', (suite) => ({ user_id: Array.from({ length: 20 }, () => suite.fresh()) })],
  ['agent_id.list', 'a list of agent ids is accepted', { agent_id: ['planner', 'coach'] }],
  [
    'role_name.accepted',
    'a speaker may have a name',
    (suite) => {
      const user = suite.fresh();
      return { user_id: [user, suite.fresh()], messages: [says('I live in Oslo.', { role_id: user, role_name: 'Kim' })] };
    },
  ],
]);

export const groupChat: RuleGroup = {
  endpoint: 'group chat of POST /add/message',
  rules: [
    ...accepted,
    ...(['ana', 'ben'] as const).map((name) =>
      rule(`group.subject.${name}`, 'the space of each listed user receives what that user said', async (suite) => {
        const users = await group(suite);
        const data = await memoriesOf(suite, users[name]);
        must(wordsOf(data).includes(name === 'ana' ? 'Tromso' : 'Narvik'), `no memory says so: ${shown(data)}`);
      }),
    ),
    rule('group.stranger', 'a user who is not listed finds nothing of it', async (suite) => {
      const seen = await found(suite, (await group(suite)).stranger);
      must(!/Tromso|Narvik/u.test(seen), `found ${shown(seen)}`);
    }),
    rule('group.speaker', 'what another speaker said is told with that name', async (suite) => {
      const { ana } = await group(suite);
      const { memory_detail_list: facts } = await memoriesOf(suite, ana);
      const foreign = (facts as { memory_value: string }[]).filter(({ memory_value: value }) => value.includes('Narvik'));
      must(
        foreign.every(({ memory_value: value }) => value.includes('Ben')),
        `a memory does not name Ben: ${shown(foreign.map(({ memory_value: value }) => value))}`,
      );
      must(wordsOf({ ...(await memoriesOf(suite, ana)) }).includes('Tromso'), 'there is nothing to compare with');
    }),
    rule('group.related_id.match', 'related_id finds what relates to a speaker', async (suite) => {
      const { ana } = await group(suite);
      must((await found(suite, ana, { filter: { and: [{ related_id: [ana] }] } })).includes('Tromso'), 'the memory is not found');
    }),
    rule('group.related_id.either', 'related_id with several ids matches any of them', async (suite) => {
      const { ana } = await group(suite);
      must(
        (await found(suite, ana, { filter: { and: [{ related_id: [suite.fresh(), ana] }] } })).includes('Tromso'),
        'the memory is not found',
      );
    }),
    rule('group.related_id.other', 'related_id of somebody else finds nothing', async (suite) => {
      const { ana, stranger } = await group(suite);
      const seen = await found(suite, ana, { filter: { and: [{ related_id: [stranger] }] } });
      must(!seen.includes('Tromso'), `found ${shown(seen)}`);
    }),
  ],
};
