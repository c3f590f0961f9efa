#!/usr/bin/env bash
# Writes one backup of the database, and of uploaded files, into FOLDER and keeps the
# newest 14 (KEEP_BACKUPS). A backup under its final name is whole and was read back.
#
#   deploy/backup.sh FOLDER
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
FOLDER="${1:?Say where to: deploy/backup.sh FOLDER}"
KEEP="${KEEP_BACKUPS:-14}"
VAR_DIR="${VAR_DIR:-$ROOT/var}"
URL="$("$ROOT/script/database" url)"
NAME="peta-$(date -u +%Y%m%dT%H%M%SZ)"

[ -d "$FOLDER" ] && [ -w "$FOLDER" ] || {
    printf 'The folder %s cannot be written. Create it and give it to %s.\n' "$FOLDER" "$(id -un)" >&2
    exit 1
}
umask 077
trap 'rm -f "$FOLDER/$NAME".*.part' EXIT

pg_dump --format=custom --no-owner --no-privileges \
    --dbname="${URL/#postgis:/postgresql:}" --file="$FOLDER/$NAME.dump.part"
pg_restore --list "$FOLDER/$NAME.dump.part" >/dev/null
if [ -d "$VAR_DIR/media" ]; then
    tar -C "$VAR_DIR" -czf "$FOLDER/$NAME.media.tar.gz.part" media
    mv "$FOLDER/$NAME.media.tar.gz.part" "$FOLDER/$NAME.media.tar.gz"
fi
mv "$FOLDER/$NAME.dump.part" "$FOLDER/$NAME.dump"

find "$FOLDER" -maxdepth 1 -name 'peta-*Z.dump' -printf '%f\n' | sort -r | tail -n "+$((KEEP + 1))" |
    while IFS= read -r old; do
        rm -f "$FOLDER/$old" "$FOLDER/${old%.dump}.media.tar.gz"
    done
printf '%s\n' "$FOLDER/$NAME.dump"
