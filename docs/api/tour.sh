#!/bin/sh
# A tour of the API with curl:  KLOUT_KEY=... sh tour.sh http://localhost:8000
set -eu
api=$1/api/v3

# Whatever is asked, with the key; a problem ends the tour.
ask() {
    curl --silent --show-error --fail-with-body \
        --header "Authorization: Bearer $KLOUT_KEY" "$@"
    echo
}

echo "# Whose key this is"
ask "$api/me"

echo "# The newest score, and where its points came from"
ask "$api/score"
ask "$api/score/explanation"

echo "# The history, two days at a time"
page=$(ask "$api/score/history?limit=2")
echo "$page"
cursor=$(echo "$page" | sed -n 's/.*"next_cursor": "\([^"]*\)".*/\1/p')
ask --get "$api/score/history" --data limit=2 --data-urlencode "cursor=$cursor"

echo "# The same again: 304 and nothing else while nothing changed"
etag=$(ask --dump-header - --output /dev/null "$api/score" | tr -d '\r' | sed -n 's/^ETag: //Ip')
ask --output /dev/null --write-out '%{http_code}' --header "If-None-Match: $etag" "$api/score"

echo "# Networks, and what the sonobuoy hears"
ask "$api/networks"
ask "$api/sonobuoy"

echo "# What you are answered on"
ask "$api/topics"

echo "# Give a K, twice with the same Idempotency-Key: given once"
for try in 1 2; do
    ask --header "Content-Type: application/json" --header "Idempotency-Key: tour-$$" \
        --data '{"to": "@grace@known.example", "words": "Thank you."}' "$api/k/gifts"
done

echo "# Take it back"
gift=$(ask "$api/k/gifts?direction=given&limit=1")
k=$(echo "$gift" | sed -n 's/.*"k": "\([^"]*\)".*/\1/p')
step=$(echo "$gift" | sed -n 's/.*"step": \([0-9]*\).*/\1/p')
ask --request POST "$api/k/gifts/$k/$step/undo"

echo "# Keep somebody in mind, and forget them"
note=$(ask --header "Content-Type: application/json" \
    --data '{"platform": "mastodon", "handle": "@grace@known.example", "reason": "The talk."}' \
    "$api/mind")
echo "$note"
ask --request DELETE "$api/mind/$(echo "$note" | sed -n 's/.*"id": \([0-9]*\).*/\1/p')"

echo "# Ask for an export, and how far it is"
ask --request POST "$api/exports"
ask "$api/exports/newest"

echo "# A problem says what it is"
curl --silent "$api/score"
echo
