# ./dev new-service: writes a service from tools/new-service/added, and names it by tools/new-service/edited where nothing reads the catalogue.
# shellcheck shell=bash

new_service() { # <Noun> [<Plural>]
    (($# == 1 || $# == 2)) || usage_error "new-service takes a noun, and its plural where that is not noun and s"
    local noun=$1 plural=${2:-$1s} word
    for word in "$noun" "$plural"; do
        [[ $word =~ ^[A-Z][a-z]+$ ]] || usage_error "new-service: '$word' is not one English noun that begins with a capital"
    done
    local name=${noun,,} route=${plural,,} templates=$root/tools/new-service files
    [[ $noun != "$plural" ]] || fail "The plural must be another word than the noun"
    [[ ! -e $root/src/${noun}Service && -z ${project[$name]:-} ]] || fail "There is a service '$name' already"
    ! grep -q "\"/api/$route/" "$root/src/Gateway/appsettings.json" || fail "The route /api/$route is another service's already"
    require_sdk
    add_files
    edit_files
    say "$noun is a service: src/${noun}Service, tests/${noun}Service.Tests, /api/$route/me. Its README says what it is; make that true."
    say "Edited: Explaino.sln ${files[*]}"
    say "Next: ./dev test $name"
}

add_files() {
    local file target
    while read -r file; do
        target=$root/$(fill <<<"$file")
        mkdir -p "${target%/*}"
        fill <"$templates/added/$file" >"$target"
    done < <(cd "$templates/added" && find . -type f)
    # It is built of what WalletService is built of.
    cp "$root/src/WalletService/packages.lock.json" "$root/src/${noun}Service/"
    sed "s/walletservice/${name}service/" "$root/tests/WalletService.Tests/packages.lock.json" >"$root/tests/${noun}Service.Tests/packages.lock.json"
}

edit_files() {
    local file section
    section=$(($(grep -cE '^## [0-9]+\. ' "$root/docs/contract.md") + 1))
    mapfile -t files < <(cd "$templates/edited" && find . -type f -printf '%P\n' | sed 's/\.edit$//')
    for file in "${files[@]}"; do
        fill <"$templates/edited/$file.edit" | edit "$file"
    done
    dotnet sln "$root/Explaino.sln" add --solution-folder src "$root/src/${noun}Service" >/dev/null
    dotnet sln "$root/Explaino.sln" add --solution-folder tests "$root/tests/${noun}Service.Tests" >/dev/null
}

fill() {
    sed "s/Samples/$plural/g; s/samples/$route/g; s/Sample/$noun/g; s/sample/$name/g; s/SAMPLE/${name^^}/g; s/^## 0\./## ${section:-0}./"
}

# Lines that begin with `@` say where the lines after them go: `before` or `after` the first line like a pattern, or at the `end`.
edit() { # <file> < edits
    local place='' pattern='' lines='' line
    while IFS= read -r line; do
        if [[ $line != @* ]]; then
            lines+=$line$'\n'
            continue
        fi
        insert "$1"
        read -r _ place pattern <<<"$line"
        lines=''
    done
    insert "$1"
}

# Fails where no line is like the pattern, so that a changed file is noticed.
insert() { # <file>
    local number
    [[ -n $place ]] || return 0
    number=$(if [[ $place == end ]]; then wc -l <"$root/$1"; else grep -nEm 1 "$pattern" "$root/$1" | cut -d: -f1; fi) || true
    [[ -n $number ]] || fail "new-service: $1 has no line like $pattern"
    [[ $place != before ]] || ((--number))
    sed -i "${number}r /dev/stdin" "$root/$1" <<<"${lines%$'\n'}"
}
