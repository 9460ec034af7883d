# ./dev screenshots: takes the README's pictures of the dashboard from what ./dev run runs in this clone.
# shellcheck shell=bash

screenshots() {
    local login
    login=$(cat "$state/run/dashboard" 2>/dev/null) || fail "The dashboard does not run in this clone; start ./dev run first"
    "$root/deploy/local/install" npm chromium
    mkdir -p "$root/docs/images" "$logs"
    timed npm "playwright installed" npm ci --ignore-scripts --prefix "$root/tools/Screenshots" || exit 1
    # The gateway's port is what all others follow from: the dashboard's, 10,030 above it, too.
    node "$root/tools/Screenshots/take.mjs" "http://localhost:$(($(sed 's/.*:\([0-9]*\)\/.*/\1/' <<<"$login") - 10030))" "$login" "$root/docs/images"
}
