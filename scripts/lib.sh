# shellcheck shell=bash
# Helpers of the scripts beside it. Sourced, never run.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck disable=SC2034 # used by the scripts that source this
readonly root

say() { printf '%s\n' "$*"; }

# A headline between the parts of a script's output.
step() { printf '\n== %s\n' "$*"; }

# Ends the script: what is wrong, then what to do about it, a line an argument.
die() {
    printf 'error: %s\n' "$1" >&2
    shift
    if [[ $# -gt 0 ]]; then printf '  %s\n' "$@" >&2; fi
    exit 1
}

# The Swift toolchain is nothing that apt could install.
need_swift() {
    command -v swift >/dev/null && return
    die 'swift was not found' \
        'Install Swift 6.2 or later from https://www.swift.org/install/linux/ and put it on the PATH, then run this again.'
}

# What a package is needed for may be there without the package, from another source.
is_present() {
    case $1 in
        /*) [[ -e $1 ]] ;;
        python-module:*) python3 -c "import ${1#python-module:}" 2>/dev/null ;;
        *) command -v "$1" >/dev/null ;;
    esac
}

# Installs the Debian packages that are missing. Each argument is PACKAGE=WHAT, where WHAT is the command, the path or
# the python-module:NAME that it is needed for.
need_packages() {
    local entry missing=() as_root=()
    for entry in "$@"; do
        is_present "${entry#*=}" || missing+=("${entry%%=*}")
    done
    [[ ${#missing[@]} -gt 0 ]] || return 0
    if [[ $(id -u) -ne 0 ]]; then as_root=(sudo); fi
    if ! command -v apt-get >/dev/null || ! command -v "${as_root[0]:-true}" >/dev/null; then
        die "these packages are missing and cannot be installed from here: ${missing[*]}" \
            "Have an administrator run: apt-get install ${missing[*]}" \
            'or install what they are called on this system, then run this again.'
    fi
    say "Installing from Debian${as_root[0]:+ (as root, by sudo)}: ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
}
