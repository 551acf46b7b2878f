#!/usr/bin/env bash
# A real kube-apiserver, built from Debian's source package, beside Debian's etcd.
# Prints the folder that holds both, for KUBEBUILDER_ASSETS. Five minutes the first time on two cores, then from a cache.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/debian.sh"

version=1.20.2
recipe=1 # raise it when the steps below change what comes out
cache="${XDG_CACHE_HOME:-$HOME/.cache}/chatops/peers"
assets="$cache/kubernetes-$version-$recipe"

is_complete() { [ -x "$assets/kube-apiserver" ] && [ -x "$assets/etcd" ]; }

# Source packages are looked up in a private copy of the machine's own Debian sources: the system's lists stay as they are.
apt_for_sources() {
  local command=$1
  shift
  "$command" -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$work/apt/sources" \
    -o Dir::State::Lists="$work/apt/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
    -o APT::Sandbox::User="$(id -un)" -o Debug::NoLocking=true "$@"
}

declare_sources() {
  mkdir -p "$work/apt/sources" "$work/apt/lists/partial"
  local file
  for file in /etc/apt/sources.list.d/debian.sources; do
    [ -f "$file" ] && sed 's/^Types:.*/Types: deb-src/' "$file" >"$work/apt/sources/debian.sources"
  done
  for file in /etc/apt/sources.list; do
    [ -f "$file" ] && sed -n 's/^deb /deb-src /p' "$file" >"$work/apt/sources/debian.list"
  done
  true
}

fetch_source() {
  declare_sources
  quietly apt_for_sources apt-get update
  local wanted
  wanted=$(apt_for_sources apt-cache showsrc --only-source kubernetes | sed -n "s/^Version: \(.*really$version-.*\)/\1/p" | sort -V | tail -n 1)
  [ -n "$wanted" ] || { echo "This machine's Debian sources offer no kubernetes $version (Debian 12 does)." >&2; return 1; }
  mkdir -p "$work/download"
  (cd "$work/download" && quietly apt_for_sources apt-get source --download-only --only-source "kubernetes=$wanted")
  tree="$work/go/src/k8s.io/kubernetes"
  mkdir -p "$tree"
  tar --extract --file "$(ls "$work"/download/*.orig.tar.gz)" --directory "$tree" --strip-components=1
}

# The reflect2 1.0.1 in the tree makes the server die on the first custom resource under Go 1.18 and later.
replace_reflect2() {
  unpack_package golang-github-modern-go-reflect2-dev "$work/reflect2"
  local vendored="$tree/vendor/github.com/modern-go/reflect2"
  rm -f "$vendored"/*.go "$vendored"/*.s
  cp "$work"/reflect2/usr/share/gocode/src/github.com/modern-go/reflect2/*.{go,s} "$vendored/"
}

build() {
  (cd "$tree" && unset GO111MODULE GOFLAGS && export GOPATH="$work/go" GOCACHE="$work/go-build" CGO_ENABLED=0 &&
    quietly make WHAT=cmd/kube-apiserver)
}

publish() {
  unpack_package etcd-server "$work/etcd"
  mkdir -p "$work/assets"
  cp "$tree/_output/bin/kube-apiserver" "$work/etcd/usr/bin/etcd" "$work/assets/"
  "$work/assets/kube-apiserver" --version | grep -qF "$version"
  "$work/assets/etcd" --version >/dev/null
  rm -rf "$assets"
  mv "$work/assets" "$assets"
}

mkdir -p "$cache"
exec 9>"$cache/.kubernetes.lock"
flock 9 # two runs at once: the second takes what the first built
if ! is_complete; then
  echo "building kube-apiserver $version from Debian's source package: about five minutes, once" >&2
  install_missing ca-certificates dpkg-dev golang-go jq make rsync
  work=$(mktemp -d "$cache/.build.XXXXXX")
  trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
  fetch_source
  replace_reflect2
  build
  publish
fi
echo "$assets"
