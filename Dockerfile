# The monitor and the relay, from the same lock file as `npm start`: docker compose builds both. docs/decisions/0011 says
# why they are made as they are.
# A digest can stand in its place: --build-arg NODE_IMAGE=node:22.23.3-bookworm-slim@sha256:…
ARG NODE_IMAGE=node:22.23.3-bookworm-slim

# ── What every image stands on: Debian and Node.js, without npm, headers and manuals
FROM ${NODE_IMAGE} AS debian
RUN apt-get update \
  && apt-get upgrade --yes \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && apt-get clean \
  && rm -rf /opt/yarn* /usr/local/include /usr/local/lib/node_modules /usr/local/share \
    /usr/local/bin/corepack /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/yarn /usr/local/bin/yarnpkg \
    /usr/share/info /usr/share/locale /usr/share/man /var/cache/apt/* /var/lib/apt/lists/* /var/log/* \
  # The licences stay.
  && find /usr/share/doc -type f ! -name copyright -delete \
  && find /usr/share/doc -type d -empty -delete

FROM scratch AS base
COPY --from=debian / /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# ── FFmpeg of Debian's sources, with what live streams need and nothing else
FROM ${NODE_IMAGE} AS ffmpeg
RUN find /etc/apt -name '*.sources' -exec sed --in-place 's/^Types: deb$/Types: deb deb-src/' {} + \
  && if [ -f /etc/apt/sources.list ]; then sed --in-place 's/^deb \(.*\)/&\ndeb-src \1/' /etc/apt/sources.list; fi \
  && apt-get update \
  && apt-get install --yes --no-install-recommends \
    dpkg-dev gcc libc6-dev libdav1d-dev libgnutls28-dev libsrt-gnutls-dev libx264-dev make nasm pkg-config zlib1g-dev
# --download-only would keep only the archives; they are unpacked here, with Debian's patches.
RUN mkdir /usr/src/ffmpeg && cd /usr/src/ffmpeg && apt-get source ffmpeg
COPY deploy/ffmpeg/configure /usr/src/ffmpeg/
RUN cd /usr/src/ffmpeg/ffmpeg-*/ && xargs ./configure < ../configure && make --jobs="$(nproc)" && make install \
  && strip /usr/local/bin/ffmpeg /usr/local/bin/ffprobe \
  && install -D --mode=644 debian/copyright /usr/local/share/doc/ffmpeg/copyright \
  && cp COPYING.GPLv2 COPYING.LGPLv2.1 COPYING.LGPLv3 COPYING.GPLv3 LICENSE.md /usr/local/share/doc/ffmpeg/ \
  && cd .. && rm -rf ffmpeg-*/

# ── The packages and what is built
FROM ${NODE_IMAGE} AS build
WORKDIR /opt/hmonitor
COPY package.json package-lock.json .npmrc ./
COPY app/package.json app/
# No package runs a script of its own: what those would fetch is not in the image.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/build.ts \
  && node scripts/image-packages.mjs \
  # Whatever the umask of the checkout was: another user reads it.
  && chmod --recursive a+rX,go-w .

FROM base AS monitor
# A ping without file capabilities: with all capabilities dropped, the kernel would refuse to run the other one. Docker
# lets every process of a container send echo requests.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends iperf3 iputils-ping libdav1d6 libsrt1.5-gnutls libx264-164 \
  && install --mode=755 "$(command -v ping)" /usr/local/bin/ping \
  && rm -rf /var/cache/apt/* /var/lib/apt/lists/* /var/log/* \
  && mkdir --parents /data/logs /project \
  && chown --recursive node:node /data
COPY --from=ffmpeg /usr/local/bin/ffmpeg /usr/local/bin/ffprobe /usr/local/bin/
COPY --from=ffmpeg /usr/local/share/doc/ffmpeg /usr/share/doc/ffmpeg
# The GPL asks for the sources beside the programs.
COPY --from=ffmpeg /usr/src/ffmpeg /usr/src/ffmpeg
COPY --from=build /opt/hmonitor /opt/hmonitor
ENV NODE_ENV=production HOST=0.0.0.0 PORT=1880 DATA_DIR=/data HOME=/tmp
USER node
# The folder with the user's targets.json.
WORKDIR /project
EXPOSE 1880
VOLUME /data
HEALTHCHECK --interval=10s --timeout=5s --start-period=90s \
  CMD ["node", "/opt/hmonitor/app/stack/healthy.ts", "http://127.0.0.1:1880/health"]
CMD ["node", "/opt/hmonitor/app/main.generated.mjs"]
ARG VERSION=0.1.0
ARG REVISION=
LABEL org.opencontainers.image.title="RTMP HMonitor" \
  org.opencontainers.image.description="Watches live streams second by second" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.source="https://github.com/rtmp-hmonitor/node-red-rtmp-hmonitor" \
  org.opencontainers.image.licenses="Apache-2.0 AND GPL-2.0-or-later"

FROM base AS relay
RUN apt-get update \
  && apt-get install --yes --no-install-recommends libnginx-mod-rtmp libnginx-mod-stream nginx-light \
  && rm -rf /var/cache/apt/* /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log
COPY --from=build /opt/hmonitor/package.json /opt/hmonitor/LICENSE /opt/hmonitor/
COPY --from=build /opt/hmonitor/app /opt/hmonitor/app
COPY --from=build /opt/hmonitor/src /opt/hmonitor/src
COPY --from=build /opt/hmonitor/node_modules/yaml /opt/hmonitor/node_modules/yaml
USER node
EXPOSE 1935
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s \
  CMD ["node", "/opt/hmonitor/app/stack/healthy.ts", "http://127.0.0.1:8080/health"]
CMD ["node", "/opt/hmonitor/app/stack/relay-start.ts"]
ARG VERSION=0.1.0
ARG REVISION=
LABEL org.opencontainers.image.title="RTMP HMonitor relay" \
  org.opencontainers.image.description="Takes a live stream once and sends it on to several platforms" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.source="https://github.com/rtmp-hmonitor/node-red-rtmp-hmonitor" \
  org.opencontainers.image.licenses="Apache-2.0 AND BSD-2-Clause"
