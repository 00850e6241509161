"""From start to the first proxied byte, and what rests in memory then: the shipped archive with the benchmark's configuration.

Each start gets a fresh data folder. Upstream, prober and proxy share the machine, as in a restart of a single process.
"""

import argparse
import csv
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import bench

REQUEST = b"GET /bytes/100 HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n"
PATIENCE = 30


@dataclass(frozen=True)
class Start:
    """One start; milliseconds until the proxy's first byte, of CPU until then, and resident memory at rest."""

    kind: str
    number: int
    first_byte_ms: float
    cpu_ms: float
    rss_mb: float


def answered(port):
    """True when a request through the proxy got a byte back."""
    with socket.socket() as probe:
        probe.settimeout(PATIENCE)
        try:
            probe.connect(("127.0.0.1", port))
            probe.sendall(REQUEST)
            return probe.recv(12) == b"HTTP/1.1 200"
        except OSError:
            return False


def await_first_byte(process, port, begin):
    while not answered(port):
        if process.poll() is not None or time.monotonic() - begin > PATIENCE:
            raise RuntimeError("it did not start")
        time.sleep(0.003)
    return (time.monotonic() - begin) * 1000


def start_once(kind, number, work, ports, environment, rest):
    folder = work / f"{kind}-{number}"
    (folder / "deploy").mkdir(parents=True)
    own = dict(zip(bench.ALL_PORTS, bench.free_ports(len(bench.ALL_PORTS))))
    config = folder / "osprey.yaml"
    names = {"WORK": str(folder), "IO_MODEL": "reactor", **own, **ports}
    config.write_text(bench.filled((bench.HERE / "conf" / "osprey.yaml").read_text(), names))
    command = [str(Path(os.environ["OSPREY_HOME"], "bin", "osprey")), "run", "-c", str(config),
               "--deploy", str(folder / "deploy"), "--data", str(folder / "data")]
    begin = time.monotonic()
    with open(folder / "out", "w") as out:
        process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=out, stderr=out)
    try:
        millis = await_first_byte(process, own["HTTP"], begin)
        cpu = sum(total for _, _, total in bench.thread_times(process.pid).values()) * 1000
        time.sleep(rest)
        return Start(kind, number, millis, cpu, bench.resident_mb(process.pid))
    finally:
        process.terminate()
        process.wait(15)


def kinds(options, work):
    """Environments by name: cold, and trained with a cache made here."""
    found = {"cold": {"OSPREY_AOT_CACHE": str(work / "none")}}
    if options.trained:
        cache = {"OSPREY_AOT_CACHE": str(work / "osprey.aot")}
        home = Path(os.environ["OSPREY_HOME"])
        subprocess.run([str(home / "bin" / "osprey"), "train"], env={**os.environ, **cache}, check=True)
        found["trained"] = cache
    return found


def run(options, work):
    tools = bench.Tools(work, 0, "")
    starts = []
    try:
        variants = kinds(options, work)
        for number in range(options.starts + 1):
            for kind, environment in variants.items():
                start = start_once(kind, number, work, tools.ports, environment, options.rest)
                if number > 0:  # the first reads the archive from the disk
                    starts.append(start)
    finally:
        tools.stop()
    return starts


def line(starts, kind):
    own = [s for s in starts if s.kind == kind]
    times = sorted(s.first_byte_ms for s in own)
    return (f"{kind:8} first byte {statistics.median(times):5.0f} ms ({times[0]:.0f}-{times[-1]:.0f}), "
            f"CPU {statistics.median(s.cpu_ms for s in own):5.0f} ms, "
            f"at rest {statistics.median(s.rss_mb for s in own):.0f} MB, {len(own)} starts")


def main(arguments):
    parser = argparse.ArgumentParser(prog="starts", description=__doc__)
    parser.add_argument("--osprey", help="folder of an unpacked archive (default: $OSPREY_HOME, else the built one)")
    parser.add_argument("--data", type=Path, default=bench.DATA, help="where starts.csv goes")
    parser.add_argument("--starts", type=int, default=10)
    parser.add_argument("--rest", type=float, default=5, help="seconds at rest before memory is taken")
    parser.add_argument("--trained", action="store_true", help="also with an AOT cache, made here by bin/osprey train")
    options = parser.parse_args(arguments)
    bench.find_osprey(options)
    with tempfile.TemporaryDirectory(prefix="osprey-starts-") as folder:
        starts = run(options, Path(folder))
    options.data.mkdir(parents=True, exist_ok=True)
    with open(options.data / "starts.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("kind", "number", "first_byte_ms", "cpu_ms", "rss_mb"))
        writer.writerows((s.kind, s.number, f"{s.first_byte_ms:.1f}", f"{s.cpu_ms:.1f}", f"{s.rss_mb:.1f}") for s in starts)
    for kind in dict.fromkeys(s.kind for s in starts):
        bench.say(line(starts, kind))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
