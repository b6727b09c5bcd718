# Stands for the image of Alertmanager where no registry can be reached; its program comes in the folder bin/.
ARG NODE_IMAGE
FROM ${NODE_IMAGE}
RUN apt-get update && apt-get install --yes --no-install-recommends busybox \
  && ln --symbolic /bin/busybox /usr/local/bin/wget
COPY bin/prometheus-alertmanager /bin/alertmanager
RUN mkdir --parents /alertmanager /etc/alertmanager && chown 65534:65534 /alertmanager
USER 65534
WORKDIR /alertmanager
VOLUME /alertmanager
ENTRYPOINT ["/bin/alertmanager"]
