# shellcheck shell=bash disable=SC2034,SC2154
# The distribution's packages that Berth runs on and is tested with. To be sourced.

# program:package pairs; a package is installed when its program is missing.
berth_run_packages=(
  crun:crun
  conmon:conmon
  iptables-restore:iptables
  nft:nftables
  busybox:busybox-static
  ps:procps
  ip:iproute2
)
# Files instead of programs, where a package brings none that would tell.
berth_run_files=(
  /usr/share/containers/seccomp.json:golang-github-containers-common
  /usr/bin/catatonit:catatonit
)
berth_build_packages=(mvn:maven)
berth_test_packages=(
  runc:runc
  docker-registry:docker-registry
  zstd:zstd
  jq:jq
  curl:curl
  tcpdump:tcpdump
  htpasswd:apache2-utils
  docker:docker-cli
  /usr/lib/cni/bridge:containernetworking-plugins
  mkfs.btrfs:btrfs-progs
  mkfs.xfs:xfsprogs
  fio:fio
  openssl:openssl
  systemd-socket-activate:systemd
  python3:python3
  sshd:openssh-server
  /usr/lib/python3/dist-packages/docker/__init__.py:python3-docker
  npm:npm
)

# berth_missing PAIR...: prints the packages whose program is missing.
berth_missing() {
  local pair program
  for pair in "$@"; do
    program=${pair%%:*}
    case $program in
      /*) [ -e "$program" ] || echo "${pair#*:}" ;;
      *) PATH=$PATH:/usr/sbin:/sbin command -v "$program" > /dev/null || echo "${pair#*:}" ;;
    esac
  done
}

# berth_install yes|ask PACKAGE...: installs packages through apt after saying which and, with "ask", asking.
berth_install() {
  local consent=$1
  shift
  [ $# -gt 0 ] || return 0
  echo "These packages of the distribution are missing: $*"
  if ! command -v apt-get > /dev/null; then
    echo "There is no apt-get here: install them with this distribution's own tool." >&2
    return 1
  fi
  if [ "$consent" = ask ]; then
    if [ ! -t 0 ]; then
      echo "Run again with --yes to install them, or: apt-get install $*" >&2
      return 1
    fi
    read -r -p "Install them now? [y/N] " answer
    case $answer in [yY]*) ;; *) return 1 ;; esac
  fi
  apt-get update -qq || true
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" > /dev/null
}
