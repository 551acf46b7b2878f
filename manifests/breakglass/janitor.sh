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

# For each project with roles of ours that are past, or with tokens of such: patches that take both away, so many in each that none
# grows too large. From the end of the list, each with a test, so that nothing else goes when somebody moves it meanwhile, and a patch
# that is refused keeps no other from its turn. A list that only held ours goes whole with the last of them.
past_roles() {
  jq -r --arg now "$(date -u +%s)" '
    def is_past: test("^chatops-[0-9a-f]{32}-[0-9]{10,11}$") and (split("-")[2] | tonumber) <= ($now | tonumber);
    def some: range(0; length; 50) as $at | .[$at:$at + 50];
    .items[] | .metadata.name as $project | (.spec.roles // []) as $all | (.status.jwtTokensByRole // {}) as $tokens
    | ([$all | to_entries[] | select(.value.name // "" | is_past)] | reverse) as $roles
    | (($roles | length) == ($all | length)) as $only
    | (($roles | some
        | (if $only and .[-1].key == 0
           then [{op: "test", path: "/spec/roles", value: $all[:length]}, {op: "remove", path: "/spec/roles"}]
           else [.[] | {op: "test", path: "/spec/roles/\(.key)/name", value: .value.name}, {op: "remove", path: "/spec/roles/\(.key)"}] end)
          + [[.[].value.name] | unique[] | select(. as $name | $tokens | has($name)) | {op: "remove", path: "/status/jwtTokensByRole/\(.)"}]),
       ([$tokens | keys[] | select(is_past)] - [$roles[].value.name] | some | [.[] | {op: "remove", path: "/status/jwtTokensByRole/\(.)"}]))
    | "\($project) \(tojson)"'
}

# By a pipe: an argument has a limit of 128 KiB, and how long a role and its list of tokens become is up to others.
take_roles_away() {
  stuck=0
  while read -r project patch; do
    printf '%s' "$patch" | kubectl patch appprojects.argoproj.io "$project" --namespace "$1" --type=json --patch-file=/dev/stdin --request-timeout=10s || stuck=1
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
