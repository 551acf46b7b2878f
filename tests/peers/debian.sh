# Sourced by the scripts beside it: Debian packages, without questions and without noise.

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# Runs a command and shows what it said only when it failed.
quietly() {
  local said status=0
  said=$("$@" 2>&1 </dev/null) || status=$?
  [ "$status" = 0 ] || printf '%s\n%s: exit %s\n' "$said" "$*" "$status" >&2
  return "$status"
}

refresh_package_lists() {
  [ -n "${package_lists_are_fresh:-}" ] && return
  quietly as_root apt-get update
  package_lists_are_fresh=yes
}

install_missing() {
  local missing=() package
  for package in "$@"; do
    dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  refresh_package_lists
  quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${missing[@]}"
}

# Unpacks a package into a folder without installing it, so that no service of its is started.
unpack_package() {
  local package=$1 folder=$2 download
  download=$(mktemp -d)
  (cd "$download" && { quietly apt-get -o APT::Sandbox::User=root download "$package" 2>/dev/null ||
    { refresh_package_lists && quietly apt-get -o APT::Sandbox::User=root download "$package"; }; })
  mkdir -p "$folder"
  dpkg-deb --extract "$download"/*.deb "$folder"
  rm -rf "$download"
}
