import { Metrics, silentLog } from '@continuo/platform';
import { TOKEN_COUNTER } from '@continuo/ports';
import { useCaseProviders, type HttpUseCases } from '../continuo-http.module.ts';
import { createHttpApplication } from '../http-application.ts';
import { HTTP_LOG } from '../http-log.ts';
import { DEFAULT_HTTP_SETTINGS } from '../http-settings.ts';
import { READINESS } from '../readiness.ts';
import { buildOpenApi } from './open-api.ts';

/** The document as it is committed: of a server with nothing behind its routes, at the default prefix. */
export async function openApiOfEmptyServer(): Promise<string> {
  const app = await createHttpApplication({
    settings: DEFAULT_HTTP_SETTINGS,
    infrastructure: [
      ...useCaseProviders(NOTHING),
      { provide: HTTP_LOG, useValue: silentLog },
      { provide: READINESS, useValue: {} },
      { provide: TOKEN_COUNTER, useValue: {} },
      { provide: Metrics, useValue: new Metrics({ processDetails: false }) },
    ],
  });
  const document = buildOpenApi(app);
  await app.close();
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Routes are described, never called: whatever is asked for is there and empty. */
const NOTHING = new Proxy({}, { get: () => ({}) }) as HttpUseCases;
