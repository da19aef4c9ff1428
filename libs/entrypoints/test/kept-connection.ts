import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { KEY } from './http-server.ts';

export interface RawReply {
  readonly status: number;
  /** The header of that name. */
  readonly connection: string;
  readonly body: string;
}

export interface KeptConnection {
  readonly socket: Socket;
  get(path: string): Promise<RawReply>;
  post(path: string, body: object): Promise<RawReply>;
  /** The next reply to what is written to the socket by hand. */
  reply(): Promise<RawReply>;
}

/** One connection, kept after a first request: no agent opens another one behind the scenes. */
export async function keptConnection(origin: string): Promise<KeptConnection> {
  const socket = connect(Number(new URL(origin).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.setEncoding('utf8');
  let text = '';
  socket.on('data', (piece: string) => (text += piece));
  const reply = async (): Promise<RawReply> => {
    await until(() => isWhole(text));
    const [head = '', ...rest] = text.split('\r\n\r\n');
    text = '';
    return {
      status: Number(head.split(' ')[1]),
      connection: /^connection: (.*)$/imu.exec(head)?.[1] ?? '',
      body: rest.join('\r\n\r\n'),
    };
  };
  const send = (head: string, body: string): Promise<RawReply> => {
    socket.write(
      `${head} HTTP/1.1\r\nhost: here\r\nauthorization: Token ${KEY}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    return reply();
  };
  const kept: KeptConnection = {
    socket,
    reply,
    get: (path) => send(`GET ${path}`, ''),
    post: (path, body) => send(`POST /api/openmem/v1${path}`, JSON.stringify(body)),
  };
  await kept.get('/livez');
  return kept;
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return false;
  const length = /^content-length: (\d+)$/imu.exec(text.slice(0, end))?.[1];
  return length === undefined ? text.endsWith('0\r\n\r\n') : text.length - end - 4 >= Number(length);
}

/** Waits for what comes by itself. */
export async function until(condition: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > giveUpAt) throw new Error('it never came');
    await pause(5);
  }
}
