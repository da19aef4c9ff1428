import { Client, credentials, Metadata, status } from '@grpc/grpc-js';
import { loadSync, type MethodDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import { FAILURE_METADATA, PROTO_FILES, PROTO_FOLDER, PROTO_READING, readFailure, type RpcMethod } from '@continuo/contracts';
import { fileURLToPath } from 'node:url';

const definitions = loadSync([...PROTO_FILES], { ...PROTO_READING, includeDirs: [fileURLToPath(PROTO_FOLDER)] });

/** How a call without our client ended. */
export interface RawOutcome {
  /** `OK`, `UNAUTHENTICATED`, ... */
  readonly status: string | undefined;
  /** Of the AppError in the metadata. */
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/** Calls a method as a stranger would: with any metadata and any bytes. */
export async function rawCall(
  port: number,
  method: RpcMethod,
  request: object | Uint8Array,
  metadata: Readonly<Record<string, string>> = {},
): Promise<RawOutcome> {
  const { path, requestSerialize, responseDeserialize } = (definitions[method.service] as ServiceDefinition)[
    method.name
  ] as MethodDefinition<object, object>;
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const sent = new Metadata();
  for (const [name, value] of Object.entries(metadata)) sent.set(name, value);
  const serialize = (value: object): Buffer => (value instanceof Uint8Array ? Buffer.from(value) : requestSerialize(value));
  const call = client.makeServerStreamRequest(path, serialize, responseDeserialize, request, sent, { deadline: Date.now() + 10_000 });
  call.on('data', () => undefined);
  call.on('error', () => undefined);
  const ended = await new Promise<{ code: status; metadata: Metadata }>((resolve) => call.on('status', resolve));
  client.close();
  const [written] = ended.metadata.get(FAILURE_METADATA);
  const failure = typeof written === 'object' ? readFailure(written) : null;
  return { status: status[ended.code], code: failure?.code, message: failure?.message };
}
