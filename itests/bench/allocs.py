"""Heap bytes that a whole exchange allocates in the running archive, by number of header fields, from the collector's log.

What filled the young generation between the collections of a stretch, divided by its requests (Serial collector, whose log tells it exactly). Noise of other work on
the machine does not matter: nothing here is a time.
"""

import argparse
import csv
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import bench

FIELDS = (2, 10, 40)
ENOUGH = 40
TURNS = 6
PAUSE = re.compile(r"DefNew: (\d+)K\(\d+K\)->(\d+)K")


def allocated_kb(log, since):
    """Kilobytes allocated between the collections after the first `since`, and how many collections there are now."""
    pauses = [(int(m.group(1)), int(m.group(2))) for m in PAUSE.finditer(log.read_text())]
    counted = pauses[since:]
    allocated = sum(later[0] - earlier[1] for earlier, later in zip(counted, counted[1:]))
    return allocated, len(pauses)


def load(tools, port, fields, seconds):
    extra = [word for i in range(fields - 2) for word in ("-H", f"x-field-{i}: value-{i}")]
    command = ["wrk", "-t1", "-c16", f"-d{seconds}s", "-s", str(bench.HERE / "wrk.lua"), *extra, f"http://127.0.0.1:{port}/bytes/100"]
    return tools.json_of(command, seconds)["requests"]


def per_exchange(tools, proxy, log, fields, seconds):
    """Bytes for each exchange; the requests of partly counted collections are estimated from the whole stretch."""
    load(tools, proxy.ports["HTTP"], fields, seconds)
    _, before = allocated_kb(log, 0)
    requests = collections = 0
    for _ in range(TURNS):
        requests += load(tools, proxy.ports["HTTP"], fields, seconds)
        allocated, after = allocated_kb(log, before)
        collections = after - before
        if collections >= ENOUGH:
            break
    if collections < 5:
        raise RuntimeError(f"only {collections} collections; give it more --seconds")
    # Between the first and the last pause lie (collections - 1) fillings of the young generation; the ends are half ones.
    return allocated * 1024 / requests * collections / (collections - 1)


def main(arguments):
    parser = argparse.ArgumentParser(prog="allocs", description=__doc__)
    parser.add_argument("--osprey", help="folder of an unpacked archive (default: $OSPREY_HOME, else the built one)")
    parser.add_argument("--data", type=Path, default=bench.DATA, help="where allocs.csv goes")
    parser.add_argument("--proxies", default="osprey,osprey-thread")
    parser.add_argument("--seconds", type=int, default=6)
    options = parser.parse_args(arguments)
    bench.find_osprey(options)
    rows = []
    with tempfile.TemporaryDirectory(prefix="osprey-allocs-") as folder:
        work = Path(folder)
        tools = bench.Tools(work, 0, "")
        try:
            for name in options.proxies.split(","):
                log = work / f"{name}.gc"
                # A small young generation, so that a few thousand requests fill it.
                java = f"-XX:+UseSerialGC -Xmn2m {os.environ.get('OSPREY_JAVA_OPTS', '')} -Xlog:gc+heap=info:file={log}"
                proxy = bench.Proxy(name, work, 1, tools.ports, {"OSPREY_JAVA_OPTS": java})
                try:
                    for fields in FIELDS:
                        bytes_each = per_exchange(tools, proxy, log, fields, options.seconds)
                        rows.append((name, fields, round(bytes_each)))
                        bench.say(f"{name:16}{fields:4} header fields: {bytes_each:6.0f} bytes an exchange")
                finally:
                    proxy.stop()
        finally:
            tools.stop()
    options.data.mkdir(parents=True, exist_ok=True)
    with open(options.data / "allocs.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("proxy", "header_fields", "bytes_per_exchange"))
        writer.writerows(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
