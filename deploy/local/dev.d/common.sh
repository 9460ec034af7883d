# What every command of ./dev shares: names, places, and how it speaks.
# shellcheck shell=bash

state=$root/.explaino
logs=$state/logs

# shellcheck source=../../catalogue.sh
source "$root/deploy/catalogue.sh" # services, and of each its project and database

if [[ -t 1 && -z ${NO_COLOR:-} && ${CI:-} != true ]]; then
    green=$'\e[32m' red=$'\e[31m' yellow=$'\e[33m' bold=$'\e[1m' plain=$'\e[0m'
else
    green='' red='' yellow='' bold='' plain=''
fi

say() { printf '%s\n' "$*"; }
done_line() { say "  ${green}✓${plain} $*"; }
warn() { say "  ${yellow}!${plain} $*"; }

fail() {
    printf '%s\n' "${red}✗${plain} $*" >&2
    exit 1
}

seconds_since() { # <a former $EPOCHREALTIME>
    local tenths=$(((${EPOCHREALTIME/[.,]/} - ${1/[.,]/}) / 100000))
    printf '%d.%d s' $((tenths / 10)) $((tenths % 10))
}

last_lines() { # <log file> [<count>]
    [[ ! -s $1 ]] || tail -n "${2:-20}" "$1" | sed 's/^/      /'
}

# Keeps a command's output in a log of its own and says how long it took; on failure shows the log's end.
timed() { # <log> <title> <command…>
    local log=$logs/$1.log title=$2 from=$EPOCHREALTIME
    shift 2
    if "$@" >"$log" 2>&1 </dev/null; then
        done_line "$title ($(seconds_since "$from"))"
    else
        say "  ${red}✗${plain} $title failed after $(seconds_since "$from"); the end of ${log#"$root"/}:"
        last_lines "$log" 30
        return 1
    fi
}

# What is deployed, for tests and bench to start instead of what was just built: compiled for this machine beforehand, which takes minutes.
publish() {
    timed publish "services published" publish_services || exit 1
    EXPLAINO_PUBLISHED=$(runtime)
    export EXPLAINO_PUBLISHED
}

publish_services() {
    local name
    for name in gateway "${services[@]}"; do
        dotnet publish "$root/src/${project[$name]}" --configuration Release --runtime "$(runtime)" --nologo --verbosity quiet || return
    done
}

runtime() {
    case $(uname -m) in
        aarch64) printf linux-arm64 ;;
        *) printf linux-x64 ;;
    esac
}

# Between the two marks of a document stands the table of the last run that was kept; between marks of its own, that of a part alone.
keep_table() { # <document> <command> [<part>] < the table
    local mark="<!-- figures${3:+ of $3} -->" end="<!-- end of figures${3:+ of $3} -->"
    grep -qF -- "$mark" "$1" || printf '\n%s\n%s\n' "$mark" "$end" >>"$1"
    {
        sed "/$mark/q" "$1"
        # shellcheck disable=SC2016
        printf '`%s` on %s, %s cores:\n\n' "$2" "$(date +%F)" "$(nproc)"
        cat
        sed -n "/$end/,\$p" "$1"
    } >"$1.new"
    mv "$1.new" "$1"
}

require_sdk() {
    local wanted
    wanted=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$root/global.json")
    command -v dotnet >/dev/null ||
        fail "The .NET SDK $wanted or a later 10.0 is needed: https://dotnet.microsoft.com/download/dotnet/10.0"
    dotnet --version >/dev/null 2>&1 ||
        fail "The .NET SDK $wanted or a later 10.0 is needed; this machine has: $(dotnet --list-sdks | cut -d' ' -f1 | xargs)"
}
