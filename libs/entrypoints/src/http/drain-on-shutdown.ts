import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';
import type { Log } from '@continuo/platform';
import { Draining } from './draining.ts';
import { HTTP_LOG } from './http-log.ts';
import { DEFAULT_QUIET_MS, HTTP_SETTINGS, type HttpSettings } from './http-settings.ts';
import { Connections } from './server/connections.ts';
import { stopListening } from './server/stop-listening.ts';

/** How often it is looked for connections that have been silent long enough. */
const SWEEP_MS = 50;

/**
 * Ends the server in good order; Nest calls it from `app.close()`. No connection is accepted any more, those that are open are
 * served on: each learns with its next reply that it is the last, and those that stay silent are closed. Streams may finish.
 * What is left when the time is over is aborted with its last event.
 */
@Injectable()
export class DrainOnShutdown implements OnModuleInit, BeforeApplicationShutdown {
  private readonly draining: Draining;
  private readonly host: HttpAdapterHost;
  private readonly settings: HttpSettings;
  private readonly log: Log;
  private connections: Connections | null = null;

  constructor(draining: Draining, host: HttpAdapterHost, @Inject(HTTP_SETTINGS) settings: HttpSettings, @Inject(HTTP_LOG) log: Log) {
    this.draining = draining;
    this.host = host;
    this.settings = settings;
    this.log = log;
  }

  onModuleInit(): void {
    this.connections = new Connections(this.server);
  }

  async beforeApplicationShutdown(): Promise<void> {
    const { connections, draining, settings } = this;
    if (connections === null) return;
    const startedAt = performance.now();
    await stopListening(this.server, connections);
    // Between the timer and this look the loop has read what had arrived: a request that waits there is no silence.
    const quietMs = settings.quietMs ?? DEFAULT_QUIET_MS;
    const sweep = setInterval(() => setImmediate(() => connections.closeSilent(quietMs)), SWEEP_MS);
    const silentOnes = connections.count;
    const aborted = await draining.drain(settings.drainMs, connections.none());
    clearInterval(sweep);
    const cut = connections.count;
    connections.closeAll();
    this.log.debug('drained', { connections: silentOnes, aborted, cut, durationMs: Math.round(performance.now() - startedAt) });
  }

  private get server(): Server {
    return this.host.httpAdapter.getHttpServer() as Server;
  }
}
