#!/bin/sh
# A tour of the API with curl, with a key that may do everything:
#
#     KLOUT_KEY=... sh tour.sh http://localhost:8000
#
# It reads. With KLOUT_TO=@somebody@example.org it gives them a K as well, takes it back at once,
# keeps them in mind and forgets them. An export is asked for only with KLOUT_EXPORT=yes.
set -eu
api=$1/api/v3

# Whatever is asked, with the key; a problem ends the tour. The key goes in by standard input, so
# that nobody sees it in the list of processes.
ask() {
    sleep 0.15 # a key may ask ten times a second
    printf 'header = "Authorization: Bearer %s"\n' "$KLOUT_KEY" |
        curl --silent --show-error --fail-with-body --config - "$@"
    echo
}

# One field of an answer: of two with the same name, the last.
field() {
    sed -n "s/.*\"$1\": \"\{0,1\}\([^\",}]*\).*/\1/p"
}

echo "# Whose key this is"
ask "$api/me"

echo "# The newest score, and where its points came from"
ask "$api/score"
ask "$api/score/explanation"

echo "# The history, two days at a time"
page=$(ask "$api/score/history?limit=2")
echo "$page"
cursor=$(echo "$page" | field next_cursor)
if [ "$cursor" != null ]; then
    ask --get "$api/score/history" --data limit=2 --data-urlencode "cursor=$cursor"
fi

echo "# The same again: 304 and nothing else while nothing changed"
etag=$(ask --dump-header - --output /dev/null "$api/score" | tr -d '\r' | sed -n 's/^ETag: //Ip')
ask --output /dev/null --write-out '%{http_code}' --header "If-None-Match: $etag" "$api/score"

echo "# Networks, what you are answered on, and what the sonobuoy hears"
ask "$api/networks"
ask "$api/topics"
ask "$api/sonobuoy"

echo "# K: what there is to give, and the gifts so far"
ask "$api/k/purse"
ask "$api/k/gifts?limit=2"

if [ "${KLOUT_TO:-}" ]; then
    json="Content-Type: application/json"
    echo "# Give a K, twice with the same Idempotency-Key: given once"
    words='"words": "Thank you."'
    for try in 1 2; do
        ask --header "$json" --header "Idempotency-Key: tour-$$" \
            --data "{\"to\": \"$KLOUT_TO\", $words}" "$api/k/gifts"
    done

    echo "# Take it back"
    gift=$(ask "$api/k/gifts?direction=given&limit=1")
    k=$(echo "$gift" | field k)
    step=$(echo "$gift" | field step)
    ask --request POST "$api/k/gifts/$k/$step/undo"

    echo "# Keep somebody in mind, and forget them"
    note=$(ask --header "$json" \
        --data "{\"platform\": \"mastodon\", \"handle\": \"$KLOUT_TO\", \"reason\": \"The talk.\"}" \
        "$api/mind")
    echo "$note"
    ask --request DELETE "$api/mind/$(echo "$note" | field id)"
fi

if [ "${KLOUT_EXPORT:-}" = yes ]; then
    echo "# Ask for an export, and how far it is"
    ask --request POST "$api/exports"
    ask "$api/exports/newest"
fi

echo "# A problem says what it is"
curl --silent "$api/score"
echo
