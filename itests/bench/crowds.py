"""Bad company and idle company: what crowds of slow, deaf, stalled or resting clients cost a proxy and its other clients.

A crowd joins a proxy that also serves others at a fixed rate; the others' latency and the proxy's memory are taken
before it, right after it has come (when its first requests are served, and a JVM compiles what it never did before), and
a moment later. For JVMs the live heap after full collections is taken too, and direct memory.
"""

import argparse
import csv
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import bench

RATE = 1000
OTHERS = 16


@dataclass(frozen=True)
class Crowd:
    """So many clients of a kind (see src/crowd.c) and what they ask for."""

    name: str
    kind: str
    path: str
    size: int


CROWDS = (
    Crowd("dribbling", "drip", "/", 8900),
    # From an upstream of its own (/r9/): while one hands out a gigabyte, it would make the others wait itself.
    Crowd("never-reading", "deaf", f"/r9/bytes/{bench.BULK_BYTES}", 1000),
    Crowd("stalled-upstream", "wait-none", "/stall", 1000),
    Crowd("resting", "wait", "/bytes/100", 8900),
)


class Guests:
    """A crowd that is there until it is told to go."""

    def __init__(self, tools, crowd, port):
        kind = crowd.kind.removesuffix("-none")
        if crowd.kind.endswith("-none"):
            kind = "deaf"  # asks and expects nothing
        command = [*tools.pin, str(tools.work / "crowd"), str(port), kind, str(crowd.size), crowd.path]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ready = self.word()

    def word(self):
        line = self.process.stdout.readline().split()
        if len(line) != 2:
            raise RuntimeError("the crowd could not come")
        return int(line[1])

    def leave(self):
        """How many were still connected."""
        self.process.stdin.close()
        left = self.word()
        self.process.wait(20)
        return left


def jvm_bytes(root):
    """Live heap and direct memory of the JVM in a process tree after full collections, in bytes; None without one."""
    for pid in bench.process_tree(root):
        if "java" in Path("/proc", str(pid), "comm").read_text():
            return heap_bytes(pid) + direct_bytes(pid)
    return None


def jcmd(pid, *words):
    home = os.environ.get("JAVA_HOME", "")
    program = str(Path(home, "bin", "jcmd")) if home else "jcmd"
    return subprocess.run([program, str(pid), *words], capture_output=True, text=True, check=True).stdout


def heap_bytes(pid):
    jcmd(pid, "GC.run")
    jcmd(pid, "GC.run")
    return int(re.search(r"^Total\s+\d+\s+(\d+)", jcmd(pid, "GC.class_histogram"), re.MULTILINE).group(1))


def direct_bytes(pid):
    """What the JVM has got for direct buffers, in use or kept for the next, as native memory tracking counts it."""
    found = re.search(r"Other \(reserved=\d+\w*, committed=(\d+)KB\)", jcmd(pid, "VM.native_memory", "summary"))
    if not found:
        raise RuntimeError("start the JVM with -XX:NativeMemoryTracking=summary")
    return int(found.group(1)) * 1024


def others(tools, proxy, seconds):
    return tools.load_open(proxy.ports["HTTP"], "/bytes/100", OTHERS, RATE, seconds)


def measured(tools, proxy, crowd, seconds):
    """One row: before, with the crowd, and how many of it were left."""
    before = others(tools, proxy, seconds)
    memory = bench.resident_mb(proxy.process.pid)
    live = jvm_bytes(proxy.process.pid)
    guests = Guests(tools, crowd, proxy.ports["HTTP"])
    try:
        coming = others(tools, proxy, seconds)
        during = others(tools, proxy, seconds)
        memory_with = bench.resident_mb(proxy.process.pid)
        # What serves a crowd at rest lets its buffers and codecs go within seconds.
        if crowd.kind == "wait":
            time.sleep(5)
        live_with = jvm_bytes(proxy.process.pid)
    finally:
        left = guests.leave()
    return {
        "crowd": crowd.name, "proxy": proxy.name, "size": guests.ready, "left": left,
        "before_p50_us": before["p50_us"], "before_p99_us": before["p99_us"], "before_p999_us": before["p999_us"],
        "coming_p50_us": coming["p50_us"], "coming_p99_us": coming["p99_us"], "coming_p999_us": coming["p999_us"],
        "p50_us": during["p50_us"], "p99_us": during["p99_us"], "p999_us": during["p999_us"],
        "errors": before["errors"] + coming["errors"] + during["errors"],
        "rss_mb": round(memory, 1), "rss_with_mb": round(memory_with, 1),
        "live_kb_each": "" if live is None else round((live_with - live) / 1024 / max(1, left), 2),
    }


def table(rows):
    head = ("crowd", "proxy", "came", "stayed", "others before p50/p99/p99.9 ms", "as it comes", "with it", "errors",
            "RSS before, with MB", "live KB each")
    lines = [head]
    for r in rows:
        times = ["/".join(f"{r[when + name] / 1000:.2f}" for name in ("p50_us", "p99_us", "p999_us")) for when in ("before_", "coming_", "")]
        lines.append((r["crowd"], r["proxy"], str(r["size"]), str(r["left"]), *times, str(r["errors"]), f"{r['rss_mb']:.0f}, {r['rss_with_mb']:.0f}", str(r["live_kb_each"])))
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines)


def run(options, work):
    tools = bench.Tools(work, options.tools_core, "")
    own = tools.start_upstream()
    tools.ports["UP_CROWD"] = own.stdout.readline().split()[0]
    rows, proxies = [], []
    tracked = {"OSPREY_JAVA_OPTS": f"{os.environ.get('OSPREY_JAVA_OPTS', '')} -XX:NativeMemoryTracking=summary"}
    try:
        for name in options.proxies.split(","):
            for crowd in (c for c in CROWDS if c.name in options.crowds.split(",")):
                # A fresh one for each crowd: what one leaves behind must not count for the next.
                proxies.append(bench.Proxy(name, work / crowd.name, options.proxy_core, tools.ports, tracked))
                others(tools, proxies[-1], options.warmup if proxies[-1].is_jvm else 1)
                rows.append(measured(tools, proxies[-1], crowd, options.seconds))
                proxies.pop().stop()
                bench.say(f"done: {crowd.name} with {name}")
    finally:
        for proxy in proxies:
            proxy.stop()
        own.kill()
        own.wait()
        tools.stop()
    return rows


def main(arguments):
    parser = argparse.ArgumentParser(prog="crowds", description=__doc__)
    parser.add_argument("--osprey", help="folder of an unpacked archive (default: $OSPREY_HOME, else the built one)")
    parser.add_argument("--data", type=Path, default=bench.DATA, help="where crowds.csv and crowds.txt go")
    parser.add_argument("--proxies", default="haproxy,osprey,osprey-thread")
    parser.add_argument("--crowds", default=",".join(c.name for c in CROWDS))
    parser.add_argument("--seconds", type=int, default=4, help="of load by the others, before, as the crowd comes, with it")
    parser.add_argument("--warmup", type=int, default=8)
    parser.add_argument("--tools-core", type=int, default=0)
    parser.add_argument("--proxy-core", type=int, default=1)
    options = parser.parse_args(arguments)
    bench.find_osprey(options)
    with tempfile.TemporaryDirectory(prefix="osprey-crowds-") as folder:
        os.chmod(folder, 0o755)
        for crowd in CROWDS:
            Path(folder, crowd.name).mkdir()
        rows = run(options, Path(folder))
    options.data.mkdir(parents=True, exist_ok=True)
    with open(options.data / "crowds.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, lineterminator="\n", fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    (options.data / "crowds.txt").write_text(table(rows) + "\n")
    bench.say(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
