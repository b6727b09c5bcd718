set -e
cat "$GF_SECURITY_ADMIN_PASSWORD__FILE" "$GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH" > /dev/null
cat /etc/grafana/provisioning/*/*.yaml > /dev/null
touch /var/lib/grafana/grafana.db
mkdir -p /tmp/www/api
echo '{"database":"ok"}' > /tmp/www/api/health
exec busybox httpd -f -p 3000 -h /tmp/www
