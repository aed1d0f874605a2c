#!/bin/sh
# A picture with curl, saved as fox.png.
#   DRAWBRIDGE_KEY=your-key sh examples/curl.sh
set -eu
url=${DRAWBRIDGE_URL:-http://127.0.0.1:8787}

# The same key is the same picture, so that trying again never pays twice.
answer=$(curl --silent --show-error --fail --retry 5 --retry-all-errors "$url/v1/images/generations" \
  --header "Authorization: Bearer $DRAWBRIDGE_KEY" \
  --header "Content-Type: application/json" \
  --header "Idempotency-Key: $(date +%s)-$$" \
  --data '{ "model": "Z-Image", "prompt": "a fox in the snow, ratio 3:2", "response_format": "url" }')

link=$(printf '%s' "$answer" | sed 's/.*"url":"\([^"]*\)".*/\1/')
curl --silent --show-error --fail --output fox.png "$link"
echo "fox.png is the picture at $link"
