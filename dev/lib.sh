# Finds the Python that runs the tools; each tool is a module of the folder of this file.
#   . lib.sh; tool NAME "$@"

tool() {
    dev=$(cd "$(dirname "$0")" && pwd -P)
    name=$1
    shift
    if ! find_python; then
        if python3 -c 'import sys; sys.exit(sys.version_info >= (3, 10))' 2>/dev/null; then
            echo 'Odoo 19 needs Python 3.10 or later as python3.' >&2
            exit 1
        fi
        sudo=
        [ "$(id -u)" = 0 ] || sudo="sudo"
        [ -z "$sudo" ] || [ -t 0 ] || sudo="sudo -n"
        {
            $sudo apt-get -q update && $sudo apt-get -q install -y python3 python3-venv
        } >/dev/null 2>&1 && find_python || {
            echo 'Python 3 is missing: run `apt-get install python3 python3-venv` as root.' >&2
            exit 1
        }
    fi
    PYTHONDONTWRITEBYTECODE=1 exec "$python" "$dev/tool_$name.py" "$@"
}

# The system's own Python goes first: it is built to be fast, which one that was compiled
# by hand often is not, and the tests take a tenth less time.
find_python() {
    for python in /usr/bin/python3 python3; do
        "$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 10))' \
            2>/dev/null && return
    done
    return 1
}
