# shellcheck shell=bash
# The OCI image: the program, the libraries of Debian that it is linked with, certificate authorities, and nothing else.
# A part of scripts/package, which has the variables and functions that are not here.

# Unpacks a package of Debian, the version that this machine installs, into a folder. Packages are kept for the next run.
unpack_debian() {
    local cache=$scratch/debian-packages file
    mkdir -p "$cache"
    local wanted
    wanted=$(apt-cache policy "$1" | sed -nE 's/^ +Candidate: (.*)/\1/p')
    [[ -n $wanted ]] || die "the package $1 is not known here" 'Run: apt-get update'
    file=$cache/${1}_${wanted//:/%3a}_
    if ! compgen -G "$file*.deb" >/dev/null; then
        (cd "$cache" && apt-get download -qq -o APT::Sandbox::User=root "$1=$wanted") || die "the package $1 could not be fetched"
    fi
    dpkg-deb --fsys-tarfile "$(compgen -G "$file*.deb" | head -n 1)" | tar --extract --directory "$2" --no-same-owner
}

make_root() {
    local package unpacked=$work/ca-certificates
    # What a container is given besides has places to be put, also where the root cannot be written to.
    mkdir -p "$1/etc/ssl/certs" "$1/usr/bin" "$1/tmp" "$1/var/lib" "$1/dev" "$1/proc" "$1/sys" "$unpacked"
    # The program's own libraries bring what they are linked with, libc6 among it.
    while read -r package; do unpack_debian "$package" "$1"; done < <(
        tr ',' '\n' <<<"$dependencies" | sed -E 's/^ *([a-z0-9.+-]+).*/\1/' | sort -u)
    unpack_debian ca-certificates "$unpacked"
    # What update-ca-certificates makes of them, which needs a shell and openssl.
    find "$unpacked/usr/share/ca-certificates" -name '*.crt' -print0 | LC_ALL=C sort -z |
        xargs -0 awk 1 >"$1/etc/ssl/certs/ca-certificates.crt"
    rm -rf -- "$1/usr/share/doc" "$1/usr/share/lintian" "$1/usr/share/man"
    cp "$work/tree/bin/$name" "$1/usr/bin/"
    if [[ -d $work/tree/lib/$name ]]; then
        cp -r "$work/tree/lib/$name" "$1/usr/lib/"
        # $ORIGIN needs /proc.
        patchelf --set-rpath "/usr/lib/$name" "$1/usr/bin/$name"
    fi
    printf 'root:x:0:0:root:/:/sbin/nologin\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n' >"$1/etc/passwd"
    printf 'root:x:0:\nnogroup:x:65534:\n' >"$1/etc/group"
    printf 'hosts: files dns\n' >"$1/etc/nsswitch.conf"
    settle "$1"
    chmod 1777 "$1/tmp"
}

make_image() {
    local rootfs=$work/image-root layer=$work/layer.tar layout=$work/oci image
    make_root "$rootfs"
    pack "$layer" "$rootfs" 0 .
    # The one place that it writes to, for whoever runs it without a volume there.
    mkdir -p "$work/state/var/lib/$name"
    settle "$work/state"
    tar --append --file "$layer" --directory "$work/state" --mtime="@$SOURCE_DATE_EPOCH" --owner=65534 --group=65534 \
        --numeric-owner --format=gnu "var/lib/$name"
    image=$layout:$version
    umoci init --layout "$layout"
    umoci new --image "$image"
    umoci raw add-layer --image "$image" --history.created "$date" --history.created_by scripts/package "$layer"
    umoci config --image "$image" --no-history --created "$date" --architecture "$architecture" --os linux \
        --config.user 65534:65534 --config.entrypoint "/usr/bin/$name" --config.cmd --help --config.workingdir / \
        --config.volume "/var/lib/$name" --config.label "org.opencontainers.image.title=$name" \
        --config.label "org.opencontainers.image.version=$version" \
        --config.label "org.opencontainers.image.revision=$commit" \
        --config.label "org.opencontainers.image.created=$date"
    umoci gc --layout "$layout"
    # A second tool reads what the first one wrote.
    skopeo inspect --config "oci:$image" >"$work/image.json" || die 'the image cannot be read'
    settle "$layout"
    pack "$output/$name-$version-$architecture-oci.tar" "$layout" 0 .
}
