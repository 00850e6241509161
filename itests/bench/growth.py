"""What a request, a connection, a start, a reload and a swap cost as there are more connections, virtual hosts, routes or clusters.

Each size gets a process of its own. Generator and upstream run on one core, the proxy on another. The growth of a figure is named by
fitting: of constant, logarithmic, linear and quadratic the one that is nearest to what was measured from the smallest size on.
"""

import argparse
import csv
import functools
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import bench
import crowds
import growth_conf

RATE = 2000
OTHERS = 500
FLAT = 1.25  # what is below this at the largest size, beside the smallest, counts as constant
SPARE = 2200  # descriptors that are nobody's connection, upstreams that are chosen twice included
MODELS = {
    "logarithmic": math.log,
    "linear": lambda size: size,
    "quadratic": lambda size: size * size,
}


class Sized(bench.Proxy):
    """An Osprey that serves one listener with a configuration that growth_conf makes."""

    def __init__(self, kind, size, work, core, upstream):
        self.about = (kind, size, upstream)
        self.config = None
        tracked = {"OSPREY_JAVA_OPTS": f"{os.environ.get('OSPREY_JAVA_OPTS', '')} -XX:NativeMemoryTracking=summary"}
        begin = time.monotonic()
        super().__init__("osprey", work, core, {}, tracked)
        self.start_ms = (time.monotonic() - begin) * 1000

    def configure_osprey(self, names):
        self.serves = {"HTTP"}
        self.config = self.work / "osprey.yaml"
        self.write_idle(60)
        return str(self.config)

    def write_idle(self, seconds):
        kind, size, upstream = self.about
        fresh = self.config.with_suffix(".new")
        fresh.write_text(growth_conf.text(kind, size, self.ports["HTTP"], upstream, self.work / "osprey.log", seconds))
        fresh.rename(self.config)

    def reports(self):
        """The last word of each report, by number."""
        found = {}
        file = self.work / "data" / "reports.jsonl"
        for line in file.read_text().splitlines():
            if line.endswith("}"):
                report = json.loads(line)
                found[report["number"]] = report
        return found

    def next_report(self, before, seconds=120):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            newer = [number for number in self.reports() if number > before]
            if newer:
                return newer[0]
            time.sleep(0.02)
        raise RuntimeError("no report of the change")

    def ctl(self, *words):
        command = [str(Path(os.environ["OSPREY_HOME"], "bin", "osprey")), "ctl", *words, "--data", str(self.work / "data")]
        subprocess.run(["taskset", "-c", "0", *command], capture_output=True, check=True)


class Many(bench.Proxy):
    """A proxy with the benchmark's usual configuration that lets more than a thousand connections go upstream."""

    def configure_osprey(self, names):
        path = super().configure_osprey(names)
        raised = Path(path).read_text().replace("    - name: origin\n", f"    - name: origin\n      {growth_conf.BREAKERS}\n")
        Path(path).write_text(raised)
        return path


class Load:
    """Requests at a rate (0: each connection asks again once answered); known when those begin that count."""

    def __init__(self, tools, port, connections, rate, seconds, warm=2, kind=None, spread=1):
        kind = kind or growth_conf.Kind("plain")
        words = (port, kind.path, connections, rate, seconds, warm, spread, kind.host)
        command = [*tools.pin, str(tools.work / "openload"), *map(str, words)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline().strip() != "ready":
            raise RuntimeError("the load could not begin")

    def report(self):
        line = self.process.stdout.readline()
        self.process.wait(30)
        return json.loads(line)


def cost(tools, proxy, options, connections, rate, kind=None, spread=1):
    """Microseconds of CPU for each request, and percentiles of latency: medians over the rounds."""
    rounds = []
    for number in range(options.rounds):
        warm = options.warmup if proxy.is_jvm and number == 0 else 1
        load = Load(tools, proxy.ports["HTTP"], connections, rate, options.seconds, warm, kind, spread)
        before = bench.thread_times(proxy.process.pid)
        report = load.report()
        cpu = bench.cpu_between(before, bench.thread_times(proxy.process.pid))
        if report["errors"]:
            bench.say(f"ERRORS: {report['errors']} with {connections} connections to {proxy.name}")
        micros = 1e6 / max(1, report["requests"])
        rounds.append({"cpu_us": (cpu["all"] - cpu["jit"]) * micros, "system_us": cpu["system"] * micros,
                       "p50_us": report["p50_us"], "p99_us": report["p99_us"]})
    return {figure: statistics.median(r[figure] for r in rounds) for figure in rounds[0]}


def memory(proxy):
    live = crowds.jvm_bytes(proxy.process.pid)
    return {"rss_mb": bench.resident_mb(proxy.process.pid), "live_mb": "" if live is None else live / 1048576}


def connections(tools, options, work):
    """The rows of both tables of connections, one by one."""
    for paced in (True, False):
        for size in options.connections:
            for name in options.proxies.split(","):
                table = "connections-" + ("paced" if paced else "saturated")
                folder = work / f"{table}-{size}"
                folder.mkdir(exist_ok=True)
                tracked = {"OSPREY_JAVA_OPTS": "-XX:NativeMemoryTracking=summary"}
                proxy = Many(name, folder, options.proxy_core, tools.ports, tracked)
                try:
                    figures = cost(tools, proxy, options, size, RATE if paced else 0)
                    # What is held with all of them there; they are at rest, but for a few.
                    load = Load(tools, proxy.ports["HTTP"], size, max(1, RATE // 10), 5, 1)
                    figures |= memory(proxy)
                    load.report()
                finally:
                    proxy.stop()
                yield {"table": table, "proxy": name, "size": size, **figures}


def changed(tools, proxy, act, seconds):
    """A change while others are served: until its report, the longest a strand was held, the longest an answer took."""
    kind, size, _ = proxy.about
    load = Load(tools, proxy.ports["HTTP"], 16, OTHERS, seconds, 1, growth_conf.KINDS[kind], asked_of(kind, size))
    before = max(proxy.reports())
    begin = time.monotonic()
    act()
    number = proxy.next_report(before)
    millis = (time.monotonic() - begin) * 1000
    report = load.report()
    told = proxy.reports()[number]
    if told["result"] != "published":
        raise RuntimeError(f"not published: {json.dumps(told)[:500]}")
    return millis, told["longest_stall_micros"] / 1000, report["max_us"] / 1000


def asked_of(kind, size):
    return growth_conf.KINDS[kind].asked or size


def sized(tools, options, work, kind, sizes):
    """The rows of a kind's table, one by one."""
    for size in sizes:
        folder = work / f"{kind}-{size}"
        folder.mkdir()
        proxy = Sized(kind, size, folder, options.proxy_core, tools.ports["UP_HTTP"])
        try:
            figures = cost(tools, proxy, options, 64, 0, growth_conf.KINDS[kind], asked_of(kind, size))
            figures |= memory(proxy)
            figures["start_ms"] = proxy.start_ms
            acts = {"reload": lambda turn: proxy.write_idle(61 + turn), "swap": lambda turn: proxy.ctl("swap", "http1")}
            for name in options.acts:
                times = [changed(tools, proxy, functools.partial(acts[name], turn), options.wait) for turn in range(options.changes)]
                millis, held, longest = (statistics.median(column) for column in zip(*times))
                figures |= {f"{name}_ms": millis, f"{name}_held_ms": held, f"{name}_others_max_ms": longest}
        finally:
            proxy.stop()
        yield {"table": kind, "proxy": "osprey", "size": size, **figures}


def growth(points):
    """The name of how a figure grows over (size, value) points, and how much it grows from the first to the last."""
    points = sorted(points)
    (first, least), (last, most) = points[0], points[-1]
    if least <= 0 or last == first:
        return "-"
    factor = most / least
    if factor <= FLAT:
        return f"constant (x{factor:.2f})"
    best, error = "", math.inf
    for name, model in MODELS.items():
        slope = (most - least) / (model(last) - model(first))
        away = sum(abs(least + slope * (model(size) - model(first)) - value) for size, value in points[1:-1])
        if away < error:
            best, error = name, away
    return f"{best if len(points) > 2 else 'more'} (x{factor:.2f})"


def figures_of(rows):
    known = ("table", "proxy", "size")
    return [f for f in dict.fromkeys(key for row in rows for key in row) if f not in known]


def growths(rows):
    """One row of names for each table and proxy."""
    named = []
    for table, proxy in dict.fromkeys((r["table"], r["proxy"]) for r in rows):
        own = [r for r in rows if (r["table"], r["proxy"]) == (table, proxy)]
        row = {"table": table, "proxy": proxy, "size": "growth"}
        for figure in figures_of(own):
            points = [(r["size"], r[figure]) for r in own if r.get(figure, "") != ""]
            row[figure] = growth(points) if len(points) > 1 else ""
        named.append(row)
    return named


def cell(value):
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def table(rows):
    texts = []
    for name in dict.fromkeys(r["table"] for r in rows):
        own = [r for r in rows if r["table"] == name] + [g for g in growths(rows) if g["table"] == name]
        columns = ["proxy", "size", *figures_of(own)]
        lines = [columns] + [[cell(row.get(c, "")) for c in columns] for row in own]
        widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
        texts.append(name + "\n" + "\n".join("  ".join(c.ljust(w) for c, w in zip(line, widths)).rstrip() for line in lines))
    return "\n\n".join(texts)


def parse(arguments):
    parser = argparse.ArgumentParser(prog="growth", description=__doc__)
    parser.add_argument("--osprey", help="folder of an unpacked archive (default: $OSPREY_HOME, else the built one)")
    parser.add_argument("--data", type=Path, default=bench.DATA, help="where growth.csv and growth.txt go")
    parser.add_argument("--proxies", default="haproxy,osprey,osprey-thread", help="for the tables of connections (default: %(default)s)")
    parser.add_argument("--tables", default="connections,hosts,prefixes,headers,clusters,clusters-10-asked",
                        help=f"connections, and of {', '.join(growth_conf.KINDS)} (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=int, default=3, help="length of a round")
    parser.add_argument("--warmup", type=int, default=6, help="seconds of load before a JVM's first round")
    parser.add_argument("--changes", type=int, default=1, help="reloads and swaps of each size")
    parser.add_argument("--tools-core", type=int, default=0)
    parser.add_argument("--proxy-core", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="under a minute: two sizes, one round; a trial of the harness")
    options = parser.parse_args(arguments)
    most = min(10_000, (resource.getrlimit(resource.RLIMIT_NOFILE)[1] - SPARE) // 2)
    options.connections, options.sizes = (1, 100, most), (10, 1000, 10_000)
    options.acts, options.wait = ("reload", "swap"), 5
    if options.short:
        options.connections, options.sizes = (1, 1000), (10, 10_000)
        options.rounds, options.seconds, options.warmup, options.changes = 1, 1, 2, 1
        options.proxies, options.tables = "osprey", "prefixes,clusters"
        options.acts, options.wait = ("reload",), 3
    elif most < 10_000:
        bench.say(f"LIMIT: a process gets {most} connections with one upstream each, for its limit of descriptors")
    return options


def keep(data, rows):
    data.mkdir(parents=True, exist_ok=True)
    with open(data / "growth.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, lineterminator="\n", fieldnames=["table", "proxy", "size", *figures_of(rows)])
        writer.writeheader()
        writer.writerows({key: cell(value) for key, value in row.items()} for row in rows + growths(rows))
    (data / "growth.txt").write_text(table(rows) + "\n")
    bench.say(table(rows))


def main(arguments):
    options = parse(arguments)
    bench.find_osprey(options)
    rows = []
    with tempfile.TemporaryDirectory(prefix="osprey-growth-") as folder:
        os.chmod(folder, 0o755)
        work = Path(folder)
        tools = bench.Tools(work, options.tools_core, "")
        try:
            for name in options.tables.split(","):
                many = connections(tools, options, work) if name == "connections" else sized(tools, options, work, name, options.sizes)
                for row in many:
                    rows.append(row)
                    bench.say("done: " + ", ".join(f"{key} {cell(value)}" for key, value in row.items()))
        finally:
            tools.stop()
            keep(options.data, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
