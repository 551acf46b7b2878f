#!/bin/sh
# Ends break-glass access whose moment has passed, when nothing else does. Needs kubectl and jq, no ChatOps and no store:
# what it must know is on the objects. Next to Argo CD, JANITOR_ARGOCD names the namespaces of its projects; JANITOR_CLUSTER says
# that there may be ClusterRoleBindings; JANITOR_ACCOUNTS names the namespaces of ServiceAccounts of grants. Looks at once and
# every 15 seconds for as long as it is let run. Exit code 1: a look failed, or something could not be taken away; the next
# one tries again.
set -u
looks=${JANITOR_LOOKS:-4}
pause=${JANITOR_PAUSE:-15}
argocd=${JANITOR_ARGOCD:-}
cluster=${JANITOR_CLUSTER:-}
accounts=${JANITOR_ACCOUNTS:-}
failed=0

# One form everywhere, whole seconds of UTC, so that text compares as time does. What is no such text counts as past.
past() {
  jq -r --arg now "$(date -u +%Y-%m-%dT%H:%M:%SZ)" '.items[]
    | (.metadata.annotations["chatops.dev/expires-at"] // "") as $moment
    | select(($moment | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$") | not) or $moment <= $now)
    | "\(.metadata.namespace // "-") \(.metadata.name)"'
}

# One that cannot be taken away keeps no other.
take_away() {
  stuck=0
  while read -r namespace name; do
    kubectl delete "$1" "$name" --namespace "$namespace" --ignore-not-found --wait=false --request-timeout=10s || stuck=1
  done
  return $stuck
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

take_cluster_wide_away() {
  stuck=0
  while read -r _ name; do
    kubectl delete clusterrolebinding "$name" --ignore-not-found --wait=false --request-timeout=10s || stuck=1
  done
  return $stuck
}

look_at_cluster() {
  bindings=$(kubectl get clusterrolebindings --output json --request-timeout=10s \
    --selector app.kubernetes.io/managed-by=chatops,chatops.dev/grant) || return 1
  ended=$(printf '%s' "$bindings" | past) || return 1
  [ -z "$ended" ] || printf '%s\n' "$ended" | take_cluster_wide_away
}

# What of one kind is past: all over the cluster, or in one namespace.
look() {
  kind=$1
  shift
  all=$(kubectl get "$kind" "$@" --output json --request-timeout=10s --selector app.kubernetes.io/managed-by=chatops,chatops.dev/grant) || return 1
  ended=$(printf '%s' "$all" | past) || return 1
  [ -z "$ended" ] || printf '%s\n' "$ended" | take_away "$kind"
}

while [ "$looks" -gt 0 ]; do
  look rolebindings --all-namespaces || failed=1
  [ -z "$cluster" ] || look_at_cluster || failed=1
  for namespace in $accounts; do
    look serviceaccounts --namespace "$namespace" || failed=1
  done
  for namespace in $argocd; do
    look_at_projects "$namespace" || failed=1
  done
  looks=$((looks - 1))
  [ "$looks" = 0 ] || sleep "$pause"
done
exit $failed
