import { DEFAULT_PROJECT_SETTINGS } from '@continuo/ports';
import { readSubject } from './read-subject.ts';

const shared = { settings: DEFAULT_PROJECT_SETTINGS };
const independent = { settings: { ...DEFAULT_PROJECT_SETTINGS, independentAgents: true } };

describe('readSubject', () => {
  it('is the user, whatever agent takes part, unless agents have memories of their own', () => {
    expect(readSubject({ user_id: 'ana' }, shared)).toBe('user:ana');
    expect(readSubject({ user_id: 'ana', agent_id: 'guide' }, shared)).toBe('user:ana');
    expect(() => readSubject({ agent_id: 'guide' }, shared)).toThrow(
      expect.objectContaining({ code: 'required_field_missing', message: expect.stringContaining('independentAgents') }),
    );
  });

  it('is exactly one of both where agents have memories of their own', () => {
    expect(readSubject({ user_id: 'ana' }, independent)).toBe('user:ana');
    expect(readSubject({ agent_id: 'ana' }, independent)).toBe('agent:ana');
    expect(() => readSubject({ user_id: 'ana', agent_id: 'guide' }, independent)).toThrow(
      expect.objectContaining({ code: 'invalid_request', message: 'Only one of user_id and agent_id may be given.' }),
    );
    expect(() => readSubject({}, independent)).toThrow(expect.objectContaining({ code: 'required_field_missing' }));
  });
});
