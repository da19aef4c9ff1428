export { ContinuoHttpModule, useCaseProviders, type HttpUseCases } from './http/continuo-http.module.ts';
export { createHttpApplication } from './http/http-application.ts';
export { Draining } from './http/draining.ts';
export { HTTP_LOG } from './http/http-log.ts';
export { DEFAULT_HTTP_SETTINGS, HTTP_SETTINGS, type HttpSettings } from './http/http-settings.ts';
export { READINESS, type Readiness, type ReadinessPart, type ReadinessReport } from './http/readiness.ts';
export { buildOpenApi } from './http/documentation/open-api.ts';
export { parseFilter, type FilterSettings } from './http/reading/parse-filter.ts';
