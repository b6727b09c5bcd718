# Stands for Grafana's image where no registry can be reached. It answers its health where it may read what it is given
# and write where it keeps its data, and does nothing else.
ARG NODE_IMAGE
FROM ${NODE_IMAGE}
RUN apt-get update && apt-get install --yes --no-install-recommends busybox \
  && ln --symbolic /bin/busybox /usr/local/bin/wget
COPY grafana.sh /run.sh
RUN mkdir --parents /var/lib/grafana /etc/grafana/provisioning && chown 472:0 /var/lib/grafana
USER 472
ENTRYPOINT ["/bin/sh", "/run.sh"]
