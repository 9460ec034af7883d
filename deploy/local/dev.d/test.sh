# ./dev test: builds, runs test assemblies two at a time, and counts from their result files.
# shellcheck shell=bash

test_results=$root/artifacts/test-results

# They start a dozen processes at once, or time how soon a killed one is back: each has the machine for itself.
heaviest='(EndToEnd|Trust)\.Tests'

# What takes longest begins, so that nothing runs alone for long.
longest='(Chat|JobBoard|Identity)Service|Deployment|Security'

run_tests() { # [--changed [<commit>] | <service>…]
    local found projects
    if [[ ${1:-} == --changed ]]; then
        found=$(changed_since "${2:-}")
        found=$("$root/.ci/tests" <<<"$found")
        [[ -n $found ]] || { say "No test looks at what changed"; return; }
        say "What changed is tested by ${found//$'\n'/ }"
    else
        found=$(test_projects "$@")
    fi
    mapfile -t projects <<<"$found"
    mkdir -p "$logs" && rm -rf "$test_results" && mkdir -p "$test_results"

    require_sdk
    "$root/deploy/local/install" npm chromium
    build_tests "${projects[@]}"
    export -f run_assembly collector say last_lines seconds_since
    export root test_results green red plain
    # A failure says all that it knows: who reads the log of another machine can't ask again.
    export XUNIT_PRINT_MAX_STRING_LENGTH=0 XUNIT_PRINT_MAX_ENUMERABLE_LENGTH=0
    run_assemblies 2 < <(printf '%s\n' "${projects[@]}" | grep -vxE "$heaviest")
    run_assemblies 1 < <(printf '%s\n' "${projects[@]}" | grep -xE "$heaviest")
    print_sum
}

# What was changed and not yet shared: since the commit, or since the branch left that of the origin.
changed_since() { # [<commit>]
    local base=$1
    [[ -n $base ]] || base=$(git -C "$root" merge-base HEAD '@{upstream}' 2>/dev/null) || base=HEAD
    git -C "$root" diff --name-only "$base" -- || usage_error "test: there is no commit '$base'"
    git -C "$root" ls-files --others --exclude-standard
}

test_projects() { # [<service, e2e, or the name of what is tested>…]: without any, all but those of `./dev trust`
    local word name
    for word in "$@"; do
        name=${project[$word]:-${word^}}
        [[ $word != e2e ]] || name=EndToEnd
        [[ -d $root/tests/$name.Tests ]] || usage_error "test: there are no tests of '$word'"
        echo "$name.Tests"
    done
    (($# == 0)) || return 0
    cd "$root/tests"
    compgen -G '*.Tests' | sort | grep -xE "($longest)\.Tests"
    compgen -G '*.Tests' | sort | grep -vxE "($longest|Trust)\.Tests"
}

build_tests() { # <project…>
    local what=$root/Explaino.sln
    if (($# == 1)); then what=$root/tests/$1; fi
    timed build "${what##*/} built" dotnet build "$what" --nologo --verbosity quiet || exit 1
}

# Under xargs, which is in the foreground, Ctrl+C reaches the tests; it would not reach background jobs.
run_assemblies() { # <how many at once> < projects
    # shellcheck disable=SC2016
    xargs --no-run-if-empty --max-procs="$1" --replace bash -euc 'run_assembly "$1"' _ {} || true
}

# A test that hangs is named and ended, not waited for; the longest takes two minutes on a machine of its own, and an hour where a million operations
# are asked for.
run_assembly() { # <project>
    local from=$EPOCHREALTIME log=$test_results/$1.log trx=$test_results/$1.trx hangs=10m ended=0 total passed failed said
    local what=("$root/artifacts/bin/$1/debug/$1.dll")
    [[ -z ${EXPLAINO_COVERAGE:-} ]] || what+=(--collect "Code Coverage" --settings "$EXPLAINO_COVERAGE" --test-adapter-path "$(collector)")
    [[ ${EXPLAINO_SCALE:-} != long ]] || hangs=3h
    # No process lives long enough to gain from instrumented code, which costs a quarter of the whole; what trust attacks runs as it is deployed.
    [[ -n ${EXPLAINO_PUBLISHED:-} ]] || export DOTNET_TieredPGO=0
    dotnet test "${what[@]}" ${EXPLAINO_TESTS:+--filter "$EXPLAINO_TESTS"} --nologo --results-directory "$test_results/$1" \
        --logger "trx;LogFileName=$trx" --logger "console;verbosity=minimal" \
        --blame-hang-timeout "$hangs" --blame-hang-dump-type none </dev/null >"$log" 2>&1 || ended=$?
    read -r total passed failed < <(
        sed -n 's/.*<Counters total="\([0-9]*\)" .*passed="\([0-9]*\)" failed="\([0-9]*\)".*/\1 \2 \3/p' "$trx" 2>/dev/null || true
        echo 0 0 0
    )
    if ((failed > 0)); then
        said="${red}✗${plain} $1: $failed failed, $passed passed"
    elif ((ended == 0)); then
        said="${green}✓${plain} $1: $passed passed"
    else
        # It counts as one failure: a bad run never reads "0 failed".
        said="${red}✗${plain} $1 crashed"
        ((++total, ++failed))
    fi
    echo "$total $passed $failed" >>"$test_results/counts"
    say "  $said ($(seconds_since "$from"))"
    ((failed == 0)) || last_lines "$log" 200
}

# What counts the lines that run came with the tests' packages; of an assembly it is not found by itself.
collector() {
    dirname "$(find "${NUGET_PACKAGES:-$HOME/.nuget/packages}/microsoft.codecoverage" -name '*TraceDataCollector.dll' | sort -V | tail -1)"
}

print_sum() {
    awk '{ total += $1; passed += $2; failed += $3 }
        END {
            skipped = total - passed - failed
            printf "%d passed, %d failed%s\n", passed, failed, skipped ? ", " skipped " skipped" : ""
            exit failed > 0 || passed == 0
        }' "$test_results/counts"
}
