import { NoChatModel, NoStructuredModel } from './no-models.ts';

describe('NoChatModel', () => {
  it('says that there is none and why, and fails when asked', async () => {
    const model = new NoChatModel('No model is configured.');
    expect(model.describe()).toEqual({ available: false, models: [], reason: 'No model is configured.' });
    await expect(model.stream()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'model_unknown' });
  });
});

describe('NoStructuredModel', () => {
  it('serves no role', async () => {
    const model = new NoStructuredModel();
    expect(model.available()).toBe(false);
    await expect(model.complete()).rejects.toMatchObject({ code: 'model_unknown' });
  });
});
