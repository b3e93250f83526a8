#!/usr/bin/env bash
# s3_test.sh EXPORTER SIMULATOR VENV COPIES: copies an archive to a bucket of moto's server while syncs, compactions and prunes
# go on. Each copy that is fetched back from there is sound, and the last has just what the archive has.
set -euo pipefail
exporter=$1 simulator=$2 venv=$3 copies=$4
ship=$(dirname -- "${BASH_SOURCE[0]}")/../ship
work=$(mktemp -d)
running=()

clean_up() {
    local status=$?
    trap - EXIT
    if [[ ${#running[@]} -gt 0 ]]; then kill -- "${running[@]}" 2>/dev/null || true; fi
    wait
    rm -rf -- "$work"
    exit "$status"
}
trap clean_up EXIT
trap 'exit 143' TERM

fail() { printf 'FAILED: %s\n' "$*" >&2 && exit 1; }

# Gives what follows a text on the first line that has it.
wait_for_line() {
    local line
    until line=$(grep -m 1 -o "$2.*" "$1"); do sleep 0.1; done
    printf '%s\n' "${line#"$2"}"
}

sync_once() {
    CAPTIVATEIQ_API_TOKEN=simulator-token "$exporter" sync --quiet --archive "$work/archive" --base-url "$address" --lookback 1h \
        --backfill-start-time 2024-01-01 --requests-per-second 1000 --requests-per-hour 1000000 2>>"$work/syncs"
}

# Until somebody ends it, after whole rounds. An archive that loses files more often than a copy takes is never copied.
keep_changing() {
    local round=0
    until [[ -e $work/enough ]]; do
        round=$((round + 1))
        curl -fsS -X POST "$address/_simulator/arrive?count=50&late_hours=20" >/dev/null
        sync_once
        case $((round % 4)) in
            1) "$exporter" compact --archive "$work/archive" >/dev/null 2>&1 ;;
            3) "$exporter" prune --archive "$work/archive" --keep "$((12 - round % 5))d" >/dev/null 2>&1 ;;
        esac
        printf '%s\n' "$round" >"$work/rounds"
        sleep 2
    done
}

"$simulator" --port 0 --events 600 --days 12 >"$work/simulator" &
running+=($!)
"$venv/bin/moto_server" -H 127.0.0.1 -p 0 >"$work/moto" 2>&1 &
running+=($!)
address=$(wait_for_line "$work/simulator" 'listening on ')
export PATH=$venv/bin:$PATH AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x AWS_DEFAULT_REGION=us-east-1
AWS_ENDPOINT_URL=$(wait_for_line "$work/moto" 'Running on ')
AWS_ENDPOINT_URL=${AWS_ENDPOINT_URL%/}
aws s3 mb s3://lake >/dev/null
sync_once
keep_changing &
changes=$!
for ((number = 1; number <= copies; number++)); do
    "$ship" --to s3://lake/audit "$work/archive" || fail "copy $number could not be made"
    rm -rf -- "$work/copy"
    aws s3 sync --only-show-errors s3://lake/audit "$work/copy"
    "$exporter" verify --archive "$work/copy" >"$work/verify" 2>&1 || fail "copy $number: $(cat "$work/verify")"
done
touch "$work/enough"
wait "$changes" || fail 'the archive could not be changed meanwhile'
"$ship" --to s3://lake/audit "$work/archive"
list() { (cd -- "$1" && find audit_logs quarantine evidence manifest.json freshness.json -type f 2>/dev/null | sort); }
aws s3 ls --recursive s3://lake/audit/ | awk '{ print $4 }' | sed 's|^audit/||' | sort >"$work/there"
diff <(list "$work/archive") "$work/there" || fail 'there is something else'
# shellcheck disable=SC2016 # the back quotes are the query's
objects() { aws s3api list-objects-v2 --bucket lake --query 'Contents[?contains(Key, `.gz`)].[Key, LastModified]' --output text; }
before=$(objects)
sleep 1
"$ship" --to s3://lake/audit "$work/archive"
after=$(objects)
[[ -n $before && $before == "$after" ]] || fail 'an unchanged archive was sent again'
printf 's3: %s copies during %s rounds of syncs, compactions and prunes\n' "$copies" "$(cat "$work/rounds")"
