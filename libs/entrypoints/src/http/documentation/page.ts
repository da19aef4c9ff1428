/** The page at `/docs`. Everything it loads is served by us; the policy forbids anything else, inline scripts and styles included. */
export const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export const DOCS_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Continuo API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/page.css">
</head>
<body>
<header class="bar"><span class="name">Continuo</span><span class="motto">a memory for conversations</span><a href="/openapi.json">openapi.json</a></header>
<main id="api"><p class="waiting">Loading the API…</p></main>
<noscript><p class="waiting">This page needs JavaScript. The document itself is at <a href="/openapi.json">/openapi.json</a>.</p></noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/page.js"></script>
</body>
</html>
`;

export const DOCS_SCRIPT = `window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  persistAuthorization: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  defaultModelExpandDepth: 4,
  presets: [window.SwaggerUIBundle.presets.apis],
});
`;

export const DOCS_STYLE = `:root { --ink: #1d2433; --accent: #3b5bdb; --paper: #f7f8fb; }
body { margin: 0; background: var(--paper); color: var(--ink); font-family: system-ui, sans-serif; }
.bar { display: flex; align-items: baseline; gap: 1rem; padding: 1rem 2rem; background: var(--ink); color: #fff; }
.bar .name { font-size: 1.35rem; font-weight: 650; letter-spacing: .01em; }
.bar .motto { opacity: .72; }
.bar a { margin-left: auto; color: #c5d0ff; font-family: ui-monospace, monospace; font-size: .85rem; }
.waiting { padding: 4rem 2rem; text-align: center; opacity: .7; }
#api { max-width: 1180px; margin: 0 auto; padding-bottom: 4rem; }
.swagger-ui .info { margin: 2rem 0 1rem; }
.swagger-ui .info .title { color: var(--ink); }
.swagger-ui .info table { max-width: 46rem; }
.swagger-ui .scheme-container { background: transparent; box-shadow: none; padding: 0 0 1rem; }
.swagger-ui .opblock { border-radius: 10px; box-shadow: none; }
.swagger-ui .opblock-tag { border-bottom-color: #dde2ee; }
.swagger-ui .opblock.opblock-post { background: #fff; border-color: #cdd6f4; }
.swagger-ui .opblock.opblock-post .opblock-summary { border-color: #cdd6f4; }
.swagger-ui .opblock.opblock-post .opblock-summary-method { background: var(--accent); }
.swagger-ui .opblock.opblock-get { background: #fff; border-color: #c9e4d8; }
.swagger-ui .opblock.opblock-get .opblock-summary-method { background: #2b8a5f; }
.swagger-ui .btn.authorize, .swagger-ui .btn.execute { border-radius: 8px; }
.swagger-ui .btn.execute { background: var(--accent); border-color: var(--accent); }
.swagger-ui .parameters-col_name { min-width: 12rem; }
.swagger-ui section.models { border-radius: 10px; background: #fff; }
@media (max-width: 640px) { .bar { padding: .8rem 1rem; } .bar .motto { display: none; } #api { padding: 0 .5rem 3rem; } }
`;
