# The monitor and the relay, from the same lock file as `npm start`: docker compose builds both.
# Debian, because the static ffprobe and the system's ping need its C library and tools.
ARG NODE_IMAGE=node:22.23.3-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /opt/hmonitor
COPY package.json package-lock.json .npmrc ./
COPY app/package.json app/
RUN npm ci --no-audit --no-fund
COPY . .
# What only builds and tests is left out of the image.
RUN node scripts/build.ts && npm prune --omit=dev --no-audit --no-fund

FROM ${NODE_IMAGE} AS monitor
# A ping without file capabilities: with all capabilities dropped, the kernel would refuse to run the other one. Docker
# lets every process of a container send echo requests.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates iperf3 iputils-ping \
  && install --mode=755 "$(command -v ping)" /usr/local/bin/ping \
  && rm -rf /var/lib/apt/lists/* \
  && mkdir --parents /data/logs /project \
  && chown --recursive node:node /data
ENV NODE_ENV=production HOST=0.0.0.0 PORT=1880 DATA_DIR=/data HOME=/tmp
COPY --from=build /opt/hmonitor /opt/hmonitor
USER node
# The folder with the user's targets.json.
WORKDIR /project
EXPOSE 1880
VOLUME /data
HEALTHCHECK --interval=10s --timeout=5s --start-period=90s \
  CMD ["node", "/opt/hmonitor/app/stack/healthy.ts", "http://127.0.0.1:1880/health"]
CMD ["node", "/opt/hmonitor/app/main.generated.mjs"]

FROM ${NODE_IMAGE} AS relay
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates libnginx-mod-rtmp libnginx-mod-stream nginx-light \
  && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/hmonitor/package.json /opt/hmonitor/
COPY --from=build /opt/hmonitor/scripts/build-stamp.mjs /opt/hmonitor/scripts/
COPY --from=build /opt/hmonitor/app /opt/hmonitor/app
COPY --from=build /opt/hmonitor/node_modules/yaml /opt/hmonitor/node_modules/yaml
USER node
EXPOSE 1935
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s \
  CMD ["node", "/opt/hmonitor/app/stack/healthy.ts", "http://127.0.0.1:8080/health"]
CMD ["node", "/opt/hmonitor/app/stack/relay-start.ts"]
