"""A command that answers a line for a line, and misbehaves where a text tells it to."""

import json
import os
import subprocess
import sys
import time

for line in sys.stdin:
    text = json.loads(line)["text"]
    match text.split()[0]:
        case "hang":
            time.sleep(600)
        case "half":
            sys.stdout.write('{"text": "ha')
            sys.stdout.flush()
            time.sleep(600)
        case "die":
            sys.stderr.write("out of luck\n")
            sys.exit(3)
        case "orphan":
            subprocess.Popen(["sleep", "600"])
            os._exit(4)
        case "abort":
            os.abort()
        case "garbage":
            print("I am fine, thank you")
        case "deep":
            print("[" * 200_000)
        case "close":
            os.close(1)
            time.sleep(600)
        case "endless":
            while True:
                sys.stdout.write("x" * 65536)
        case "shout":
            for _ in range(2000):
                sys.stderr.write("y" * 1000)
            print("[]")
        case "other":
            print(json.dumps({"meta": {"doc_id": "somebody else"}, "spans": []}))
        case "twice":
            os.write(1, b"[]\n[]\n")  # one write: the second line is there when the first is read
        case "outside":
            print(json.dumps([[0, 999, "PER"]]))
        case "edited":
            print(json.dumps({"text": text.upper(), "spans": []}))
        case _:
            print(json.dumps([[0, len(text.split()[0]), "PER"]]))
    sys.stdout.flush()
