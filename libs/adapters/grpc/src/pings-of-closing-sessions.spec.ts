import { setTimeout as sleep } from 'node:timers/promises';
import { Client, connectivityState, credentials, Metadata } from '@grpc/grpc-js';
import { loadSync, type MethodDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import { fileURLToPath } from 'node:url';
import { GENERATION_RPC, PROTO_FILES, PROTO_FOLDER, PROTO_READING, TOKEN_METADATA } from '@continuo/contracts';
import type { ChatModel, ChatModelEvent } from '@continuo/ports';
import { addressOf, Services, TOKEN } from '../test/services.ts';
import { letCallsFinishOnClosingSessions } from './pings-of-closing-sessions.ts';

const services = new Services();
afterEach(() => services.close());

const PING_EVERY_MS = 50;
const WITHIN_MS = 20_000;
const PROMPT = {
  scope: { projectId: 'default', subject: 'user:ana' },
  messages: [{ role: 'PROMPT_ROLE_USER', content: 'hi' }],
  temperature: 0,
  topP: 1,
  maxTokens: 1,
};
const { service, name } = GENERATION_RPC.stream;
const definitions = loadSync([...PROTO_FILES], { ...PROTO_READING, includeDirs: [fileURLToPath(PROTO_FOLDER)] });
const stream = (definitions[service] as ServiceDefinition)[name] as MethodDefinition<object, object>;

/** Says one piece at once and the rest when it is let go on. */
function waitingModel(): { readonly chat: ChatModel; readonly goOn: () => void } {
  const gate = Promise.withResolvers<void>();
  const END: ChatModelEvent = { type: 'end', finish: 'stop', usage: { promptTokens: 1, answerTokens: 1 } };
  const chat: ChatModel = {
    describe: () => ({ available: true, models: [], reason: 'yes' }),
    async *stream() {
      yield { type: 'text', text: 'Well, ' };
      await gate.promise;
      yield { type: 'text', text: 'yes.' };
      yield END;
    },
  };
  return { chat, goOn: gate.resolve };
}

describe('a call that is still running when its connection is to close', () => {
  it('finishes, however often the connection would have been pinged meanwhile', async () => {
    letCallsFinishOnClosingSessions();
    const { chat, goOn } = waitingModel();
    const server = await services.generationServer({ chat });
    const client = new Client(addressOf(server), credentials.createInsecure(), { 'grpc.keepalive_time_ms': PING_EVERY_MS });
    const metadata = new Metadata();
    metadata.set(TOKEN_METADATA, TOKEN);
    const call = client.makeServerStreamRequest(stream.path, stream.requestSerialize, stream.responseDeserialize, PROMPT, metadata);
    const pieces: object[] = [];
    const ended = new Promise<string>((resolve) => {
      call.on('data', (piece: object) => pieces.push(piece));
      call.once('error', (error) => resolve(error.message));
      call.once('end', () => resolve('ended'));
    });
    await new Promise((resolve) => call.once('data', resolve));
    const closed = server.close(WITHIN_MS);
    await new Promise((resolve) => client.getChannel().watchConnectivityState(connectivityState.READY, Date.now() + WITHIN_MS, resolve));
    await sleep(10 * PING_EVERY_MS);
    goOn();
    expect(await ended).toBe('ended');
    expect(pieces).toMatchObject([{ text: 'Well, ' }, { text: 'yes.' }, { end: {} }]);
    client.close();
    await closed;
  });
});
