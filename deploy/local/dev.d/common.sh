# What every command of ./dev shares: names, places, and how it speaks.
# shellcheck shell=bash

state=$root/.explaino
logs=$state/logs

services=(identity wallet profile jobs chat)

declare -A project=(
    [gateway]=Gateway [identity]=IdentityService [wallet]=WalletService
    [profile]=ProfileService [jobs]=JobBoardService [chat]=ChatService)

declare -A database=([identity]=identity [wallet]=wallet [profile]=profile [jobs]=jobboard [chat]=chat)

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

require_sdk() {
    local wanted
    wanted=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$root/global.json")
    command -v dotnet >/dev/null ||
        fail "The .NET SDK $wanted or a later 10.0 is needed: https://dotnet.microsoft.com/download/dotnet/10.0"
    dotnet --version >/dev/null 2>&1 ||
        fail "The .NET SDK $wanted or a later 10.0 is needed; this machine has: $(dotnet --list-sdks | cut -d' ' -f1 | xargs)"
}
