#!/bin/sh
# A throw-away PostgreSQL on a free loopback port, for the store's tests.
#
#   tests/postgres.sh start    starts one, prints its URL (for MLEE_TEST_POSTGRES) and nothing else
#   tests/postgres.sh stop URL stops it and removes its folder
#
# PostgreSQL refuses to run as root: then the account "postgres" of the Debian package runs it.
set -eu

programs() {
    for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -Vr) "$(dirname "$(command -v initdb || echo /none)")"; do
        if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ]; then echo "$folder"; return; fi
    done
    echo "PostgreSQL is not installed: apt-get install postgresql" >&2
    exit 1
}

as_owner() {
    if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

home_of_port() { echo "${TMPDIR:-/tmp}/mlee-postgres-$1"; }

start() {
    bin=$(programs)
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    home=$(home_of_port "$port")
    mkdir -m 700 "$home"
    if [ "$(id -u)" = 0 ]; then chown postgres "$home"; fi
    cd "$home"
    as_owner "$bin/initdb" -D "$home/cluster" -U mlee -A trust -E UTF8 --no-sync >"$home.log" 2>&1 || { cat "$home.log" >&2; exit 1; }
    as_owner "$bin/pg_ctl" -D "$home/cluster" -w -t 60 -l "$home/server.log" \
        -o "-c listen_addresses=127.0.0.1 -p $port -k $home -c max_connections=200" start >"$home.log" 2>&1 ||
        { cat "$home.log" "$home/server.log" >&2; exit 1; }
    echo "postgresql://mlee@127.0.0.1:$port/postgres"
}

stop() {
    port=$(echo "$1" | sed -n 's#.*127\.0\.0\.1:\([0-9][0-9]*\)/.*#\1#p')
    home=$(home_of_port "${port:?no such URL: $1}")
    cd "$home"
    as_owner "$(programs)/pg_ctl" -D "$home/cluster" -m immediate -w stop >/dev/null
    cd /
    rm -rf "$home" "$home.log"
}

case "${1:-}" in
start) start ;;
stop) stop "${2:?the URL that start printed}" ;;
*) sed -n '2,7p' "$0"; exit 2 ;;
esac
