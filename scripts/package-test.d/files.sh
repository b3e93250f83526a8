# shellcheck shell=bash
# The files as they are: the same twice, complete, and right for the tools that read them. A part of scripts/package-test.

prepare_validators() {
    "$venv/bin/python" -c 'import kubernetes_validate, cyclonedx.validation.json' 2>/dev/null && return
    step 'Installing kubernetes-validate and cyclonedx-python-lib from PyPI into .build/package-venv'
    python3 -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check kubernetes-validate 'cyclonedx-python-lib[json-validation]' ||
        die 'Python packages could not be installed from PyPI'
}

test_files() {
    prepare_validators
    step 'The files'
    expect 'the checksums hold' 0 env -C "$packages" sha256sum --check --strict --quiet SHA256SUMS
    expect 'the checksums are of all files' 0 test "$(wc -l <"$packages/SHA256SUMS")" -eq 4
    scripts/package "${arguments[@]}" --no-build --output "$work/again" >/dev/null
    expect 'packed again they are the same bytes' 0 diff -r "$packages" "$work/again"
    mkdir "$work/tarball" "$work/deb"
    tar --extract --file "$packages/$name-$version-$architecture.tar.gz" --directory "$work/tarball" --strip-components=1
    dpkg-deb --extract "$packages/${name}_${version}_$architecture.deb" "$work/deb"
    if [[ $configuration == release ]]; then test_program_needs_glibc_alone; fi
    test_version
    test_completions
    expect 'man and --help say the same of every command' 0 \
        python3 -B scripts/package-test.d/compare_manual.py "$work/tarball/bin/$name" "$work/tarball/share/man/man1"
    expect 'the manual pages are sound' 0 mandoc -T lint -W error "$work/tarball/share/man/man1/"*.1
    expect 'lintian finds no error in the package' 0 lintian --fail-on error --no-tag-display-limit \
        "$packages/${name}_${version}_$architecture.deb"
    expect 'the bill of materials is CycloneDX' 0 "$venv/bin/python" -c '
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read())
sys.exit(str(fault) if fault else 0)' "$packages/$name-$version.cdx.json"
    expect '… and names what is linked, and nothing else' 0 jq --exit-status \
        '[.components[].name] | contains(["async-http-client", "swift-nio-ssl", "zlib", "libyaml"]) and (contains(["hummingbird"]) | not)' \
        "$packages/$name-$version.cdx.json"
    expect 'the Kubernetes recipes are valid' 0 "$venv/bin/kubernetes-validate" --strict scripts/deploy/kubernetes/*.yaml
    test_units
}

test_program_needs_glibc_alone() {
    local size
    expect 'the program needs nothing but glibc' 0 sh -c \
        "! readelf -d '$work/tarball/bin/$name' | sed -nE 's/.*NEEDED.*\[(.*)\]/\1/p' | grep -vxE 'lib(c|m)\.so\.6|ld-linux-x86-64\.so\.2'"
    size=$(stat --format %s "$work/tarball/bin/$name")
    expect "… and has less than 40 MB ($size bytes)" 0 test "$size" -lt 40000000
}

test_version() {
    expect 'the program tells version, commit, Swift and zlib' 0 "$work/tarball/bin/$name" --version
    expect '…' 0 said "$name $version ($(git rev-parse HEAD | cut -c1-7)" 'Swift 6.' 'zlib 1.'
}

test_completions() {
    local share=$work/tarball/share
    # shellcheck disable=SC2016 # for the shell that completes
    expect 'bash completes commands' 0 bash -c '. "$1"; COMP_WORDS=(captivateiq-export sy); COMP_CWORD=1; COMP_LINE="captivateiq-export sy"
        COMP_POINT=${#COMP_LINE}; _captivateiq-export 2>/dev/null || _captivateiq_export; printf "%s\n" "${COMPREPLY[@]}" | grep -x sync' \
        bash "$share/bash-completion/completions/$name"
    expect 'zsh takes its completions' 0 zsh -n "$share/zsh/vendor-completions/_$name"
    expect 'fish completes commands' 0 env HOME="$work" PATH="$work/tarball/bin:$PATH" fish --no-config -c \
        "source '$share/fish/vendor_completions.d/$name.fish'; complete --do-complete '$name sy' | string match --quiet 'sync*'"
}

# Every unit, templates with an instance: the hardening of the program's own and of those made of it.
test_units() {
    local unit units=$work/units exposure
    mkdir -p "$units"
    for unit in "$work/deb/usr/lib/systemd/system/"*; do
        cp "$unit" "$units/$(basename "$unit" | sed 's/@/@acme/')"
    done
    expect 'there are 20 units' 0 test "$(find "$units" -type f | wc -l)" -eq 20
    for unit in "$units"/*.service; do
        exposure=$(systemd-analyze security --offline=true --no-pager "$unit" 2>&1 | sed -nE 's/.*Overall exposure level.*: ([0-9.]+) .*/\1/p')
        expect "$(basename "$unit") is exposed by ${exposure:-?}, at most 1.4" 0 awk -v level="$exposure" 'BEGIN { exit !(level != "" && level <= 1.4) }'
    done
    # Whether the units that they name are there is no matter of theirs.
    sed -i "s|/usr/bin/$name|$work/tarball/bin/$name|" "$units"/*.service
    expect 'systemd takes the units' 0 env SYSTEMD_UNIT_PATH="$units:" systemd-analyze verify --man=no "$units"/*
    expect '… without a word about them' 0 sh -c "! grep captivateiq '$work/output'"
}
