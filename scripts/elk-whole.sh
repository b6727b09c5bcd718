#!/usr/bin/env bash
# The stack with Elasticsearch as a whole, in a Docker engine that can get the images: `scripts/elk-whole.sh STEP...`, or
# without steps all of them. It begins with an empty stack and leaves one that runs; `end` removes it with its data.
# Needs docker with Compose 2.24 or newer, and jq. The file .github/workflows/elk.yml runs it.
set -euo pipefail
cd "$(dirname "$0")/.."

export COMPOSE_PROFILES=elk
TARGET=elk-whole
# The node that is asked.
NODE=elasticsearch

note() { printf '\n== %s\n' "$*"; }
fail() {
  printf 'elk-whole: %s\n' "$*" >&2
  exit 1
}

# Asks Elasticsearch from within its container: request METHOD PATH [BODY]. The password stays out of the command line.
request() {
  docker compose exec -T "$NODE" bash -c '
    { printf "user = \"elastic:"; tr -d "\n" < config/hmonitor/elastic_password; printf "\"\n"; } |
      curl --silent --show-error --fail-with-body --config - --cacert config/hmonitor/ca.pem \
        --header "content-type: application/json" --request "$1" "https://localhost:9200$2" ${3:+--data "$3"}
  ' request "$@"
}

# Asks Kibana in the same way. Elasticsearch has a certificate, Kibana behind it speaks plainly.
kibana() {
  docker compose exec -T "$NODE" bash -c '
    { printf "user = \"elastic:"; tr -d "\n" < config/hmonitor/elastic_password; printf "\"\n"; } |
      curl --silent --show-error --fail-with-body --config - --header "kbn-xsrf: true" \
        --header "content-type: application/json" --request "$1" "http://kibana:5601$2" ${3:+--data "$3"}
  ' kibana "$@"
}

# Runs a command until it succeeds, for so many seconds: until_true SECONDS WHAT COMMAND...
until_true() {
  local seconds=$1 what=$2
  shift 2
  local end=$((SECONDS + seconds))
  until "$@"; do
    ((SECONDS < end)) || fail "$what: not within $seconds s"
    sleep 2
  done
}

# How many lines of an event id ES|QL finds.
found() {
  local body
  body=$(jq --null-input --compact-output --arg id "$1" \
    '{query: "FROM logs-rtmp_hmonitor.* | WHERE event.id == ?id | STATS n = COUNT(*)", params: [{id: $id}]}')
  request POST '/_query?format=json' "$body" | jq '.values[0][0]'
}
is_found() { [[ $(found "$1" 2>/dev/null) == 1 ]]; }

# A line as the monitor writes it, with an id of its own.
line() {
  jq --null-input --compact-output --arg id "$1" --arg now "$(date --utc +%Y-%m-%dT%H:%M:%S.000Z)" --arg target "$TARGET" '{
    "@timestamp": $now, message: "A line of the test", log: {level: "warn"}, ecs: {version: "9.4.0"},
    event: {id: $id, sequence: 1, kind: "event", dataset: "rtmp_hmonitor.events", module: "rtmp_hmonitor", action: "test"},
    data_stream: {type: "logs", dataset: "rtmp_hmonitor.events", namespace: "default"},
    labels: {location: "hall", start: "early", ip: "none"}, hmonitor: {kind: "stream", target: $target, monitor: "test"}}'
}

step_start() {
  note 'start with nothing but the checkout'
  docker compose down --volumes --remove-orphans
  docker compose up --detach --build --wait --wait-timeout 1200
  docker compose logs --no-log-prefix elk-setup
}

step_twice() {
  note 'setup a second time: it changes nothing'
  local said
  said=$(docker compose run --rm -T --no-deps elk-setup 2>&1) || fail "$said"
  printf '%s\n' "$said"
  grep --quiet 'Nothing had to be changed' <<<"$said" || fail 'the second setup has changed something'
}

step_lines() {
  note 'a line through Filebeat, and one through the http input of Logstash; each twice, and there once'
  local id code
  id=filebeat-$RANDOM-1
  line "$id" | docker compose exec -T monitor node -e \
    'require("node:fs").appendFileSync("/data/logs/elk-whole.ndjson", require("node:fs").readFileSync(0, "utf8").repeat(20))'
  until_true 180 'the line through Filebeat' is_found "$id"
  id=logstash-$RANDOM-1
  for _ in 1 2; do
    code=$(line "$id" | docker compose exec -T logstash bash -c '
      { printf "user = \"hmonitor:"; tr -d "\n" < /run/hmonitor/monitors_password; printf "\"\n"; } > /tmp/login
      curl --silent --output /dev/null --write-out "%{http_code}" --config /tmp/login --cacert /run/hmonitor/ca.pem \
        --header "content-type: application/json" --data-binary @- https://localhost:8080')
    [[ $code == 200 ]] || fail "Logstash answers $code"
  done
  until_true 180 'the line through Logstash' is_found "$id"
}

# The dashboards as setup puts them: with the addresses in the place of their names.
dashboards() {
  docker compose exec -T monitor env "GRAFANA_URL=${GRAFANA_URL:-http://127.0.0.1:3000}" \
    "DASHBOARD_URL=${DASHBOARD_URL:-http://127.0.0.1:1880/dashboard}" node --input-type=module -e '
      import shipped from "/opt/hmonitor/src/elk/assets.json" with { type: "json" }
      import { placesOf, withPlaces } from "/opt/hmonitor/src/elk/kibana-links.ts"
      console.log(JSON.stringify(withPlaces(shipped.dashboards, placesOf(process.env))))'
}

step_kibana() {
  note 'each dashboard as it was put, and put back as it is; the data view'
  kibana GET /api/data_views/data_view/hmonitor-log | jq --exit-status '.data_view.title == "logs-rtmp_hmonitor.*"'
  local all id there ours
  all=$(dashboards)
  [[ $all != *"\${"* ]] || fail 'the address of a link is missing'
  for id in $(jq --raw-output '.[].id' <<<"$all"); do
    there=$(kibana GET "/api/dashboards/$id" | jq --compact-output '.data // .')
    [[ $there != *"\${"* ]] || fail "the address of a link is missing in $id"
    # Without what Kibana adds, because it takes no more than it knows of; with the mark of who has put it.
    ours=$(jq --compact-output --arg id "$id" --argjson there "$there" \
      '.[] | select(.id == $id) | del(.id) | .description = $there.description' <<<"$all")
    jq --exit-status --argjson there "$there" '(.panels | length) == ($there.panels | length)' <<<"$ours" >/dev/null ||
      fail "$id has other panels"
    kibana PUT "/api/dashboards/$id" "$ours" >/dev/null
    jq --raw-output '.. | .query? | strings' <<<"$ours" |
      while IFS= read -r query; do
        request POST '/_query?format=json' "$(jq --null-input --compact-output --arg query "$query" '{query: $query,
          params: [{"_tstart": "2026-01-01T00:00:00Z"}, {"_tend": "2027-01-01T00:00:00Z"}]}')" >/dev/null </dev/null ||
          fail "not answered: $query"
      done
  done
  step_twice
}

step_rules() {
  note 'each rule of the log, asked by who may only read'
  docker compose exec -T elk-watch node /opt/hmonitor/src/cli/rtmp-hmonitor.ts elk watch --once
  note 'Prometheus has what elk watch says of itself and of Logstash'
  until_true 180 'the figures of Logstash in Prometheus' is_scraped
}
is_scraped() {
  docker compose exec -T prometheus promtool query instant http://127.0.0.1:9090 \
    'hmonitor_logstash_queue_bytes{pipeline="events"} and on () hmonitor_log_watch_last_round_timestamp_seconds' 2>/dev/null |
    grep --quiet queue_bytes
}

step_node() {
  note 'three nodes, of which the one that everybody is configured to ask is killed'
  export COMPOSE_FILE=docker-compose.yml:docker-compose.elk-cluster.yml
  docker compose down --volumes
  docker compose up --detach --wait --wait-timeout 1200
  step_lines
  docker compose kill elasticsearch
  NODE=elasticsearch-2
  until_true 120 'a cluster of two' is_two
  step_lines
  step_rules
}
is_two() {
  request GET '/_cluster/health?wait_for_status=yellow&timeout=5s' 2>/dev/null |
    jq --exit-status '.number_of_nodes == 2' >/dev/null
}

step_end() {
  docker compose -f docker-compose.yml -f docker-compose.elk-cluster.yml down --volumes --remove-orphans
}

[[ $# -gt 0 ]] || set -- start twice lines kibana rules node
for step in "$@"; do
  declare -F "step_$step" >/dev/null || fail "$step is no step: start, twice, lines, kibana, rules, node or end"
  "step_$step"
done
