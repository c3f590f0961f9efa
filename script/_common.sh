# shellcheck shell=bash
# What the scripts of this folder share; sourced, never run.

set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
cd "$ROOT"

say() { printf '%s\n' "$*"; }

fail() {
    printf '\n%s\n' "$*" >&2
    exit 1
}

# Lines KEY=VALUE of .env; what the environment already holds wins. Nothing is evaluated.
read_env_file() {
    local line key value
    [ -f "$ROOT/.env" ] || return 0
    while IFS= read -r line || [ -n "$line" ]; do
        line="${line%$'\r'}"
        [[ "$line" =~ ^[[:space:]]*(#|$) ]] && continue
        [[ "$line" =~ ^[[:space:]]*([A-Z_][A-Z0-9_]*)=(.*)$ ]] ||
            fail "The file .env has a line that is not NAME=value: ${line}. Correct it; .env.example shows the form."
        key="${BASH_REMATCH[1]}" value="${BASH_REMATCH[2]}"
        if [[ "$value" =~ ^\"(.*)\"$ || "$value" =~ ^\'(.*)\'$ ]]; then value="${BASH_REMATCH[1]}"; fi
        [ -n "${!key+set}" ] || export "$key=$value"
    done <"$ROOT/.env"
}

# Runs a command and says how long it took; its words are shown only when it fails. In a
# subshell, so that a "fail" inside comes back here and is shown.
quietly() {
    local label="$1" log
    shift
    log="$(mktemp)"
    printf '%s … ' "$label"
    local began=$SECONDS
    if ("$@") >"$log" 2>&1 9>&-; then
        printf '%s s\n' "$((SECONDS - began))"
        rm -f "$log"
    else
        printf 'failed\n\n' >&2
        tail -n 30 "$log" >&2
        rm -f "$log"
        return 1
    fi
}

# Only one process of this checkout at a time gets past here; the lock ends with the process.
hold_lock() {
    local folder="${2:-$VAR_DIR}" name="$1"
    mkdir -p "$folder"
    exec 9>"$folder/$name.lock"
    flock -n 9 || {
        say "Another script of this checkout holds $folder/$name.lock; waiting for it."
        flock 9
    }
}

release_lock() { exec 9>&-; }

# A secret of our own, made once, for an operator who has set none.
ensure_secret_key() {
    local file="$VAR_DIR/secret_key"
    [ -z "${SECRET_KEY:-}" ] || return 0
    if [ ! -s "$file" ]; then
        (umask 077 && python_of_venv -c 'import secrets; print(secrets.token_urlsafe(50))' >"$file.new")
        mv "$file.new" "$file"
    fi
    SECRET_KEY="$(cat "$file")" || fail "The file $file cannot be read by $(id -un). Make it readable: chown $(id -un) $file"
    export SECRET_KEY
}

python_of_venv() { "$ROOT/.venv/bin/python" "$@"; }

# Tests must not depend on the operator's .env.
[ "${READ_ENV_FILE:-yes}" = no ] || read_env_file
VAR_DIR="${VAR_DIR:-$ROOT/var}"
[[ "$VAR_DIR" = /* ]] || VAR_DIR="$ROOT/$VAR_DIR"
export VAR_DIR
export PATH="$ROOT/.venv/bin:$PATH"
export REGENCY_CODE="${REGENCY_CODE:-16.07}"
