# shellcheck shell=bash
# The Debian package in an empty root. A part of scripts/package-test.

# Runs a command in the root, with its own processes, which end with it.
in_root() { "${in_root[@]}" "$rootfs" "$@"; }

# … as the program's user.
as_user() { in_root runuser -u "$name" -- "$@"; }

# Begins to make an empty root in the background: Debian as debootstrap makes it, or what an earlier run of this day made.
begin_root() {
    rootfs=$work/root
    # shellcheck source=/dev/null
    release=$(. /etc/os-release && printf '%s' "$VERSION_CODENAME")
    kept=$root/.build/package-test/$release.tar
    mkdir -p "$rootfs" "${kept%/*}"
    make_root >"$work/debootstrap.log" 2>&1 &
    root_maker=$!
    background+=("$root_maker")
}

make_root() {
    if [[ -n $(find "$kept" -mmin -1440 2>/dev/null) ]]; then
        tar --extract --file "$kept" --directory "$rootfs" --numeric-owner --same-permissions
        return
    fi
    # What it mounts is gone with its end, also where that is early. A mirror may take a connection and say nothing.
    unshare --mount --pid --fork --kill-child timeout --kill-after=10 900 debootstrap --variant=minbase "$release" "$rootfs" || return
    tar --create --file "$kept.new" --directory "$rootfs" --numeric-owner --exclude=./proc/* --exclude=./sys/* . &&
        mv "$kept.new" "$kept"
}

await_root() {
    step "An empty root of Debian $release"
    wait "$root_maker" || die "debootstrap could not make a root of Debian $release" \
        "$(tail -n 3 "$work/debootstrap.log")" \
        'It needs a mirror of Debian (http://deb.debian.org/debian); the other parts of this test need none: scripts/package-test files image'
    cp "$packages/${name}_${version}_$architecture.deb" "$rootfs/tmp/"
    enter_root
}

# Sets what comes before a command that runs in the root.
enter_root() {
    in_root=(env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive
        unshare --mount --pid --fork --kill-child --mount-proc="$rootfs/proc" chroot)
}

# The commands of a section of the README, as they are there.
commands_of() {
    awk -v section="$1" '
        /^##+ / { sub(/^#+ /, ""); is_there = $0 == section; next }
        /^```/ { is_block = $0 == "```console"; next }
        is_there && is_block && (/^\$ / || goes_on) { sub(/^\$ /, ""); print; goes_on = /\\$/ }' README.md
}

# Runs the commands of a section of the README in the root, after a change of sed where one is given; what one of them asks
# for is read from standard input.
readme() {
    commands_of "$1" | sed "${2-}" >"$rootfs/tmp/commands"
    [[ -s $rootfs/tmp/commands ]] && in_root bash -xeuo pipefail -c 'cd /tmp && . ./commands'
}

# What a person's machine has: sudo, systemd, and somebody who says yes.
prepare_root() {
    printf 'APT::Get::Assume-Yes "true";\nAPT::Install-Recommends "false";\nquiet "2";\n' >"$rootfs/etc/apt/apt.conf.d/90-test"
    # shellcheck disable=SC2016 # for the shell in the root
    printf '%s\n' '#!/bin/sh' 'if [ "$1" = -u ]; then user=$2; shift 2; exec runuser -u "$user" -- "$@"; fi' 'exec "$@"' \
        >"$rootfs/usr/bin/sudo"
    # No systemd runs there: units are enabled, and what is to be started has to be there.
    # shellcheck disable=SC2016 # for the shell in the root
    printf '%s\n' '#!/bin/sh' 'for word; do shift; [ "$word" = --now ] || set -- "$@" "$word"; done' \
        'if [ "$1" = start ]; then exec test -e "/usr/lib/systemd/system/$2"; fi' 'exec /usr/bin/systemctl "$@"' \
        >"$rootfs/usr/sbin/systemctl"
    chmod 0755 "$rootfs/usr/bin/sudo" "$rootfs/usr/sbin/systemctl"
}

test_debian() {
    await_root
    prepare_root
    step 'The Debian package'
    local config=/etc/$name/config.yaml
    expect 'it is installed as the README says' 0 readme 'The package'
    expect 'the settings are readable by the user alone' 0 in_root sh -c \
        "test \"\$(stat -c '%U %a' $config)\" = '$name 600' && ! runuser -u nobody -- cat $config"
    expect 'the program says its version' 0 as_user "$name" --version
    expect 'the user cannot log in' 0 in_root grep -E "^$name:.*:/var/lib/$name:/usr/sbin/nologin\$" /etc/passwd
    # For this test alone.
    in_root sh -c "echo 'base_url: $address' >>$config"
    test_first_sync "$config"
    test_cron
    test_second_organization
    test_upgrade_and_restoring "$config"
    test_removal "$config"
    test_source
}

test_first_sync() {
    local archive=/var/lib/$name/archive
    printf simulator-token >"$work/token"
    expect 'the first sync runs as the README says' 0 readme 'First sync' <"$work/token"
    expect '… and fetches the past' 0 said 'Archived 2,000 new events'
    expect '… and the timers are enabled' 0 in_root test -L "/etc/systemd/system/timers.target.wants/$name-reconcile.timer"
    expect 'a sync begins no archive by itself' 66 as_user "$name" sync --config "$1" --archive "$archive-2"
    expect '… as check says' 66 as_user "$name" check --config "$1" --archive "$archive-2"
    # shellcheck disable=SC2016 # the program's words
    expect '… and why' 0 said 'FAIL  archive' '`create` is off'
    expect 'sync' 0 as_user "$name" sync --config "$1"
    expect 'check' 0 as_user "$name" check --config "$1"
    expect '… has tried what a sync needs' 0 said 'ok    archive' 'ok    file system' 'ok    free space' 'ok    next sync'
    expect 'status' 0 as_user "$name" status --config "$1" --max-age 1h
    expect 'verify' 0 as_user "$name" verify --config "$1"
    expect 'reconcile' 0 as_user "$name" reconcile --config "$1"
    expect 'the archive is not for everybody' 0 in_root sh -c "cd $archive && ! runuser -u nobody -- ls $archive"
    expect 'the metrics are' 0 in_root runuser -u nobody -- grep -E "^captivateiq_export_last_success_timestamp_seconds\{" \
        "/var/lib/$name/metrics/$name.prom"
    expect 'the checker of the archive finds nothing' 0 python3 -B Tests/Checker/check_archive.py "$rootfs$archive"
}

# The line of the README, as it is there, under Debian's cron: it runs at minute 7, so that cron's clock is set shortly
# before that. The program's is not.
test_cron() {
    local line cron end events
    line=$(sed -n '/^```crontab$/,/^```$/p' README.md | grep -E "^7 \* \* \* \* .* $name ")
    expect 'the README has a line for cron' 0 test -n "$line"
    expect 'cron is installed' 0 in_root apt-get install cron libfaketime
    printf '%s\n' "$line" >"$rootfs/etc/cron.d/$name"
    # Mail goes into a file.
    printf '#!/bin/sh\ncat >/tmp/mail.$$\nmv /tmp/mail.$$ /tmp/mail\n' >"$rootfs/usr/sbin/sendmail"
    chmod 0755 "$rootfs/usr/sbin/sendmail"
    curl --silent --fail --request POST "$address/_simulator/arrive?count=30" >/dev/null
    run_cron "grep -q '\"records\": 2030' $rootfs/var/lib/$name/archive/manifest.json"
    expect 'cron runs the line of the README' 0 sh -c "cat '$work/cron.log' && test $cron_done = yes"
    expect '… which sends no mail' 1 test -e "$rootfs/tmp/mail"
    printf wrong >"$rootfs/etc/$name/api_token"
    run_cron "test -e $rootfs/tmp/mail"
    expect '… but where a person is needed' 0 grep -F '401' "$rootfs/tmp/mail"
    printf simulator-token >"$rootfs/etc/$name/api_token"
    rm "$rootfs/tmp/mail"
    test_cron_overlap "$line"
    rm "$rootfs/etc/cron.d/$name"
}

# The line twice a minute: while another sync is still running, and then the two by themselves. The line.
test_cron_overlap() {
    local lock=/var/lib/$name/archive/.captivateiq-export/lock
    printf '%s\n' "$1" "$1" '7 * * * * root touch /tmp/cron-ran' >"$rootfs/etc/cron.d/$name"
    # Holds the lock as a sync does.
    "${in_root[@]}" "$rootfs" runuser -u "$name" -- flock "$lock" sleep 120 &
    background+=("$!")
    run_cron "test -e $rootfs/tmp/cron-ran && sleep 3"
    expect 'cron starts two syncs while one is running' 0 test "$cron_done" = yes
    expect '… which say nothing, for the last success is young' 1 test -e "$rootfs/tmp/mail"
    expect '… as a person is told' 75 as_user "$name" sync --config "/etc/$name/config.yaml"
    kill -KILL "${background[-1]}"
    wait "${background[-1]}" 2>/dev/null || true
    unset 'background[-1]'
    curl --silent --fail --request POST "$address/_simulator/arrive?count=20" >/dev/null
    run_cron "grep -q '\"records\": 2050' $rootfs/var/lib/$name/archive/manifest.json"
    expect 'of two syncs at once one finds what is new' 0 test "$cron_done" = yes
    expect '… and the other one says nothing' 1 test -e "$rootfs/tmp/mail"
}

# Runs cron until a condition holds, for at most half a minute. Sets cron_done.
run_cron() {
    local turn
    cron_done=no
    # The library by itself, since the command faketime shares a semaphore by its number, which is the same in each root.
    # No function, whose process would be another one than that to end.
    "${in_root[@]}" "$rootfs" sh -c 'LD_PRELOAD=$(echo /usr/lib/*/faketime/libfaketime.so.1) FAKETIME="@2026-06-01 10:06:57" exec cron -f' \
        >"$work/cron.log" 2>&1 &
    background+=("$!")
    for turn in {1..60}; do
        if sh -c "$1" 2>/dev/null; then cron_done=yes && break; fi
        read -r -t 0.5 <> <(:) || true
    done
    # unshare takes no other signal while its child runs.
    kill -KILL "${background[-1]}" 2>/dev/null || true
    wait "${background[-1]}" 2>/dev/null || true
    unset 'background[-1]'
    say "      cron took half a second $turn times"
}

test_second_organization() {
    expect 'a second organization has settings of its own, as the README says' 0 readme 'Several organizations'
    in_root install -m 0600 -o "$name" -g "$name" /dev/stdin "/etc/$name/acme.api_token" <"$work/token"
    expect '… and a token and an archive' 0 as_user "$name" sync --config "/etc/$name/acme.yaml" --create
    expect '…' 0 in_root sh -c "test -e /var/lib/$name/acme/manifest.json && test -e /var/lib/$name/metrics/acme.prom"
    expect '… and timers' 0 in_root test -L "/etc/systemd/system/timers.target.wants/$name@acme.timer"
}

test_upgrade_and_restoring() {
    expect 'an upgrade runs as the README says' 0 readme Upgrade 's/install/& --reinstall/'
    expect '… and keeps the settings' 0 in_root sh -c "grep -q base_url $1 && test \"\$(stat -c '%U %a' $1)\" = '$name 600'"
    expect 'rsync is installed' 0 in_root apt-get install rsync
    cp -a "$rootfs/var/lib/$name/archive" "$rootfs/tmp/copy"
    rm -rf "$rootfs/var/lib/$name/archive" "$rootfs/tmp/copy/.captivateiq-export"
    expect 'a copy is restored as the README says' 0 readme 'Restore from a copy' 's,backup:/lake/audit/,/tmp/copy/,'
    expect '… and a sync goes on' 0 as_user "$name" sync --config "$1"
    expect '… from there' 0 said 'No new events'
}

test_removal() {
    expect 'it is removed' 0 in_root apt-get remove "$name"
    expect '… and the settings stay' 0 in_root test -e "$1"
    expect 'it is purged as the README says' 0 readme Remove
    expect '… and says that the archives are left' 0 said "the archives in /var/lib/$name are left"
    expect '… and the token is gone' 1 in_root test -e "/etc/$name"
    expect '… and nothing else is left but the archives' 0 in_root sh -c \
        "! find / -xdev -path /proc -prune -o -path /tmp -prune -o -path /var/lib/$name/archive -prune -o \
            -path /var/lib/$name/acme -prune -o -path /var/log -prune -o -name '*captivateiq*' ! -path /var/lib/$name -print | grep ."
    expect 'the archives are sound' 0 python3 -B Tests/Checker/check_archive.py "$rootfs/var/lib/$name/archive"
}

# What the README says of an installation from source, but for the build.
test_source() {
    mkdir -p "$rootfs/tmp/.build/release" "$rootfs/tmp/scripts"
    cp "$scratch/$configuration/$name" "$rootfs/tmp/.build/release/"
    cp -r scripts/deploy "$rootfs/tmp/scripts/"
    expect 'a program built from source is installed as the README says' 0 readme 'From source' '/apt-get install/d; /swift build/d'
    expect '… with the settings and units of the package' 0 in_root sh -c "test \"\$(stat -c '%U %a' /etc/$name/config.yaml)\" = '$name 600' &&
        test -x /usr/bin/$name && test -e /etc/systemd/system/$name-verify@.timer && test -d /var/lib/$name/metrics"
}
