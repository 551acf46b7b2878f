#!/usr/bin/env bash
# Applies the admission policies to the cluster that KUBECONFIG names (Kubernetes 1.30 or later) and asks it every row of
# tests/admission, as a dry run in a namespace of its own, which is removed again; so are policies that were not
# there before, and the definition of Application where the cluster has none. Needs rights to do so, kubectl and jq.
# Exit code: 0 all as written, 1 something differs, 2 it could not be asked.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
policies=$root/manifests/admission

give_up() {
  echo "$*" >&2
  exit 2
}

[ $# = 0 ] || give_up "usage: KUBECONFIG=… $0"
for tool in kubectl jq; do command -v $tool >/dev/null || give_up "$tool is missing"; done
[ -n "${KUBECONFIG:-}" ] || give_up "KUBECONFIG names no cluster; the one of this machine is not taken by accident"
kubectl get --raw /apis/admissionregistration.k8s.io/v1 2>/dev/null | jq -e '.resources | any(.name == "validatingadmissionpolicies")' >/dev/null ||
  give_up "this cluster has no ValidatingAdmissionPolicy v1 (Kubernetes 1.30), or does not answer"

namespace=chatops-admission-$$
work=$(mktemp -d)
added=()
outcome=2 # until every row was asked
cleanup() {
  set +e
  [ ${#added[@]} = 0 ] || kubectl delete --ignore-not-found "${added[@]}" >/dev/null
  kubectl delete namespace --ignore-not-found --wait=false "$namespace" >/dev/null
  rm -rf "$work"
  exit $outcome
}
trap cleanup EXIT

prepare() {
  if ! kubectl get crd applications.argoproj.io >/dev/null 2>&1; then
    kubectl apply --server-side -f "$root/tests/peers/crds.yaml" >/dev/null
    added+=(crd/applications.argoproj.io crd/appprojects.argoproj.io crd/applicationsets.argoproj.io)
    kubectl wait --for condition=established crd/applications.argoproj.io --timeout=60s >/dev/null
  fi
  local policy
  while read -r policy; do
    kubectl get "$policy" >/dev/null 2>&1 || added+=("$policy")
  done < <(kubectl kustomize "$policies" | kubectl create --dry-run=client -f - -o name)

  kubectl create namespace "$namespace" >/dev/null
  local table of_ours
  for table in "$root"/tests/admission/*.yaml; do
    kubectl annotate --local -f "$table" -o json read=here | moments >"$work/$(basename "$table" .yaml).json"
  done

  # RBAC allows all of it, so that every refusal is the policies'.
  kubectl create role table -n "$namespace" --verb='*' --resource=applications.argoproj.io,appprojects.argoproj.io,applicationsets.argoproj.io,rolebindings,roles,clusterroles,serviceaccounts,serviceaccounts/token >/dev/null
  kubectl create rolebinding table -n "$namespace" --role=table --user=chatops:table --user=chatops:grants --user=chatops:projects --user=chatops:sets --user=chatops-not-ours \
    --serviceaccount=chatops:chatops-janitor >/dev/null
  # What lives in no namespace has names of the whole cluster, and does not go with ours.
  added+=(clusterrolebinding/chatops-table clusterrole/chatops-table)
  kubectl create clusterrole chatops-table --verb='*' --resource=clusterrolebindings,clusterroles >/dev/null
  kubectl create clusterrolebinding chatops-table --clusterrole=chatops-table --user=chatops:table --user=chatops:cluster-grants --serviceaccount=chatops:chatops-janitor >/dev/null
  local bound
  while read -r bound; do
    added+=("clusterrolebinding/$bound")
  done < <(objects '.kind == "ClusterRoleBinding"' | jq -r '.items[].metadata.name')
  acting_config chatops:grants table@example.com >"$work/acting"
  of_ours='.metadata.labels["chatops.dev/grant"] != null' # with the policies in place already, nobody else can make these
  # Of a project they cannot make a role of ours.
  objects "$of_ours | not" | jq '(.items[] | select(.kind == "AppProject").spec.roles) |= map(select(.name | startswith("chatops-") | not))' |
    kubectl create -n "$namespace" -f - >/dev/null
  objects "$of_ours and .kind != \"ClusterRoleBinding\"" | kubectl --kubeconfig "$work/acting" create -n "$namespace" -f - >/dev/null
  acting_config chatops:cluster-grants table@example.com >"$work/acting"
  objects "$of_ours and .kind == \"ClusterRoleBinding\"" | kubectl --kubeconfig "$work/acting" create -f - >/dev/null
  acting_config chatops:projects table@example.com >"$work/acting"
  local project
  while read -r project; do
    kubectl --kubeconfig "$work/acting" patch -n "$namespace" appprojects.argoproj.io "$(jq -r .metadata.name <<<"$project")" \
      --type=merge --field-manager=chatops --patch "$(jq -c '{spec: {roles: .spec.roles}}' <<<"$project")" >/dev/null
  done < <(objects '.kind == "AppProject"' | jq -c '.items[]')
  kubectl apply --server-side --force-conflicts -k "$policies" >/dev/null

  # One list of rows, each with the table's kind and user where it has none of its own.
  jq -c '. as $table | .rows[] | {as: $table.as} + . + {resource: $table.resource, like: ($table.objects[0] | {apiVersion, kind})}' \
    "$work"/*.json >"$work/rows"
}

objects() {
  jq -s "{apiVersion: \"v1\", kind: \"List\", items: (map(.objects) | add | map(select($1)))}" "$work"/*.json
}

# "@+30m" is the moment half an hour from now, "@unix+30m" the same in Unix seconds.
moments() {
  local text minutes
  text=$(cat)
  for minutes in $(grep -oE '@(unix)?\+[0-9]+m' <<<"$text" | tr -dc '0-9\n' | sort -u); do
    text=${text//"@unix+${minutes}m"/$(date -u -d "+$minutes minutes" +%s)}
    text=${text//"@+${minutes}m"/$(date -u -d "+$minutes minutes" +%Y-%m-%dT%H:%M:%SZ)}
  done
  printf '%s\n' "$text"
}

acting_config() {
  kubectl config view --raw --minify --flatten -o json | jq --arg user "$1" --arg person "$2" '
    .users[0].user += ({as: $user} + if $person == "" then {} else {"as-user-extra": {"chatops-user": [$person]}} end)'
}

# Asks one row; what the cluster said is on stdout, whether it was let through is the status.
ask() {
  local row=$1 resource
  resource=$(jq -r .resource <<<"$row")
  acting_config "$(jq -r .as <<<"$row")" "$(jq -r '.person // "table@example.com"' <<<"$row")" >"$work/acting"
  local run=(kubectl --kubeconfig "$work/acting" -n "$namespace")
  case $(jq -r 'if .token then "token" elif .create then "create" elif .delete then "delete" else "patch" end' <<<"$row") in
    token) jq '.create + {apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest"}' <<<"$row" |
      "${run[@]}" create --raw "/api/v1/namespaces/$namespace/serviceaccounts/$(jq -r .token <<<"$row")/token?dryRun=All" -f - ;;
    create) jq '.create + .like' <<<"$row" | "${run[@]}" create --dry-run=server -f - ;;
    delete) "${run[@]}" delete --dry-run=server "$resource" "$(jq -r .delete <<<"$row")" ;;
    patch) "${run[@]}" patch --dry-run=server "$resource" "$(jq -r .object <<<"$row")" --type=merge --field-manager=chatops --patch "$(jq -c .patch <<<"$row")" ;;
  esac 2>&1
}

# A policy takes effect a moment after it is stored.
wait_for_policies() {
  local canary attempt
  canary=$(jq -sc 'last(.[] | select(.refused))' "$work/rows")
  for attempt in {1..60}; do
    ask "$canary" >/dev/null || return 0
    sleep 1
  done
  give_up "the policies did not take effect within a minute"
}

prepare
wait_for_policies
asked=0
differs=0
while read -r row; do
  asked=$((asked + 1))
  name=$(jq -r .name <<<"$row")
  expected=$(jq -r '.refused // ""' <<<"$row")
  status=0
  said=$(ask "$row") || status=$?
  if [ -z "$expected" ]; then
    [ $status = 0 ] && continue
    echo "$name: should be let through: $said"
  else
    [ $status != 0 ] && [[ $said == *ValidatingAdmissionPolicy* && $said == *"$expected"* ]] && continue
    echo "$name: should be refused with \"$expected\": $said"
  fi
  differs=$((differs + 1))
done <"$work/rows"
echo "$asked rows asked, $differs differ"
outcome=$((differs > 0))
