# docker build -t sequitur .
FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY . .
RUN npm ci --no-audit --no-fund && npm run --silent build && mkdir /pack && npm pack --silent --pack-destination /pack

FROM node:24-bookworm-slim
# RocksDB's binding needs libatomic; ca-certificates is for a store behind TLS.
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends libatomic1 ca-certificates \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /pack /pack
RUN npm install --global --omit=dev --no-audit --no-fund /pack/*.tgz && npm cache clean --force && rm -rf /pack \
 && install -d -o node -g node /var/lib/sequitur /etc/sequitur/patterns
USER node
WORKDIR /var/lib/sequitur
VOLUME /var/lib/sequitur
EXPOSE 8181
# Beyond loopback the service asks every request for the token in this file.
ENTRYPOINT ["sequitur"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8181", "--data-dir", "/var/lib/sequitur", "--patterns", "/etc/sequitur/patterns", "--token-file", "/run/secrets/sequitur-token"]
