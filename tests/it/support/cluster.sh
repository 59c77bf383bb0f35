# Runs one throw-away PostgreSQL cluster for as long as standard input stays open, then leaves nothing behind.
#
# Arguments: the folder of initdb and pg_ctl.
# Output:    "ready FOLDER" as the last line once connections are accepted; anything else is the reason why not.
#
# The test process holds the writing end of standard input and never writes. The kernel closes it when that
# process ends, in whichever way, and so the `read` at the bottom returns even after SIGKILL.
set -eu
umask 077
exec 2>&1

bin=$1
port=5432
home=

leave() {
    status=$?
    trap '' HUP INT TERM
    trap - EXIT
    if [ -n "$home" ]; then
        if [ -f "$home/data/postmaster.pid" ]; then
            "$bin/pg_ctl" stop -m immediate -D "$home/data" || status=$?
        fi
        cd /
        rm -rf "$home"
    fi
    exit "$status"
}
trap leave EXIT
trap 'exit 143' HUP INT TERM
# The reader may be gone before "ready" is written: that must end in `leave`, not in death by signal.
trap '' PIPE

# Memory if it is there and has room for a few hundred small databases, else the disk.
roomy() { [ -w "$1" ] && [ "$(df -Pk "$1" | awk 'NR == 2 { print $4 }')" -gt 2097152 ]; }
for base in /dev/shm "${TMPDIR:-/tmp}" /tmp /var/tmp; do
    # A socket's path may have about 100 bytes, which a long TMPDIR would use up.
    if [ "${#base}" -le 60 ] && roomy "$base"; then break; fi
done
home=$(mktemp -d "$base/labpact-pg-XXXXXX")
cd "$home"

# Not every system has the locale C.UTF-8; C sorts in the same way.
initdb() { "$bin/initdb" -D data -U postgres -A trust --no-sync --encoding=UTF8 --locale="$1" >initdb.log 2>&1; }
initdb C.UTF-8 || { rm -rf data; initdb C; } || { cat initdb.log; exit 1; }

cat >>data/postgresql.conf <<CONF
listen_addresses = ''
unix_socket_directories = '$home'
port = $port
max_connections = 200
fsync = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 256MB
shared_buffers = 64MB
jit = off
timezone = 'UTC'
log_min_messages = warning
CONF
"$bin/pg_ctl" start -w -t 60 -D data -l server.log >start.log 2>&1 || { cat start.log server.log; exit 1; }

echo "ready $home"
# Let go of the test process's pipe, so that nobody who waits for its end waits for ours.
exec >/dev/null 2>&1
read -r _ || :
