#!/usr/bin/env bash
# Debian's Prometheus and Alertmanager, unpacked and not installed, so that no service of theirs starts;
# but for Alertmanager's templates, which it finds in one place only.
# Prints the folder with prometheus, prometheus-alertmanager and promtool, for CHATOPS_MONITORING.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/debian.sh"

folder="${XDG_CACHE_HOME:-$HOME/.cache}/chatops/peers/monitoring-bookworm"
is_complete() { [ -x "$folder/usr/bin/prometheus" ] && [ -x "$folder/usr/bin/prometheus-alertmanager" ] && [ -x "$folder/usr/bin/promtool" ]; }

if ! is_complete; then
  rm -rf "$folder"
  for package in prometheus prometheus-alertmanager; do unpack_package "$package" "$folder"; done
fi
is_complete || { echo "Debian's packages have no prometheus, prometheus-alertmanager and promtool in /usr/bin any more" >&2; exit 1; }

# Debian's Alertmanager has this path in it and takes no other.
templates=/usr/share/prometheus/alertmanager
for template in "$folder$templates"/*.tmpl; do
  [ -e "$templates/${template##*/}" ] || as_root install -D -m 644 "$template" "$templates/${template##*/}"
done
echo "$folder/usr/bin"
