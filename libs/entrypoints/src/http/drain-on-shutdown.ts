import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';
import type { Log } from '@continuo/platform';
import { Draining } from './draining.ts';
import { HTTP_LOG } from './http-log.ts';
import { HTTP_SETTINGS, type HttpSettings } from './http-settings.ts';

/** Idle connections are closed this often while the server drains; left alone they would hold it for over a minute. */
const SWEEP_MS = 100;

/** Ends running requests in good order before the server closes: Nest calls it from `app.close()`. */
@Injectable()
export class DrainOnShutdown implements BeforeApplicationShutdown {
  private readonly draining: Draining;
  private readonly host: HttpAdapterHost;
  private readonly settings: HttpSettings;
  private readonly log: Log;

  constructor(draining: Draining, host: HttpAdapterHost, @Inject(HTTP_SETTINGS) settings: HttpSettings, @Inject(HTTP_LOG) log: Log) {
    this.draining = draining;
    this.host = host;
    this.settings = settings;
    this.log = log;
  }

  async beforeApplicationShutdown(): Promise<void> {
    const server = this.host.httpAdapter.getHttpServer() as Server;
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    server.once('close', () => clearInterval(sweep));
    // A server that never listened never closes.
    if (!server.listening) clearInterval(sweep);
    const startedAt = performance.now();
    const aborted = await this.draining.drain(this.settings.drainMs);
    this.log.debug('drained', { aborted, durationMs: Math.round(performance.now() - startedAt) });
  }
}
