# ./dev trust: the tests that try to break Explaino, and the table of what held.
# shellcheck shell=bash

trust() {
    local scale=long keep=true figures=$root/artifacts/trust/figures.jsonl status=0 command='./dev trust' only='' tests=(security trust) names folder
    while (($#)); do
        case $1 in
            --short) scale=short keep=false ;;
            --keep) keep=true ;;
            --only) only=${2:-} && shift ;;
            *) usage_error "trust: unknown option '$1'" ;;
        esac
        shift || usage_error "trust: --only takes one of: $(trust_parts | cut -d' ' -f1 | xargs)"
    done
    if [[ -n $only ]]; then
        tests=()
        read -r _ names folder < <(trust_parts | grep "^$only ") || usage_error "trust: there is no part '$only'; there are: $(trust_parts | cut -d' ' -f1 | xargs)"
        IFS=, read -ra tests <<<"$names"
        [[ -z $folder ]] || export EXPLAINO_TESTS="FullyQualifiedName~.Tests.$folder."
        command+=" --only $only"
    elif [[ $scale == long ]]; then
        tests+=(chat jobs profile)
    fi
    require_sdk
    "$root/deploy/local/install" jq
    mkdir -p "$logs" "${figures%/*}" && rm -f "$figures"
    # What is deployed is what is attacked: it starts in half of the time. Interleavings start no process.
    [[ $only == interleavings ]] || publish
    # What tests/Trust.Tests/Rollout rolls this version out beside.
    [[ -n $only && $only != rollout ]] || timed released "last release published" "$root/deploy/local/released" || exit 1
    export EXPLAINO_SCALE=$scale EXPLAINO_FIGURES=$figures
    run_tests "${tests[@]}" || status=$?
    [[ -s $figures ]] || exit 1
    trust_table "$figures"
    if $keep && ((status == 0)); then
        if [[ $scale == short ]]; then command+=' --short --keep'; fi
        trust_table "$figures" | keep_table "$root/docs/trust.md" "$command" "$only"
    fi
    exit "$status"
}

# A part is a folder of tests, or a service whose own tests try more in the long form: its name, the tests' (several with commas) and, if it is one, the folder's.
trust_parts() {
    local folder tests
    for tests in Security Trust; do
        for folder in "$root/tests/$tests.Tests"/*/; do
            compgen -G "${folder}*Tests.cs" >/dev/null || continue
            folder=$(basename "$folder")
            printf '%s %s %s\n' "${folder,,}" "${tests,,}" "$folder"
        done
    done
    printf '%s\n' 'chat chat' 'interleavings serviceData,serviceDefaults,chat Interleavings' 'jobs jobs' 'profile profile'
}

trust_table() { # <figures>
    printf '| what was tried | figure | value |\n|---|---|---|\n'
    jq -r '"| \(.area) | \(.figure) | \(.value) |"' "$1" | sort -s -t '|' -k 2,2
}
