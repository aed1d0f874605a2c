"""A picture with nothing but Python's standard library, saved as fox.png.

    DRAWBRIDGE_KEY=your-key python3 examples/python.py

With the openai package it is the same as in node.mjs: OpenAI(base_url=f"{url}/v1", api_key=key).images.generate(…)
"""

import base64
import json
import os
import urllib.error
import urllib.request
import uuid

url = os.environ.get("DRAWBRIDGE_URL", "http://127.0.0.1:8787")
wish = {"model": "Z-Image", "prompt": "a fox in the snow, ratio 3:2"}
request = urllib.request.Request(
    f"{url}/v1/images/generations",
    data=json.dumps(wish).encode(),
    headers={
        "Authorization": f"Bearer {os.environ['DRAWBRIDGE_KEY']}",
        "Content-Type": "application/json",
        # The same key is the same picture, however often it is asked for.
        "Idempotency-Key": str(uuid.uuid4()),
    },
)
try:
    with urllib.request.urlopen(request, timeout=300) as response:
        answer = json.load(response)
except urllib.error.HTTPError as error:
    raise SystemExit(json.load(error)["error"]["message"])

with open("fox.png", "wb") as file:
    file.write(base64.b64decode(answer["data"][0]["b64_json"]))
print(f"fox.png was painted with the seed {answer['data'][0]['seed']}")
