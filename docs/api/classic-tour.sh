#!/bin/sh
# A tour of the classic API with curl. KLOUT is the address of a site, KLOUT_KEY a key of yours,
# and the first argument a name on X whose owner lets the API answer:
#
#     KLOUT=http://localhost:8000 KLOUT_KEY=... sh classic-tour.sh grace
set -eu
name=$1

# The key goes in by standard input, so that nobody sees it in the list of processes.
ask() {
    echo "GET $1"
    printf 'data-urlencode = "key=%s"\n' "$KLOUT_KEY" |
        curl --silent --show-error --fail-with-body --get --config - "$KLOUT$1"
    echo
    echo
}

# From a name to the number that stands for the member on this site.
ask "/v2/identity.json/twitter?screenName=$name"
number=$(ask "/v2/identity.json/twitter?screenName=$name" | sed -n 's/.*"id": "\([0-9]*\)".*/\1/p')

# And back to the id on X.
ask "/v2/identity.json/klout/$number/tw"

# The member, the score alone, what they are answered on, and with whom they talk.
ask "/v2/user.json/$number"
ask "/v2/user.json/$number/score"
ask "/v2/user.json/$number/topics"
ask "/v2/user.json/$number/influence"

# Version 1 went by names, up to five at once, in JSON or XML.
ask "/1/klout.json?users=$name,nobody"
ask "/1/users/show.xml?users=$name"
ask "/1/users/topics.json?users=$name"
ask "/1/soi/influenced_by.json?users=$name"
ask "/1/soi/influencer_of.json?users=$name"
