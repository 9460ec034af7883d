# ./dev test: builds, runs test assemblies two at a time, and counts from their result files.
# shellcheck shell=bash

test_results=$root/artifacts/test-results

run_tests() { # [--changed [<commit>] | <service>…]
    local service test_project projects=()
    if [[ ${1:-} == --changed ]]; then
        mapfile -t projects < <(changed_since "${2:-}" | "$root/.ci/tests")
        ((${#projects[@]})) || { say "No test looks at what changed"; return; }
        say "What changed is tested by ${projects[*]}"
        shift $#
    fi
    for service in "$@"; do
        test_project=$(test_project_of "$service")
        projects+=("$test_project")
    done
    if ((${#projects[@]} == 0)); then
        mapfile -t projects < <(in_order)
    fi
    mkdir -p "$logs" && rm -rf "$test_results" && mkdir -p "$test_results"

    require_sdk
    "$root/deploy/local/install" npm chromium
    build_tests "${projects[@]}"
    # Under xargs, which is in the foreground, Ctrl+C reaches the tests; it would not reach background jobs.
    export -f run_assembly say last_lines seconds_since count
    export root test_results green red plain
    # shellcheck disable=SC2016
    printf '%s\n' "${projects[@]}" | grep -vxE "$heaviest" | xargs --no-run-if-empty --max-procs=2 --replace bash -euc 'run_assembly "$1"' _ {} || true
    printf '%s\n' "${projects[@]}" | grep -xE "$heaviest" | xargs --no-run-if-empty --replace bash -euc 'run_assembly "$1"' _ {} || true
    print_sum "${projects[@]}"
}

# What was changed and not yet shared: since the commit, or since the branch left that of the origin.
changed_since() { # [<commit>]
    local base=$1
    [[ -n $base ]] || base=$(git -C "$root" merge-base HEAD '@{upstream}' 2>/dev/null) || base=HEAD
    git -C "$root" diff --name-only "$base" -- || usage_error "test: there is no commit '$base'"
    git -C "$root" ls-files --others --exclude-standard
}

# They start a dozen processes at once, or time how soon a killed one is back: each has the machine for itself.
heaviest='(EndToEnd|Trust)\.Tests'

# Without those of `./dev trust`; what takes longest begins, so that nothing runs alone for long.
longest='(Chat|JobBoard|Identity)Service|Deployment|Security'

in_order() {
    (
        cd "$root/tests"
        compgen -G '*.Tests' | sort | grep -xE "($longest)\.Tests"
        compgen -G '*.Tests' | sort | grep -vxE "($longest|Trust)\.Tests"
    )
}

test_project_of() { # <service, e2e, or the name of what is tested>
    local name=${project[$1]:-${1^}}
    [[ $1 != e2e ]] || name=EndToEnd
    [[ -d $root/tests/$name.Tests ]] || usage_error "test: there are no tests of '$1'"
    printf '%s' "$name.Tests"
}

build_tests() { # <project…>
    local what=$root/Explaino.sln
    if (($# == 1)); then what=$root/tests/$1; fi
    timed build "${what##*/} built" dotnet build "$what" --nologo --verbosity quiet || exit 1
}

# A test that hangs is named and ended, not waited for; the longest takes two minutes on a machine of its own, and an hour where a million operations
# are asked for.
run_assembly() { # <project>
    local from=$EPOCHREALTIME log=$test_results/$1.log trx=$test_results/$1.trx failed hangs=10m
    [[ ${EXPLAINO_SCALE:-} != long ]] || hangs=3h
    # No process lives long enough to gain from instrumented code, which costs a quarter of the whole; what trust attacks runs as it is deployed.
    [[ -n ${EXPLAINO_PUBLISHED:-} ]] || export DOTNET_TieredPGO=0
    if dotnet test "$root/artifacts/bin/$1/debug/$1.dll" ${EXPLAINO_TESTS:+--filter "$EXPLAINO_TESTS"} --nologo --results-directory "$test_results/$1" \
        --logger "trx;LogFileName=$trx" --logger "console;verbosity=minimal" \
        --blame-hang-timeout "$hangs" --blame-hang-dump-type none </dev/null >"$log" 2>&1; then
        say "  ${green}✓${plain} $1: $(count passed "$trx") passed ($(seconds_since "$from"))"
        return
    fi
    failed=$(count failed "$trx")
    if ((failed == 0)); then
        : >"$test_results/$1.crashed"
        say "  ${red}✗${plain} $1 crashed ($(seconds_since "$from"))"
    else
        say "  ${red}✗${plain} $1: $failed failed, $(count passed "$trx") passed ($(seconds_since "$from"))"
    fi
    last_lines "$log" 200
}

count() { # passed|failed|total <trx file>
    local number
    number=$(sed -n "s/.*<Counters .*\b$1=\"\([0-9]*\)\".*/\1/p" "$2" 2>/dev/null | head -n 1) || true
    printf '%d' "${number:-0}"
}

# An assembly that ended badly without a failed test counts as one failure: a bad run never reads "0 failed".
print_sum() { # <project…>
    local name passed=0 failed=0 total=0 line
    for name in "$@"; do
        ((passed += $(count passed "$test_results/$name.trx"), 1))
        ((failed += $(count failed "$test_results/$name.trx"), 1))
        ((total += $(count total "$test_results/$name.trx"), 1))
        [[ ! -e $test_results/$name.crashed ]] || ((++failed, ++total))
    done
    line="$passed passed, $failed failed"
    ((total == passed + failed)) || line+=", $((total - passed - failed)) skipped"
    say "$line"
    ((failed == 0 && passed > 0))
}
