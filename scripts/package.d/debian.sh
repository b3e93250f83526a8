# shellcheck shell=bash
# The Debian package. A part of scripts/package, which has the variables and functions that are not here.

# The packages of the libraries that the program is linked with, as Debian writes dependencies.
library_dependencies() {
    mkdir -p "$work/shlibdeps/debian"
    printf 'Source: %s\n\nPackage: %s\nArchitecture: any\n' "$name" "$name" >"$work/shlibdeps/debian/control"
    local arguments=(-O -e"$work/tree/bin/$name") library
    if [[ -d $work/tree/lib/$name ]]; then
        arguments+=("-l$work/tree/lib/$name")
        for library in "$work/tree/lib/$name"/*; do arguments+=("-e$library"); done
    fi
    (cd "$work/shlibdeps" && dpkg-shlibdeps --ignore-missing-info "${arguments[@]}" 2>"$work/shlibdeps/log") |
        sed -n 's/^shlibs:Depends=//p'
    # A library that no package has would be missing where this is installed.
    ! grep -E "error:|couldn't find library|cannot find library" "$work/shlibdeps/log" >&2
}

make_debian_package() {
    local package=$work/deb file
    dependencies=$(library_dependencies) || die 'the libraries that the program needs are not all in packages'
    mkdir -p "$package/DEBIAN" "$package/usr/lib/systemd/system" "$package/usr/lib/sysusers.d" "$package/etc/$name" \
        "$package/usr/share/lintian/overrides"
    cp -a "$work/tree/." "$package/usr/"
    scripts/deploy/make-units "$package/usr/lib/systemd/system"
    cp scripts/deploy/captivateiq-export.sysusers "$package/usr/lib/sysusers.d/$name.conf"
    cp scripts/deploy/config.yaml "$package/etc/$name/"
    cp scripts/package.d/lintian-overrides "$package/usr/share/lintian/overrides/$name"
    write_changelog >"$package/usr/share/doc/$name/changelog"
    gzip -9n "$package/usr/share/doc/$name/changelog" "$package/usr/share/man/man1"/*
    write_control >"$package/DEBIAN/control"
    echo "/etc/$name/config.yaml" >"$package/DEBIAN/conffiles"
    for file in postinst prerm postrm; do
        cp "scripts/package.d/$file" "$package/DEBIAN/$file"
    done
    settle "$package"
    chmod 0750 "$package/etc/$name"
    # Nobody's until the user is there.
    chmod 0600 "$package/etc/$name/config.yaml"
    chmod 0755 "$package/DEBIAN/postinst" "$package/DEBIAN/prerm" "$package/DEBIAN/postrm"
    (cd "$package" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$package/DEBIAN/md5sums"
    settle "$package/DEBIAN"
    # One thread, since blocks are cut another way with more.
    local compression=(-Zxz --threads-max=1)
    [[ $configuration == release ]] || compression=(-Zgzip "-z${level#-}")
    dpkg-deb --root-owner-group "${compression[@]}" --build "$package" \
        "$output/${name}_${version}_$architecture.deb" >/dev/null
}

write_control() {
    local kilobytes
    kilobytes=$(find "$work/deb" -path "$work/deb/DEBIAN" -prune -o -type f -printf '%s\n' | awk '{ sum += int(($1 + 1023) / 1024) } END { print sum }')
    cat <<TEXT
Package: $name
Version: $version
Architecture: $architecture
Maintainer: The developers of $name <$name@captivateiq-export.invalid>
Installed-Size: $kilobytes
Depends: $dependencies, ca-certificates, systemd | systemd-standalone-sysusers | systemd-sysusers
Suggests: rsync
Section: admin
Priority: optional
Description: local archive of CaptivateIQ's audit log
 Keeps an organization's CaptivateIQ audit log in a local archive of gzip NDJSON
 files, a folder a day, with a manifest of every file's checksum. Runs from a
 systemd timer or cron, feeds a data lake, and is shipped with rsync.
TEXT
}

write_changelog() {
    cat <<TEXT
$name ($version) unstable; urgency=medium

  * Commit $commit.

 -- The developers of $name <$name@captivateiq-export.invalid>  $(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")
TEXT
}
