import { ScriptedModel } from '@continuo/testing';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { discoverLocalModel } from './discover-local-model.ts';

const PATIENT_MS = 10_000;
const servers: { close(): unknown }[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function modelServer(...models: string[]): Promise<number> {
  const server = await ScriptedModel.start({ models });
  servers.push(server);
  return server.port;
}

async function otherServer(listener: RequestListener): Promise<number> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return (server.address() as AddressInfo).port;
}

describe('discoverLocalModel', () => {
  it('finds a chat model and says which server has it', async () => {
    const port = await modelServer('nomic-embed-text:latest', 'bge-m3', 'qwen3:8b');
    expect(await discoverLocalModel({ servers: [{ name: 'Ollama', port }], timeoutMs: PATIENT_MS })).toEqual({
      baseUrl: `http://127.0.0.1:${port}/v1`,
      model: 'qwen3:8b',
      name: 'Ollama',
      thinkingOff: 'vllm',
    });
  });

  it('prefers the server named first', async () => {
    const ports = [await modelServer('first'), await modelServer('second')];
    const found = await discoverLocalModel({ servers: ports.map((port) => ({ name: String(port), port })), timeoutMs: PATIENT_MS });
    expect(found?.model).toBe('first');
  });

  it('goes by servers that have no chat model, are no model servers, hang, or are not there', async () => {
    const closed = await ScriptedModel.start();
    const closedPort = closed.port;
    await closed.close();
    const ports = [
      closedPort,
      await modelServer('text-embedding-nomic-embed-text-v1.5', 'bge-reranker-v2-m3'),
      await otherServer((_request, response) => response.end('<html>a web page</html>')),
      await otherServer((_request, response) => response.end('{"data": {"id": "x"}}')),
      await otherServer((_request, response) => response.writeHead(401).end('{"data": [{"id": "locked"}]}')),
      await otherServer(() => {}),
    ];
    expect(await discoverLocalModel({ servers: ports.map((port) => ({ name: 'x', port })) })).toBeNull();
  });
});
