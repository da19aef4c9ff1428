import { AppError } from '@continuo/contracts';
import { DEFAULT_PROJECT_SETTINGS, type Project, type ProjectRecords } from '@continuo/ports';
import { AuthenticateKey, hashOfKey } from './authenticate-key.use-case.ts';

const project = (strict: boolean): Project => ({ id: 'default', createdAt: 1, settings: { ...DEFAULT_PROJECT_SETTINGS, strict } });

/** Records of one project, which can be away, before a clock that stands still. */
function installation(key: string) {
  const state = { now: 1_000_000, project: project(false) as Project | null, isAway: false, asked: 0 };
  const answer = async (): Promise<Project | null> => {
    state.asked += 1;
    if (state.isAway) throw new AppError('records_unavailable', 'the records are away');
    return state.project;
  };
  const records = { find: answer, projectOfKey: async (hash: string) => (hash === hashOfKey(key) ? answer() : null) };
  return { state, records: records as unknown as ProjectRecords };
}

describe('AuthenticateKey', () => {
  const realNow = Date.now;
  afterEach(() => {
    Date.now = realNow;
  });

  it.each(['stored', 'transient'])(
    'finds the settings of the project of a %s key, and believes them for five seconds at most',
    async (kind) => {
      const { state, records } = installation('mpg-a');
      Date.now = () => state.now;
      const authenticate = new AuthenticateKey(records, kind === 'stored' ? null : { keyHash: hashOfKey('mpg-a'), projectId: 'default' });

      expect((await authenticate.execute('mpg-a')).settings.strict).toBe(false);
      state.project = project(true);
      state.now += 4_999;
      expect((await authenticate.execute('mpg-a')).settings.strict).toBe(false);
      expect(state.asked).toBe(1);
      state.now += 1;
      expect((await authenticate.execute('mpg-a')).settings.strict).toBe(true);
    },
  );

  it('opens nothing with a key that was revoked or never was', async () => {
    const { state, records } = installation('mpg-a');
    Date.now = () => state.now;
    const authenticate = new AuthenticateKey(records, { keyHash: hashOfKey('mpg-other'), projectId: 'default' });

    await expect(authenticate.execute(null)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(authenticate.execute('mpg-b')).rejects.toMatchObject({ code: 'key_invalid' });
    await authenticate.execute('mpg-a');
    state.project = null;
    state.now += 5_000;
    await expect(authenticate.execute('mpg-a')).rejects.toMatchObject({ code: 'key_invalid' });
  });

  it('opens the project of a transient key while the records are away, with the settings last known', async () => {
    const { state, records } = installation('mpg-a');
    Date.now = () => state.now;
    const authenticate = new AuthenticateKey(records, { keyHash: hashOfKey('mpg-a'), projectId: 'default' });
    state.isAway = true;
    expect(await authenticate.execute('mpg-a')).toMatchObject({ id: 'default', settings: DEFAULT_PROJECT_SETTINGS });
    state.isAway = false;
    state.project = project(true);
    expect((await authenticate.execute('mpg-a')).settings.strict).toBe(true);
    state.isAway = true;
    state.now += 60_000;
    expect((await authenticate.execute('mpg-a')).settings.strict).toBe(true);
  });
});
