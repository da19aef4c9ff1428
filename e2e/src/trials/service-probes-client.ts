import { fileURLToPath } from 'node:url';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { loadSync, type MethodDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import { PROTO_FILES, PROTO_FOLDER, PROTO_READING, type RpcMethod, TOKEN_METADATA } from '@continuo/contracts';

const CALL_WITHIN_MS = 20_000;

const definitions = loadSync([...PROTO_FILES], { ...PROTO_READING, includeDirs: [fileURLToPath(PROTO_FOLDER)] });

/** What became of a call. */
export interface CallResult {
  /** `OK`, `UNAUTHENTICATED`, … */
  readonly status: string;
  /** Messages that came back. */
  readonly replies: readonly object[];
}

/** Anybody who reaches the port of a service and has its .proto files: sends any message, with any token or none. */
export class StrangerClient {
  readonly #client: Client;

  constructor(port: number) {
    this.#client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  /** Never throws. */
  call(method: RpcMethod, message: object, token: string | null): Promise<CallResult> {
    const { path, requestSerialize, responseDeserialize } = definitionOf(method);
    const metadata = new Metadata();
    if (token !== null) metadata.set(TOKEN_METADATA, token);
    const options = { deadline: Date.now() + CALL_WITHIN_MS };
    return new Promise((resolve) => {
      const replies: object[] = [];
      const end = (error: ServiceError | null): void =>
        resolve({ status: error === null ? 'OK' : (status[error.code] ?? 'none'), replies });
      if (!method.streams) {
        this.#client.makeUnaryRequest(path, requestSerialize, responseDeserialize, message, metadata, options, (error, reply) => {
          if (reply !== undefined) replies.push(reply);
          end(error);
        });
        return;
      }
      this.#client
        .makeServerStreamRequest(path, requestSerialize, responseDeserialize, message, metadata, options)
        .on('data', (reply: object) => replies.push(reply))
        .once('error', end)
        .once('end', () => end(null));
    });
  }

  close(): void {
    this.#client.close();
  }
}

function definitionOf({ service, name }: RpcMethod): MethodDefinition<object, object> {
  const definition = (definitions[service] as ServiceDefinition)[name];
  if (definition === undefined) throw new Error(`No .proto file says what ${service}/${name} is.`);
  return definition as MethodDefinition<object, object>;
}
