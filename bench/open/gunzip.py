"""Unpacks a gzipped file with Python's gzip and prints the seconds it takes."""

import gzip
import json
import sys
import time

started = time.perf_counter()
with gzip.open(sys.argv[1]) as file:
    size = len(file.read())
print(json.dumps({"seconds": time.perf_counter() - started, "bytes": size}))
