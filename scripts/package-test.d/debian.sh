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

test_debian() {
    await_root
    step 'The Debian package'
    local deb=/tmp/${name}_${version}_$architecture.deb config=/etc/$name/config.yaml
    expect 'it is installed' 0 in_root apt-get install -qq -y --no-install-recommends "$deb"
    expect 'the settings are readable by the user alone' 0 in_root sh -c \
        "test \"\$(stat -c '%U %a' $config)\" = '$name 600' && ! runuser -u nobody -- cat $config"
    expect 'the program says its version' 0 as_user "$name" --version
    expect 'the user cannot log in' 0 in_root grep -E "^$name:.*:/var/lib/$name:/usr/sbin/nologin\$" /etc/passwd
    configure
    test_first_sync "$config"
    test_cron
    test_second_organization
    test_removal "$deb" "$config"
}

# What a person does: puts the token where the settings name it. The address is for this test alone.
configure() {
    in_root sh -c "printf simulator-token | install -m 0600 -o $name -g $name /dev/stdin /etc/$name/api_token
        echo 'base_url: $address' >>/etc/$name/config.yaml"
}

test_first_sync() {
    local begin
    begin=$(date -u -d '8 days ago' +%F)
    expect 'check says that a sync would begin no archive' 66 as_user "$name" check --config "$1"
    expect '… and why' 0 said 'FAIL  archive' '`create` is off'
    expect 'a sync begins no archive by itself' 66 as_user "$name" sync --config "$1"
    expect 'it does with --create' 0 as_user "$name" sync --config "$1" --create --backfill-start-time "$begin"
    expect '… and fetches the past' 0 said 'Archived 2,000 new events'
    expect 'status' 0 as_user "$name" status --config "$1"
    expect 'verify' 0 as_user "$name" verify --config "$1"
    expect 'reconcile' 0 as_user "$name" reconcile --config "$1"
    expect 'check' 0 as_user "$name" check --config "$1"
    expect '… has nothing to say against a place where it has run' 0 said 'ok    archive' 'ok    file system' 'ok    free space'
    expect 'the archive is not for everybody' 0 in_root sh -c \
        "cd /var/lib/$name/archive && ! runuser -u nobody -- ls /var/lib/$name/archive"
    expect 'the metrics are' 0 in_root runuser -u nobody -- grep -E "^captivateiq_export_last_success_timestamp_seconds\{" \
        "/var/lib/$name/metrics/$name.prom"
    expect 'the checker of the archive finds nothing' 0 python3 -B Tests/Checker/check_archive.py "$rootfs/var/lib/$name/archive"
}

# The line of the README, as it is there, under Debian's cron: it runs at minute 7, so that cron's clock is set shortly
# before that. The program's is not.
test_cron() {
    local line cron end events
    line=$(sed -n '/^```crontab$/,/^```$/p' README.md | grep -E "^7 \* \* \* \* .* $name ")
    expect 'the README has a line for cron' 0 test -n "$line"
    expect 'cron is installed' 0 in_root apt-get install -qq -y --no-install-recommends cron libfaketime
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
    rm "$rootfs/etc/cron.d/$name"
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
    in_root sh -c "sed -e 's|/archive\$|/acme|' -e 's|$name\.prom|acme.prom|' /etc/$name/config.yaml >/tmp/acme.yaml
        install -m 0600 -o $name -g $name /tmp/acme.yaml /etc/$name/acme.yaml"
    expect 'a second organization has a configuration and an archive of its own' 0 \
        as_user "$name" sync --config "/etc/$name/acme.yaml" --create
    expect '…' 0 as_user "$name" verify --archive "/var/lib/$name/acme"
}

test_removal() {
    expect 'an upgrade keeps the settings' 0 in_root apt-get install -qq -y --reinstall --no-install-recommends "$1"
    expect '…' 0 in_root sh -c "grep -q base_url $2 && test \"\$(stat -c '%U %a' $2)\" = '$name 600'"
    expect 'it is removed' 0 in_root apt-get remove -qq -y "$name"
    expect '… and the settings stay' 0 in_root test -e "$2"
    expect 'it is purged' 0 in_root apt-get purge -qq -y "$name"
    expect '… and says that the archives are left' 0 said "the archives in /var/lib/$name are left"
    expect '… and the token is gone' 1 in_root test -e "/etc/$name"
    expect '… and nothing else is left but the archives' 0 in_root sh -c \
        "! find / -xdev -path /proc -prune -o -path /tmp -prune -o -path /var/lib/$name/archive -prune -o \
            -path /var/lib/$name/acme -prune -o -path /var/log -prune -o -name '*captivateiq*' ! -path /var/lib/$name -print | grep ."
    expect 'the archives are sound' 0 python3 -B Tests/Checker/check_archive.py "$rootfs/var/lib/$name/archive"
}
