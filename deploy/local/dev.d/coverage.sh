# ./dev coverage: which lines of src the tests run, and which they do not.
# shellcheck shell=bash

coverage_results=$root/artifacts/coverage

coverage() { # [--keep] [<service>…]
    local keep=false status=0 command='./dev coverage'
    if [[ ${1:-} == --keep ]]; then
        keep=true
        shift
    fi
    command+=${*:+ $*}
    rm -rf "$coverage_results" && mkdir -p "$coverage_results"
    "$root/deploy/local/install" libxml2 # Without it the collector counts nothing, and says so in a message that nobody reads.
    export EXPLAINO_COVERAGE=$root/tests/coverage.runsettings
    run_tests "$@" || status=$?
    find "$test_results" -name '*.cobertura.xml' -print0 | xargs -0 --no-run-if-empty cat | covered_lines >"$coverage_results/lines"
    [[ -s $coverage_results/lines ]] || fail "No test said what it ran"
    uncovered_lines <"$coverage_results/lines" >"$coverage_results/uncovered"
    coverage_table
    say "The lines that no test ran: ${coverage_results#"$root"/}/uncovered"
    if $keep && ((status == 0)); then coverage_table | keep_table "$root/docs/testing.md" "$command" coverage; fi
    exit "$status"
}

# Of all reports together, one line of src each: its file, its number, and whether any test ran it.
covered_lines() { # < Cobertura
    grep -oE ' filename="[^"]*"|<line number="[0-9]+" hits="[0-9]+"' |
        awk -v root="$root/" -F '"' '
            # In CI paths are mapped to /_ (src/Directory.Build.props).
            /filename=/ { file = index($2, root) == 1 ? substr($2, length(root) + 1) : substr($2, 4); if (file !~ /^src\// || file ~ /\/Migrations\//) file = "" }
            /<line/ && file { ran[file " " $2] = ran[file " " $2] || $4 > 0 }
            END { for (line in ran) print line, ran[line] + 0 }' |
        sort -k1,1 -k2,2n
}

uncovered_lines() {
    awk '!$3 { if ($1 != file) { if (file) print text; file = $1; text = $1 ":" } text = text " " $2 } END { if (file) print text }'
}

coverage_table() {
    printf '| project | lines | run by a test | %% |\n|---|---|---|---|\n'
    awk '
        function row(name) { return sprintf("| %s | %d | %d | %.1f |", name, lines[name], ran[name], 100 * ran[name] / lines[name]) }
        { split($1, part, "/"); for (i = 1; i <= 2; i++) { name = i == 1 ? part[2] : "all of src"; lines[name]++; ran[name] += $3 } }
        END { for (name in lines) if (name != "all of src") print row(name) | "sort"; close("sort"); print row("all of src") }' "$coverage_results/lines"
}
