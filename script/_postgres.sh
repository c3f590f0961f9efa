# shellcheck shell=bash
# The private PostgreSQL of this checkout; sourced after _common.sh. It never
# touches the system's clusters: own data folder, own socket, no TCP port.
# CLUSTER is "postgres" (the site) or "postgres-test" (the tests).

CLUSTER="${CLUSTER:-postgres}"
CLUSTER_KEY="$(printf '%s' "$VAR_DIR" | sha256sum | cut -c1-10)"

# Where this PostgreSQL's programs lie: newest of Debian's that has PostGIS, or the
# one whose data folder we already have; else whatever pg_config knows.
postgres_bin() {
    local wanted="${1:-}" version bin
    for version in $(cd /usr/lib/postgresql 2>/dev/null && printf '%s\n' [0-9]* | sort -rn); do
        [ -z "$wanted" ] || [ "$wanted" = "$version" ] || continue
        [ -x "/usr/lib/postgresql/$version/bin/initdb" ] || continue
        [ -f "/usr/share/postgresql/$version/extension/postgis.control" ] || continue
        printf '%s\n' "/usr/lib/postgresql/$version/bin"
        return 0
    done
    if command -v pg_config >/dev/null && bin="$(pg_config --bindir)" && [ -x "$bin/initdb" ] &&
        [ -f "$(pg_config --sharedir)/extension/postgis.control" ]; then
        printf '%s\n' "$bin"
        return 0
    fi
    return 1
}

# PostgreSQL refuses to run as root: then it runs as postgres, else as nobody.
cluster_user() {
    if [ "$(id -u)" -ne 0 ]; then
        id -un
    elif id postgres >/dev/null 2>&1; then
        printf 'postgres\n'
    else
        printf 'nobody\n'
    fi
}

as_cluster_user() {
    local user
    user="$(cluster_user)"
    if [ "$(id -u)" -ne 0 ]; then
        (cd / && exec "$@")
    else
        (cd / && HOME=/ exec setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups "$@")
    fi
}

socket_dir() {
    if [ "$(id -u)" -eq 0 ] && [ -d /run ] && [ -w /run ]; then
        printf '/run/peta-%s-%s\n' "$CLUSTER_KEY" "$CLUSTER"
    else
        printf '/tmp/peta-%s-%s-%s\n' "$(id -u)" "$CLUSTER_KEY" "$CLUSTER"
    fi
}

ensure_socket_dir() {
    local dir user
    dir="$(socket_dir)" user="$(cluster_user)"
    mkdir -m 700 "$dir" 2>/dev/null || true
    [ ! -L "$dir" ] && [ -d "$dir" ] || fail "$dir should be a folder for the database's socket. Remove it and start again."
    [ "$(id -u)" -ne 0 ] || chown "$user" "$dir"
    [ "$(stat -c %U "$dir")" = "$user" ] ||
        fail "$dir belongs to $(stat -c %U "$dir"), not to $user. Remove it as that user and start again."
    chmod 700 "$dir"
}

# The data folder. Usually VAR_DIR/postgres; where the cluster's user cannot enter
# VAR_DIR (a checkout below a closed home), a folder under /var/lib, to which
# VAR_DIR/postgres is a link. The file "checkout" there tells a moved checkout,
# which keeps its data, from a copied one, which gets its own.
cluster_dir() {
    local link="$VAR_DIR/$CLUSTER" target origin
    if [ -L "$link" ]; then
        target="$(readlink "$link")"
        origin="$(cat "$target.checkout" 2>/dev/null || true)"
        if [ "$origin" = "$VAR_DIR" ] || { [ -n "$origin" ] && [ ! -e "$origin/$CLUSTER" ]; }; then
            printf '%s\n' "$target"
            return 0
        fi
    elif [ -d "$link" ] || as_cluster_user test -x "$VAR_DIR" 2>/dev/null; then
        printf '%s\n' "$link"
        return 0
    fi
    printf '/var/lib/peta-%s/%s\n' "$CLUSTER_KEY" "$CLUSTER"
}

remember_cluster_dir() {
    local dir="$1" link="$VAR_DIR/$CLUSTER"
    [ "$dir" != "$link" ] || return 0
    printf '%s' "$VAR_DIR" >"$dir.checkout"
    [ "$(readlink "$link" 2>/dev/null || true)" = "$dir" ] || ln -sfn "$dir" "$link"
}

create_cluster() {
    local dir="$1" bin="$2" user parent
    user="$(cluster_user)" parent="$(dirname "$dir")"
    mkdir -p "$parent"
    [ "$parent" = "$VAR_DIR" ] || chmod 711 "$parent"
    rm -rf "$dir.new"
    mkdir -m 700 "$dir.new"
    [ "$(id -u)" -ne 0 ] || chown "$user" "$dir.new"
    as_cluster_user "$bin/initdb" -D "$dir.new" -U postgres --auth=trust --encoding=UTF8 \
        --locale=C.UTF-8 --data-checksums --no-instructions >/dev/null || {
        rm -rf "$dir.new"
        fail "The database could not be created in $dir. The lines above say why; often the disk is full (df -h $parent)."
    }
    cluster_settings | as_cluster_user sh -c "cat >>'$dir.new/postgresql.conf'"
    mv "$dir.new" "$dir"
}

cluster_settings() {
    cat <<'CONF'
# Peta: one machine, private socket only.
listen_addresses = ''
unix_socket_permissions = 0700
shared_buffers = '256MB'
work_mem = '16MB'
maintenance_work_mem = '128MB'
random_page_cost = 1.1
max_connections = 60
logging_collector = on
log_directory = 'log'
log_filename = 'postgres-%a.log'
log_truncate_on_rotation = on
log_rotation_age = '1d'
log_rotation_size = 0
CONF
    if [ "$CLUSTER" = postgres-test ]; then
        cat <<'CONF'
# Only tests: nothing here must outlive a power cut.
fsync = off
synchronous_commit = off
full_page_writes = off
CONF
    fi
}

cluster_runs() {
    local dir bin
    dir="$(cluster_dir)"
    [ -f "$dir/PG_VERSION" ] || return 1
    bin="$(postgres_bin "$(cat "$dir/PG_VERSION")")" || return 1
    as_cluster_user "$bin/pg_ctl" -D "$dir" status >/dev/null 2>&1
}

# Starts the cluster, creating it first where there is none. Says nothing when all is well.
start_cluster() {
    local dir bin socket
    mkdir -p "$VAR_DIR"
    dir="$(cluster_dir)" socket="$(socket_dir)"
    if [ -f "$dir/PG_VERSION" ]; then
        bin="$(postgres_bin "$(cat "$dir/PG_VERSION")")" || fail \
            "The database in $dir was made by PostgreSQL $(cat "$dir/PG_VERSION"), which is no longer installed with PostGIS." \
            "Install postgresql-$(cat "$dir/PG_VERSION")-postgis-3 again, or follow \"A newer PostgreSQL\" in docs/operations.md."
    else
        bin="$(postgres_bin)" || fail "PostgreSQL with PostGIS is not installed. Run script/bootstrap."
        create_cluster "$dir" "$bin"
    fi
    remember_cluster_dir "$dir"
    ensure_socket_dir
    if ! cluster_runs; then
        as_cluster_user "$bin/pg_ctl" -D "$dir" -w -t 60 -l "$dir/startup.log" \
            -o "-k $socket" start >/dev/null </dev/null 9>&- || {
            tail -n 20 "$dir/startup.log" >&2 || true
            fail "PostgreSQL did not start. The lines above and $dir/log say why."
        }
    fi
    ensure_database "$bin" "$socket"
}

# The site's role owns its database and is no superuser; PostGIS, which only a superuser may
# create, is put there by us. Tests make and drop databases, so they sign in as postgres.
ensure_database() {
    local bin="$1" socket="$2" name
    name="$(database_name)"
    local ask=("$bin/psql" -X -q -h "$socket" -U postgres -v ON_ERROR_STOP=1)
    if ! "${ask[@]}" -d postgres -Atc "SELECT 1 FROM pg_database WHERE datname = '$name'" | grep -q 1; then
        "${ask[@]}" -d postgres -c "DO \$\$ BEGIN CREATE ROLE peta LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END \$\$" \
            -c "CREATE DATABASE \"$name\" OWNER peta"
    fi
    "${ask[@]}" -d "$name" -c "SET client_min_messages = warning" -c "CREATE EXTENSION IF NOT EXISTS postgis"
}

stop_cluster() {
    local dir bin
    dir="$(cluster_dir)"
    cluster_runs || return 0
    bin="$(postgres_bin "$(cat "$dir/PG_VERSION")")"
    as_cluster_user "$bin/pg_ctl" -D "$dir" -w -t 60 -m fast stop >/dev/null ||
        fail "PostgreSQL did not stop within a minute. Its process is $(head -n 1 "$dir/postmaster.pid" 2>/dev/null || echo unknown)."
}

remove_cluster() {
    local dir
    dir="$(cluster_dir)"
    stop_cluster
    rm -rf "$dir" "$dir.checkout" "$dir.new" "$(socket_dir)"
    [ ! -L "$VAR_DIR/$CLUSTER" ] || rm "$VAR_DIR/$CLUSTER"
    [ "$(dirname "$dir")" = "$VAR_DIR" ] || rmdir --ignore-fail-on-non-empty "$(dirname "$dir")" 2>/dev/null || true
}

# One database a regency, so that another REGENCY_CODE starts with an empty one.
database_name() { printf 'peta_%s\n' "${REGENCY_CODE//[^0-9A-Za-z]/_}"; }

private_database_url() {
    local role=peta socket
    [ "$CLUSTER" = postgres ] || role=postgres
    socket="$(socket_dir)"
    printf 'postgis://%s@%s/%s\n' "$role" "${socket//\//%2F}" "$(database_name)"
}
