# ./dev new-service: writes a service from tools/new-service, and names it where nothing reads the catalogue.
# shellcheck shell=bash

new_service() { # <Noun> [<Plural>]
    (($# == 1 || $# == 2)) || usage_error "new-service takes a noun, and its plural where that is not noun and s"
    local noun=$1 plural=${2:-$1s} word
    for word in "$noun" "$plural"; do
        [[ $word =~ ^[A-Z][a-z]+$ ]] || usage_error "new-service: '$word' is not one English noun that begins with a capital"
    done
    local name=${noun,,} route=${plural,,}
    [[ $noun != "$plural" ]] || fail "The plural must be another word than the noun"
    [[ ! -e $root/src/${noun}Service && -z ${project[$name]:-} ]] || fail "There is a service '$name' already"
    ! grep -q "\"/api/$route/" "$root/src/Gateway/appsettings.json" || fail "The route /api/$route is another service's already"
    require_sdk
    write_service
    name_service_in_build
    name_service_in_deployment
    name_service_in_documents
    say "$noun is a service: src/${noun}Service, tests/${noun}Service.Tests, /api/$route/me. Its README says what it is; make that true."
    say "Edited: $(tr '\n' ' ' <<<"${edited[*]}")"
    say "Next: ./dev test $name"
}

edited=()

fill() {
    sed "s/Samples/$plural/g; s/samples/$route/g; s/Sample/$noun/g; s/sample/$name/g"
}

write_service() {
    local file target templates=$root/tools/new-service
    while read -r file; do
        target=$root/$(fill <<<"$file")
        mkdir -p "${target%/*}"
        fill <"$templates/$file" >"$target"
    done < <(cd "$templates" && find . -type f)
    # It is built of what WalletService is built of.
    cp "$root/src/WalletService/packages.lock.json" "$root/src/${noun}Service/"
    sed "s/walletservice/${name}service/" "$root/tests/WalletService.Tests/packages.lock.json" >"$root/tests/${noun}Service.Tests/packages.lock.json"
}

name_service_in_build() {
    append deploy/services <<<"$noun"
    dotnet sln "$root/Explaino.sln" add --solution-folder src "$root/src/${noun}Service" >/dev/null
    dotnet sln "$root/Explaino.sln" add --solution-folder tests "$root/tests/${noun}Service.Tests" >/dev/null
    edited+=(Explaino.sln)
    before src/AppHost/Program.cs '^services\.AddGateway' <<END
var $name = services.Add<Projects.${noun}Service>()
    .WithReference(identity).WaitFor(identity)
    .WithFailedMessages();

END
    before src/AppHost/Program.cs '^    \.WithReference\([a-z]+\);$' <<<"    .WithReference($name)"
    before src/Gateway/appsettings.json '^      "identity-document": \{' <<END
      "$route": {
        "ClusterId": "$name",
        "Match": { "Path": "/api/$route/{**rest}" },
        "RateLimiterPolicy": "client"
      },
      "$name-document": {
        "ClusterId": "$name",
        "Match": { "Path": "/openapi/$name.json" },
        "AuthorizationPolicy": "anonymous",
        "RateLimiterPolicy": "client",
        "Transforms": [ { "PathSet": "/openapi/v1.json" } ]
      },
END
    before src/Gateway/appsettings.json '^      "chat-hub": \{$' last <<<"      \"$name\": { \"Destinations\": { \"$name\": { \"Address\": \"http://$name\" } } },"
}

name_service_in_deployment() {
    before deploy/compose.yaml '^  gateway:$' < <(compose_service)
    after deploy/compose.yaml '^      - postgres$' <<<"      - $name"$'\n'"      - ${name}_owner"
    after deploy/compose.yaml '^  postgres: \{ file:' < <(printf "  %s: { file: ./secrets/%s }\n" "$name"{,,_owner,_owner,db,db,db_owner,db_owner})
    after deploy/kubernetes/base/kustomization.yaml '^  - identity$' <<<"  - $name"
    local overlay
    for overlay in staging production; do
        before "deploy/kubernetes/overlays/$overlay/kustomization.yaml" '^patches:' \
            <<<"  - { name: explaino/$name, newName: images.explaino.example/explaino/$name, newTag: 1.0.0 }"
    done
    after deploy/prometheus/explaino.rules.yaml 'absent\(dotnet_process_cpu_count\{job="gateway"\}\)' \
        <<<"            or absent(dotnet_process_cpu_count{job=\"$name\"})"
}

compose_service() {
    cat <<END
  $name-migrations:
    <<: [*migration, *provisioned]
    image: \${REGISTRY:-}explaino/$name:\${${name^^}_VERSION:-1.0.0}
    environment: { <<: *environment, OTEL_SERVICE_NAME: $name-migrations }
    secrets:
      - source: ${name}db_owner
        target: ConnectionStrings__${name}db

  $name:
    <<: *process
    image: \${REGISTRY:-}explaino/$name:\${${name^^}_VERSION:-1.0.0}
    environment: { <<: *environment, OTEL_SERVICE_NAME: $name }
    secrets:
      - source: ${name}db
        target: ConnectionStrings__${name}db
      - source: messaging
        target: ConnectionStrings__messaging
    networks: [data, services]
    stop_grace_period: 40s
    healthcheck: { <<: *health, test: [CMD, /app/${noun}Service, health] }
    depends_on:
      $name-migrations: { condition: service_completed_successfully }

END
}

name_service_in_documents() {
    append CODEOWNERS <<END
/src/${noun}Service/ @explaino/$name
/tests/${noun}Service.Tests/ @explaino/$name
END
    before docs/architecture.md '^  identity --- identitydb' <<<"  gateway -- /api/$route --> $name[${noun}Service]"
    before docs/architecture.md ' == events ==> ' <<<"  $name --- ${name}db[($name)]"
    before docs/architecture.md '^  broker ==> ' <<<"  broker ==> $name"
    after docs/architecture.md '^\| \[Wallet\]' \
        <<<"| [$noun](../src/${noun}Service/README.md) | $route | – | \`UserCreated\`, \`UserDeleted\`, \`SessionRevoked\` |"
    local section
    section=$(grep -cE '^## [0-9]+\. ' "$root/docs/contract.md")
    append docs/contract.md <<END

## $((section + 1)). $noun

Table: \`$route\`.

\`$name\` = \`user_id, created_at\`.

| call | who | body → answer |
|---|---|---|
| GET \`/api/$route/me\` | user | \`$name\`. Before it exists (it is created asynchronously, within 2 s of registration): 404 with \`Retry-After: 1\` |
END
}

append() { # <file> < lines
    cat >>"$root/$1"
    edited+=("$1")
}

before() { # <file> <pattern of a line> [last] < lines
    insert "$1" "$2" before "${3:-first}"
}

after() { # <file> <pattern of a line> < lines
    insert "$1" "$2" after first
}

# Fails where no line is like the pattern, so that a changed file is noticed.
insert() { # <file> <pattern> before|after first|last < lines
    local file=$root/$1 lines number
    lines=$(cat && printf x) lines=${lines%x}
    number=$(grep -nE "$2" "$file" | if [[ $4 == last ]]; then tail -n 1; else head -n 1; fi | cut -d: -f1)
    [[ -n $number ]] || fail "new-service: $1 has no line like $2"
    [[ $3 == after ]] || ((--number))
    { head -n "$number" "$file" && printf '%s' "$lines" && tail -n "+$((number + 1))" "$file"; } >"$file.new"
    cat "$file.new" >"$file" && rm "$file.new"
    [[ " ${edited[*]} " == *" $1 "* ]] || edited+=("$1")
}
