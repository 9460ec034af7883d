# The catalogue of services (deploy/services) for scripts: sourced, it makes the names that follow from each line's noun.
# shellcheck shell=bash disable=SC2034

services=() databases=()
declare -A project=([gateway]=Gateway) database=() keeps_files=()

read_catalogue() { # <file>
    local noun options name
    while read -r noun options; do
        [[ -n $noun && $noun != '#'* ]] || continue
        name=${noun,,}
        [[ ! $options =~ as=([a-z]+) ]] || name=${BASH_REMATCH[1]}
        services+=("$name")
        databases+=("${noun,,}")
        project[$name]=${noun}Service
        database[$name]=${noun,,}
        [[ " $options " != *' files '* ]] || keeps_files[$name]=yes
    done <"$1"
}

read_catalogue "${CATALOGUE:-$(dirname "${BASH_SOURCE[0]}")/services}"
