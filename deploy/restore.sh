#!/usr/bin/env bash
# Brings a backup back into an empty database; refuses one that already holds tables.
#
#   deploy/restore.sh FILE.dump postgis://USER@HOST/DATABASE
set -euo pipefail

DUMP="${1:?Say which: deploy/restore.sh FILE.dump postgis://USER@HOST/DATABASE}"
URL="${2:?Say where to: deploy/restore.sh FILE.dump postgis://USER@HOST/DATABASE}"
URL="${URL/#postgis:/postgresql:}"

[ -r "$DUMP" ] || {
    printf 'The backup %s cannot be read.\n' "$DUMP" >&2
    exit 1
}
FOUND="$(psql -X -At -d "$URL" -c "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'spatial_ref_sys'")"
[ "$FOUND" = 0 ] || {
    printf 'The database already holds %s tables; nothing was changed. Restore into an empty one: createdb NAME\n' "$FOUND" >&2
    exit 1
}

# PostGIS is there already, made by a superuser, or is made now; the backup then need not.
psql -X -q -d "$URL" -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION IF NOT EXISTS postgis'
LIST="$(mktemp)"
trap 'rm -f "$LIST"' EXIT
pg_restore --list "$DUMP" | grep -vE ' (COMMENT - EXTENSION|EXTENSION - postgis) ?' >"$LIST"
pg_restore --no-owner --no-privileges --single-transaction --exit-on-error \
    --use-list="$LIST" --dbname="$URL" "$DUMP"
psql -X -q -d "$URL" -c ANALYZE
printf 'Restored %s.\n' "$DUMP"
