import { fuzz } from '../trials/fuzz.ts';

describe('requests invented from the OpenAPI document', () => {
  it('are answered as the document says, without a server error and without anything of others', async () => {
    const { requests, faults, breaches } = await fuzz({
      requests: 500,
      examplesOfEach: 15,
      phases: ['fuzzing'],
      seed: 7,
      say: () => undefined,
    });
    expect({ faults, breaches }).toEqual({ faults: [], breaches: [] });
    expect(requests).toBeGreaterThanOrEqual(500);
  });
});
