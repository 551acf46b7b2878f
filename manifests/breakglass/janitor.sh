#!/bin/sh
# Ends break-glass access whose moment has passed, when nothing else does. Needs kubectl and jq, no ChatOps and no store:
# what it must know is on the objects. Looks at once and every 15 seconds for as long as it is let run. Exit code 1: a look
# failed, or something could not be taken away; the next one tries again.
set -u
looks=${JANITOR_LOOKS:-4}
pause=${JANITOR_PAUSE:-15}
failed=0

# One form everywhere, whole seconds of UTC, so that text compares as time does. What is no such text counts as past.
past() {
  jq -r --arg now "$(date -u +%Y-%m-%dT%H:%M:%SZ)" '.items[]
    | (.metadata.annotations["chatops.dev/expires-at"] // "") as $moment
    | select(($moment | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$") | not) or $moment <= $now)
    | "\(.metadata.namespace) \(.metadata.name)"'
}

# One that cannot be taken away keeps no other.
take_away() {
  stuck=0
  while read -r namespace name; do
    kubectl delete rolebinding "$name" --namespace "$namespace" --ignore-not-found --wait=false --request-timeout=10s || stuck=1
  done
  return $stuck
}

look() {
  bindings=$(kubectl get rolebindings --all-namespaces --output json --request-timeout=10s \
    --selector app.kubernetes.io/managed-by=chatops,chatops.dev/grant) || return 1
  ended=$(printf '%s' "$bindings" | past) || return 1
  [ -z "$ended" ] || printf '%s\n' "$ended" | take_away
}

while [ "$looks" -gt 0 ]; do
  look || failed=1
  looks=$((looks - 1))
  [ "$looks" = 0 ] || sleep "$pause"
done
exit $failed
