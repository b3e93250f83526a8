# shellcheck shell=bash
# The image in a root of nothing else. A part of scripts/package-test.

# Runs the program as the image says: as nobody, with nothing to write to but the volume, and with /proc, which every
# container has.
in_image() {
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin CAPTIVATEIQ_API_TOKEN=simulator-token CAPTIVATEIQ_BASE_URL="$address" \
        unshare --mount --pid --fork --kill-child sh -c 'mount --bind "$0" "$0" && mount --bind "$1" "$0/var/lib/captivateiq-export" &&
            mount -t proc proc "$0/proc" && mount -o remount,bind,ro "$0" && root=$0 && shift && exec chroot --userspec=65534:65534 "$root" "$@"' \
        "$image_root" "$work/volume" "/usr/bin/$name" "$@"
}

test_image() {
    step 'The image'
    local layout=$work/layout size archive=/var/lib/$name/archive
    mkdir "$layout" "$work/volume"
    tar --extract --file "$packages/$name-$version-$architecture-oci.tar" --directory "$layout"
    expect 'it can be read' 0 skopeo inspect --config "oci:$layout:$version"
    expect '… runs as nobody, and is of this commit' 0 jq --exit-status \
        --arg commit "$(git rev-parse HEAD | cut -c1-7)" \
        '.config.User == "65534:65534" and (.config.Labels["org.opencontainers.image.revision"] | startswith($commit))' "$work/output"
    umoci unpack --image "$layout:$version" "$work/bundle" >/dev/null
    image_root=$work/bundle/rootfs
    size=$(du --summarize --bytes "$image_root" | cut -f1)
    if [[ $configuration == release ]]; then
        expect "it has at most 110 MB ($size bytes)" 0 test "$size" -le 110000000
        expect 'it has the program, libc6, certificates and nothing else' 0 sh -c "! find '$image_root' -type f -printf '/%P\n' |
            grep -vxE '/usr/bin/$name|/etc/(passwd|group|nsswitch\.conf|ssl/certs/ca-certificates\.crt)|/(usr/)?lib(64|/x86_64-linux-gnu)?/.*|/etc/ld\.so\.conf\.d/.*|/usr/share/.*'"
    fi
    expect 'it has no shell' 1 find_shell
    expect 'it has certificate authorities' 0 test "$(grep -c 'BEGIN CERTIFICATE' "$image_root/etc/ssl/certs/ca-certificates.crt")" -gt 100
    chown 65534:65534 "$work/volume"
    expect 'it says its version' 0 in_image --version
    expect 'it says so where /proc is missing' 71 chroot --userspec=65534:65534 "$image_root" "/usr/bin/$name" --version
    expect '…' 0 said 'no /proc'
    expect 'it begins an archive on its volume' 0 in_image sync --archive "$archive" --create --backfill-start-time "$(date -u -d '8 days ago' +%F)"
    expect 'it syncs again' 0 in_image sync --archive "$archive" --no-create --json
    expect 'status' 0 in_image status --archive "$archive"
    expect 'verify' 0 in_image verify --archive "$archive"
    expect 'it can write nowhere else' 73 in_image sync --archive /archive --create
    expect 'the checker of the archive finds nothing' 0 python3 -B Tests/Checker/check_archive.py "$work/volume/archive"
}

find_shell() { find "$image_root" -name sh -o -name bash -o -name dash -o -name busybox | grep .; }
