# Stands for the image of Prometheus where no registry can be reached; its programs come in the folder bin/.
ARG NODE_IMAGE
FROM ${NODE_IMAGE}
RUN apt-get update && apt-get install --yes --no-install-recommends busybox \
  && ln --symbolic /bin/busybox /usr/local/bin/wget
COPY bin/prometheus bin/promtool /bin/
RUN mkdir --parents /prometheus /etc/prometheus && chown 65534:65534 /prometheus
USER 65534
WORKDIR /prometheus
VOLUME /prometheus
ENTRYPOINT ["/bin/prometheus"]
