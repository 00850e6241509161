"""HTTP/2 without TLS in the benchmark: nghttpd as the upstream, h2load as the generator, ten connections of 32 streams.

A unary call of gRPC is a POST of one message of 100 bytes behind its five bytes of frame; the answer is the same, with the
status in trailers.
"""

import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

STREAMS = 32
SIZES = (100, 10240, 1 << 20)
MESSAGE = b"\0\0\0\0\x64" + bytes(100)
CALL = "/r9/bench.Echo/Unary"
GRPC = ("-H", "content-type: application/grpc", "-H", "te: trailers")
STATUS = "grpc-status: 0"
REQUESTS = re.compile(r"(\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout")


def missing():
    """Debian packages that are not there."""
    programs = {"nghttpd": "nghttp2-server", "h2load": "nghttp2-client"}
    return [package for program, package in programs.items() if not shutil.which(program)]


def start_upstreams(pin, work, port, grpc_port):
    """nghttpd twice, on one thread each; its files have the paths that the C upstream understands, or that of the call."""
    (work / "htdocs" / "bytes").mkdir(parents=True)
    for size in SIZES:
        (work / "htdocs" / "bytes" / str(size)).write_bytes(bytes(size))
    answer = work / "htdocs" / CALL[1:]
    answer.parent.mkdir(parents=True)
    answer.write_bytes(MESSAGE)
    return [nghttpd(pin, work, port), nghttpd(pin, work, grpc_port, "--no-content-length", "--trailer", STATUS)]


def nghttpd(pin, work, port, *more):
    command = [*pin, "nghttpd", "--no-tls", "-n1", "-a", "127.0.0.1", "-d", str(work / "htdocs"), *more, str(port)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def check_trailers(port):
    """Fails unless a call's answer comes with its status behind it."""
    with tempfile.NamedTemporaryFile() as body:
        body.write(MESSAGE)
        body.flush()
        done = subprocess.run(["nghttp", "-v", "-d", body.name, *GRPC, f"http://127.0.0.1:{port}{CALL}"],
                              capture_output=True, text=True, errors="replace", timeout=20)
    if STATUS not in done.stdout:
        raise RuntimeError(f"no {STATUS} in the answer's trailers: {done.stdout[-300:]}{done.stderr[-300:]}")


def load_grpc(pin, work, port, connections, seconds):
    """A closed loop of unary calls over all streams."""
    body = work / "call"
    body.write_bytes(MESSAGE)
    return run(pin, work, connections, seconds, "-d", str(body), *GRPC, f"http://127.0.0.1:{port}{CALL}")


def load(pin, work, port, connections, size, seconds):
    """A closed loop over all streams; the same dict as the other generators give."""
    return run(pin, work, connections, seconds, f"http://127.0.0.1:{port}/bytes/{size}")


def run(pin, work, connections, seconds, *what):
    log = work / "h2load.log"
    log.unlink(missing_ok=True)
    command = [*pin, "h2load", "-c", str(connections), "-m", str(STREAMS), "-t1", "-D", str(seconds), "--log-file", str(log), *what]
    begin = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 30)
    counts = REQUESTS.search(done.stdout)
    if done.returncode or not counts:
        raise RuntimeError(f"h2load failed: {done.stdout[-300:]}{done.stderr[-300:]}")
    good, *bad = (int(number) for number in counts.groups())
    times = sorted(micros(log))
    quantile = lambda q: times[min(len(times) - 1, int(q * len(times)))] if times else 0
    return {"requests": good, "seconds": min(seconds, time.monotonic() - begin), "p50_us": quantile(0.5), "p99_us": quantile(0.99),
            "p999_us": quantile(0.999), "errors": sum(bad)}


def micros(log):
    """What each request took: the third column of h2load's log."""
    for line in Path(log).read_text().splitlines():
        columns = line.split("\t")
        if len(columns) >= 3 and columns[1] == "200":
            yield int(columns[2])
