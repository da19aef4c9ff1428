# One file for every app: docker build --build-arg APP=gateway --tag continuo-gateway .
# APP is a folder of apps/: gateway, recall, generation, worker, standalone or command-line.
# NODE_IMAGE needs glibc, so no Alpine: the embedder's runtime is native code.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

# Manifests alone: the layers that install change only when a manifest does.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /src
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete \
 && find . -type d -empty -delete

# Everything, the compiler's optional binaries included; of the result only what runs is kept.
FROM ${NODE_IMAGE} AS build
ENV NX_DAEMON=false npm_config_cache=/var/cache/npm
WORKDIR /src
COPY --from=manifests /src ./
RUN --mount=type=cache,target=/var/cache/npm npm ci
COPY . .
ARG APP
RUN npx nx build "@continuo/${APP}" --skip-nx-cache
# The command line has no main.js; with this link every image starts the same way.
RUN cd "apps/${APP}/dist" && { [ -e main.js ] || ln -s cli.js main.js; }
RUN mkdir /built \
 && find "apps/${APP}" libs ! -type d ! -path '*/node_modules/*' ! -path 'libs/testing/*' ! -name '*.d.ts' \
      \( -path '*/dist/*' -o -name package.json -o -name '*.proto' \) \
      -exec cp --parents --no-dereference --target-directory=/built {} +

FROM ${NODE_IMAGE} AS production-dependencies
ENV npm_config_cache=/var/cache/npm
WORKDIR /src
COPY --from=manifests /src ./
ARG APP
RUN --mount=type=cache,target=/var/cache/npm \
    npm ci --omit=dev --omit=optional --workspace "@continuo/${APP}" \
 && rm package-lock.json .npmrc
# The embedder's runtime brings the binaries of every platform.
RUN find node_modules -path '*/onnxruntime-node/bin/*' -type d \( -name darwin -o -name win32 \) -prune -exec rm -r {} +

FROM ${NODE_IMAGE} AS run
ARG APP
# Written to at run time: these two and /tmp. Everything else may be mounted read-only.
RUN mkdir -p /var/lib/continuo /var/cache/continuo && chown 1000:1000 /var/lib/continuo /var/cache/continuo
ENV NODE_ENV=production \
    NODE_OPTIONS=--enable-source-maps \
    HOST=0.0.0.0 \
    CONTINUO_LOG_FORMAT=json \
    CONTINUO_DATA_DIR=/var/lib/continuo \
    CONTINUO_CACHE_DIR=/var/cache/continuo
WORKDIR /app
COPY --from=production-dependencies /src ./
COPY --from=build /built ./
WORKDIR /app/apps/${APP}
USER 1000:1000
ENTRYPOINT ["node", "dist/main.js"]
