#!/bin/sh
# Ends break-glass access whose moment has passed, when nothing else does. Needs kubectl and jq, no ChatOps and no store:
# what it must know is on the objects. Next to Argo CD, JANITOR_ARGOCD names the namespaces of its projects; JANITOR_CLUSTER says
# that there may be ClusterRoleBindings; JANITOR_ACCOUNTS names the namespaces of ServiceAccounts of grants. Looks at once and
# every 15 seconds for as long as it is let run. Exit code 1: a look failed, or something could not be taken away; the next
# one tries again.
set -u
looks=${JANITOR_LOOKS:-8}
pause=${JANITOR_PAUSE:-15}
argocd=${JANITOR_ARGOCD:-}
cluster=${JANITOR_CLUSTER:-}
accounts=${JANITOR_ACCOUNTS:-}
failed=0

# What is past, in lists for kubectl to delete at once, one a line: a process for each object would take minutes for hundreds.
# One form of moment everywhere, whole seconds of UTC, so that text compares as time does. What is no such text counts as past.
# Each look begins elsewhere, so that what the API server is long about cannot keep the same others waiting for ever.
past() {
  jq -c --arg now "$(date -u +%Y-%m-%dT%H:%M:%SZ)" --argjson turn "$(date -u +%s)" '
    [.items[] | (.metadata.annotations["chatops.dev/expires-at"] // "") as $moment
      | select(($moment | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$") | not) or $moment <= $now)
      | {apiVersion, kind, metadata: (.metadata | {name} + if .namespace then {namespace} else {} end)}]
    | length as $all | select($all > 0) | ($turn * 7919 % $all) as $first | .[$first:] + .[:$first] | . as $past
    | range(3) | [$past[range(.; $all; 3)]] | select(. != []) | {apiVersion: "v1", kind: "List", items: .}'
}

# Three lists at a time. In a list, one that cannot be taken away keeps no other; nor does a list keep another.
take_away() {
  stuck=0
  running=
  while read -r list; do
    printf '%s\n' "$list" | kubectl delete --filename=- --ignore-not-found --wait=false --request-timeout=10s &
    running="$running $!"
  done
  for list in $running; do
    wait "$list" || stuck=1
  done
  return $stuck
}

# What was deleted and is there still lets people in still: somebody hung a finalizer on it, and has to take it off.
held() {
  jq -r '.items[] | select(.metadata.deletionTimestamp) | "\(.kind) \(.metadata.namespace // "") \(.metadata.name) is kept by \(.metadata.finalizers // [] | join(", "))"'
}

# For each project with a role of ours that is past, or with tokens of one: a patch that takes both away. From the end of the
# list, each with a test, so that nothing else goes when somebody moves it meanwhile. A list that only held ours goes whole.
past_roles() {
  jq -r --arg now "$(date -u +%s)" '
    def is_past: test("^chatops-[0-9a-f]{32}-[0-9]{10,11}$") and (split("-")[2] | tonumber) <= ($now | tonumber);
    .items[] | . as $project | ([.spec.roles // [] | to_entries[] | select(.value.name // "" | is_past)] | reverse) as $roles
    | [.status.jwtTokensByRole // {} | keys[] | select(is_past)] as $tokens
    | select($roles + $tokens != [])
    | (if $roles != [] and ($roles | length) == (.spec.roles | length)
       then [{op: "test", path: "/spec/roles", value: .spec.roles}, {op: "remove", path: "/spec/roles"}]
       else [$roles[] | {op: "test", path: "/spec/roles/\(.key)/name", value: .value.name}, {op: "remove", path: "/spec/roles/\(.key)"}] end)
      + [$tokens[] | {op: "remove", path: "/status/jwtTokensByRole/\(.)"}]
    | "\($project.metadata.name) \(tojson)"'
}

take_roles_away() {
  stuck=0
  while read -r project patch; do
    kubectl patch appprojects.argoproj.io "$project" --namespace "$1" --type=json --patch "$patch" --request-timeout=10s || stuck=1
  done
  return $stuck
}

look_at_projects() {
  projects=$(kubectl get appprojects.argoproj.io --namespace "$1" --output json --request-timeout=10s) || return 1
  ended=$(printf '%s' "$projects" | past_roles) || return 1
  [ -z "$ended" ] || printf '%s\n' "$ended" | take_roles_away "$1"
}

# What of one kind is past: all over the cluster, or in one namespace. kubectl reads long lists page by page.
look() {
  kind=$1
  shift
  all=$(kubectl get "$kind" "$@" --output json --request-timeout=10s --selector app.kubernetes.io/managed-by=chatops,chatops.dev/grant) || return 1
  ended=$(printf '%s' "$all" | past) || return 1
  kept=$(printf '%s' "$all" | held) || return 1
  stuck=0
  [ -z "$ended" ] || printf '%s\n' "$ended" | take_away || stuck=1
  [ -z "$kept" ] || { printf '%s\n' "$kept" >&2; stuck=1; }
  return $stuck
}

began=$(date +%s)
looked=0
while :; do
  look rolebindings --all-namespaces || failed=1
  [ -z "$cluster" ] || look clusterrolebindings || failed=1
  for namespace in $accounts; do
    look serviceaccounts --namespace "$namespace" || failed=1
  done
  for namespace in $argocd; do
    look_at_projects "$namespace" || failed=1
  done
  looked=$((looked + 1))
  [ "$looked" -lt "$looks" ] || exit $failed
  left=$((began + looked * pause - $(date +%s)))
  [ "$left" -le 0 ] || sleep "$left"
done
