# Finds the Python that runs the tools; each tool is a module of the folder of this file.
#   . lib.sh; tool NAME "$@"

tool() {
    dev=$(cd "$(dirname "$0")" && pwd -P)
    name=$1
    shift
    if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
        sudo=
        [ "$(id -u)" = 0 ] || sudo="sudo"
        [ -z "$sudo" ] || [ -t 0 ] || sudo="sudo -n"
        { $sudo apt-get -q update && $sudo apt-get -q install -y python3 python3-venv; } \
            >/dev/null 2>&1 || {
            echo 'Python 3 is missing: run `apt-get install python3 python3-venv` as root.' >&2
            exit 1
        }
    fi
    if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))'; then
        echo 'Odoo 19 needs Python 3.10 or later as python3.' >&2
        exit 1
    fi
    PYTHONDONTWRITEBYTECODE=1 exec python3 "$dev/tool_$name.py" "$@"
}
