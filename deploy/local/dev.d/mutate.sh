# ./dev mutate: mutation testing. Code that guards points and accounts is changed in small ways, one at a time, and the tests must notice.
# shellcheck shell=bash

mutation_reports=$root/artifacts/mutation/reports

mutate() { # [--keep] [<target>…]
    local keep=false targets=() target line status=0
    while (($#)); do
        case $1 in
            --keep) keep=true ;;
            -*) usage_error "mutate: unknown option '$1'" ;;
            *)
                grep -q "^$1 " <(mutation_targets) || usage_error "mutate: there is no target '$1'; there are: $(mutation_targets | cut -d' ' -f1 | xargs)"
                targets+=("$1")
                ;;
        esac
        shift
    done
    ((${#targets[@]})) || mapfile -t targets < <(mutation_targets | cut -d' ' -f1)
    require_sdk
    "$root/deploy/local/install" jq
    mkdir -p "$logs" "$mutation_reports"
    timed tools "tools restored" dotnet tool restore --tool-manifest "$root/.config/dotnet-tools.json" || exit 1
    for target in "${targets[@]}"; do
        read -ra line < <(mutation_targets | grep "^$target ")
        mutate_target "${line[@]}" || status=1
    done
    mutation_table
    if $keep && ((status == 0)); then mutation_table | keep_table "$root/docs/testing.md" "./dev mutate" mutation; fi
    exit "$status"
}

mutation_targets() { grep -v '^#' "$root/tests/Mutation/targets" | tr -s ' '; }

# Built in a folder of its own, so that nobody meets a mutant in what was built for something else.
mutate_target() ( # <target> <project> <its files> <tests> <their classes>
    local report=$mutation_reports/$1 settings=$mutation_reports/$1.yaml files=()
    IFS=';' read -ra files <<<"$3"
    export ArtifactsPath=$root/artifacts/mutation EXPLAINO_MUTATION=true RunAnalyzers=false DOTNET_TieredPGO=0
    rm -rf "$report"
    {
        cat "$root/tests/Mutation/stryker.yaml"
        sed 's/^/  test-case-filter: "FullyQualifiedName~/; s/;/|FullyQualifiedName~/g; s/$/"/' <<<"$5"
    } >"$settings"
    cd "$root/tests/$4"
    if timed "mutate-$1" "$1: enough changes are noticed" \
        dotnet stryker --config-file "$settings" --project "$2.csproj" "${files[@]/#/--mutate=**/}" '--mutate=!**/Migrations/*' --output "$report"; then
        unnoticed "$report"
    else
        unnoticed "$report"
        return 1
    fi
)

# Each change that no test noticed: where, and what it was.
unnoticed() { # <report>
    [[ ! -f $1/reports/mutation-report.json ]] || jq -r --arg root "$root/" '
        .files | to_entries[] | (.key | ltrimstr($root)) as $file | .value.mutants[] | select(.status == "Survived" or .status == "NoCoverage")
        | "      \($file):\(.location.start.line) \(.status): \(.mutatorName): \(.replacement // "" | gsub("\\s+"; " ") | .[:140])"' \
        "$1/reports/mutation-report.json"
}

mutation_table() {
    local report target
    printf '| target | changes tried | noticed | of these by a test that hung | not noticed | reached by no test | noticed, %% | on |\n|---|---|---|---|---|---|---|---|\n'
    for target in $(mutation_targets | cut -d' ' -f1); do
        report=$mutation_reports/$target/reports/mutation-report.json
        [[ ! -f $report ]] || jq -r --arg target "$target" --arg on "$(date -r "$report" +%F)" '
            [.files[].mutants[].status] | (map(select(. == "Killed")) | length) as $killed | (map(select(. == "Timeout")) | length) as $hung
            | (map(select(. == "Survived")) | length) as $survived | (map(select(. == "NoCoverage")) | length) as $unreached
            | ($killed + $hung + $survived + $unreached) as $all
            | "| \($target) | \($all) | \($killed + $hung) | \($hung) | \($survived) | \($unreached) | \(if $all == 0 then 0 else (1000 * ($killed + $hung) / $all | round / 10) end) | \($on) |"' "$report"
    done
}
