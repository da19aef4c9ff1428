import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A file of the hub and how it is served. */
export interface HubFile {
  readonly content: Buffer;
  /** Bytes after which the connection breaks (see `arrived`), one per request, in turn; then the file comes whole. */
  readonly breaks?: number[];
  /** Bytes after which nothing more comes. */
  readonly stallsAt?: number;
  /** What the hub claims as the file's hash; undefined: the true one. */
  readonly sha256?: string;
  /** A new etag for every request, as if the file changed all the time. */
  readonly changing?: boolean;
}

/** A model hub on loopback: large files by redirect with their hash, ranges, and the accidents of real networks. */
export class ScriptedHub {
  readonly files = new Map<string, HubFile>();
  readonly requests: { readonly path: string; readonly range: string | undefined }[] = [];
  private held: { readonly response: ServerResponse; readonly position: number } | null = null;
  private readonly server: Server = createServer((request, response) => this.answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Breaks the connection that is to break, once everything sent through it has arrived: a broken connection may lose the rest. */
  arrived(bytes: number): void {
    if (this.held?.position !== bytes) return;
    this.held.response.destroy();
    this.held = null;
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    this.requests.push({ path, range: request.headers.range });
    const file = this.files.get(path.replace(/^\/blob/u, ''));
    if (file === undefined) return void response.writeHead(404).end('not here');
    if (path.startsWith('/blob')) return this.send(file, request, response);
    const sha256 = file.sha256 ?? createHash('sha256').update(file.content).digest('hex');
    response.writeHead(302, { location: `/blob${path}`, 'x-linked-etag': `"${sha256}"`, 'x-linked-size': file.content.length }).end();
  }

  private send(file: HubFile, request: IncomingMessage, response: ServerResponse): void {
    const etag = file.changing ? `"${this.requests.length}"` : '"fixed"';
    const range = /^bytes=(\d+)-$/u.exec(request.headers.range ?? '');
    const start = range !== null && request.headers['if-range'] === etag ? Number(range[1]) : 0;
    const rest = file.content.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, {
      etag,
      'content-length': rest.length,
      ...(start > 0 ? { 'content-range': `bytes ${start}-${file.content.length - 1}/${file.content.length}` } : {}),
    });
    const breakAt = file.breaks?.shift();
    if (breakAt !== undefined) this.held = { response, position: start + breakAt };
    const sent = breakAt ?? file.stallsAt;
    if (sent === undefined) response.end(rest);
    else response.write(rest.subarray(0, sent));
  }
}
