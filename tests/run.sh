#!/usr/bin/env bash
# Everything, from a fresh clone: installs what is real, builds once, runs all tests, and ends with one line that counts them.
# A test that was skipped counts as a failure: what needs a real peer must have had it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/peers/debian.sh

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en NUGET_XMLDOC_MODE=skip
# No build server may outlive this run.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
configuration=Release
artifacts="$PWD/artifacts"
results="$artifacts/test-results"
logs="$artifacts/logs"
timings=()
broken=()

# Phases run one after another, each in a process group of its own, of which nothing is left when it is over.
# A broken one is remembered and the next still runs.
phase() {
  local name=$1 started=$SECONDS status=0
  echo "== $name"
  set -m
  ( set -euo pipefail; "phase_$name" ) </dev/null &
  running=$!
  set +m
  wait $running || status=$?
  end_running_phase
  timings+=("$(printf '%4d s  %s%s' $((SECONDS - started)) "$name" "$([ $status = 0 ] || echo '  BROKEN')")")
  [ $status = 0 ] || broken+=("$name")
}

end_running_phase() {
  [ -z "${running:-}" ] || kill -KILL -- "-$running" 2>/dev/null || true
  running=
}
trap end_running_phase EXIT
trap 'exit 130' INT TERM

# As phase, for what the rest cannot do without.
vital_phase() {
  phase "$1"
  [ ${#broken[@]} = 0 ] || finish
}

phase_packages() {
  install_missing ca-certificates chromium curl fonts-noto-color-emoji git jq procps python3
  command -v dotnet >/dev/null || { echo "The .NET SDK of global.json is missing: https://dot.net/download"; return 1; }
  command -v node >/dev/null && command -v npm >/dev/null || { echo "Node.js with npm is missing: https://nodejs.org"; return 1; }
  command -v kubectl >/dev/null || { echo "kubectl is missing: https://kubernetes.io/docs/tasks/tools/"; return 1; }
}

phase_peers() {
  tests/peers/kube-apiserver.sh >"$artifacts/kubebuilder-assets"
  tests/peers/monitoring.sh >"$artifacts/monitoring"
}

phase_build() {
  dotnet restore ChatOps.sln --verbosity quiet $([ "${CI:-}" = true ] && echo --locked-mode)
  dotnet build ChatOps.sln --no-restore --configuration $configuration --verbosity quiet
}

phase_format() {
  dotnet format ChatOps.sln --no-restore --verify-no-changes
}

# Every folder that can be built, and a component in what it is made for: its patches find nothing elsewhere.
phase_manifests() {
  local file folder built
  while read -r file; do
    folder=$(dirname "$file")
    built="$logs/$(echo "$folder" | tr / -).yaml"
    if grep -q '^kind: Component$' "$file"; then
      mkdir -p "$artifacts/component"
      printf 'resources: [../../manifests/breakglass-argocd]\ncomponents: [../../%s]\n' "$folder" >"$artifacts/component/kustomization.yaml"
      folder="$artifacts/component"
    fi
    kubectl kustomize "$folder" >"$built"
  done < <(find manifests -name kustomization.yaml | sort)
}

# The alerting rules that we ship: well formed, and firing when and only when they should.
phase_alerts() {
  local file folder="$artifacts/alerts"
  mkdir -p "$folder/tests"
  cp manifests/alerts/tests/*.yaml "$folder/tests"
  # promtool reads what a PrometheusRule has in its spec.
  for file in manifests/alerts/*.yaml; do sed '1,/^spec:$/d' "$file" >"$folder/$(basename "$file" .yaml).rules.yaml"; done
  "$CHATOPS_MONITORING/promtool" check rules "$folder"/*.rules.yaml
  "$CHATOPS_MONITORING/promtool" test rules "$folder"/tests/*.yaml
}

# One project after another: each may start servers of its own on two cores. Only the store's tests, which mostly wait for a
# disk, run beside the others; the scenarios run alone, at the end.
phase_tests() {
  local project name beside failed=0
  test_project ChatOps.Storage.Tests &
  beside=$!
  for project in tests/*/*.csproj; do
    name=$(basename "$project" .csproj)
    case $name in ChatOps.Storage.Tests) ;; *.Tests) test_project "$name" || failed=1 ;; esac
  done
  wait "$beside" || failed=1
  test_project ChatOps.Scenarios || failed=1
  python3 tests/count.py --failures "$results"
  return $failed
}

test_project() {
  local name=$1 failed=0
  timeout --kill-after=30s 60m dotnet test "tests/$name" --no-build --configuration $configuration --results-directory "$results" \
    --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=minimal" >"$logs/$name.log" 2>&1 || failed=1
  echo "-- $name: $(tail -n 1 "$logs/$name.log")"
  grep -qs '<UnitTestResult ' "$results/$name.trx" || { echo "$name ran no test:"; tail -n 40 "$logs/$name.log"; failed=1; }
  return $failed
}

# What the simulated Argo CD is held against is what the recordings say, where they are at hand: nobody wrote it by hand, and
# none of them was left out without a reason.
phase_recordings() {
  local histories=../shared/recordings/argocd-3.5.1/histories known=tests/ChatOps.Sandbox.Tests/ArgoCd/recordings.txt replayed
  [ -d "$histories" ] || { echo "No recordings here: the golden files stand as they are."; return; }
  replayed=$(grep -v ': ' "$known" | sed 's/\.[0-9]*$//' | sort -u)
  diff <(sed 's/: .*//; s/\.[0-9]*$//' "$known" | sort -u) <(ls "$histories" | sed 's/\.jsonl$//' | sort)
  rm -rf "$artifacts/distilled"
  mkdir -p "$artifacts/distilled"
  # shellcheck disable=SC2086 # names, one word each
  dotnet run --project tests/tools/ChatOps.Distill --no-build --configuration $configuration -- "$histories" "$artifacts/distilled" $replayed
  diff --recursive "$artifacts/distilled" tests/ChatOps.Sandbox.Tests/ArgoCd/Golden
}

# Other implementations that ours is held against: each folder has a package-lock.json and an oracle. Some tests use them too.
phase_npm() {
  local folder
  for folder in tests/oracles/*/; do
    [ -f "$folder/package-lock.json" ] && (cd "$folder" && quietly npm ci --no-audit --no-fund)
  done
}

phase_oracles() {
  local folder script
  for folder in tests/oracles/*/; do
    for script in "$folder"run.*js; do
      [ ! -f "$script" ] || node "$script"
    done
  done
}

# A short look that the load run still works and loses nothing, and that the watch run tells all; their figures mean something
# only on an idle machine.
phase_load() {
  install_missing wrk
  dotnet run --project tests/ChatOps.Benchmarks --no-build --configuration $configuration -- load 5 1
  dotnet run --project tests/ChatOps.Benchmarks --no-build --configuration $configuration -- watch 100 1 100
}

finish() {
  local line
  echo "== timings"
  for line in "${timings[@]}"; do echo "$line"; done
  [ ${#broken[@]} = 0 ] || echo "broken: ${broken[*]}"
  local status=0
  line=$(python3 tests/count.py --broken "${broken[*]}" "$results") || status=1
  echo "$line"
  exit $status
}

rm -rf "$results" "$logs"
mkdir -p "$results" "$logs"

vital_phase packages
vital_phase peers
KUBEBUILDER_ASSETS=$(cat "$artifacts/kubebuilder-assets")
export KUBEBUILDER_ASSETS
CHATOPS_MONITORING=$(cat "$artifacts/monitoring")
export CHATOPS_MONITORING
if [ -z "${CHATOPS_ARGOCD_CRDS:-}" ] && [ -d ../shared/crds ]; then
  CHATOPS_ARGOCD_CRDS=$(cd ../shared/crds && pwd)
  export CHATOPS_ARGOCD_CRDS
fi
export CHATOPS_KILLS=${CHATOPS_KILLS:-200}
vital_phase build
phase format
phase manifests
phase alerts
phase recordings
phase npm
phase tests
phase oracles
phase load
finish
