"""Benchmark of Osprey beside haproxy and nginx: CPU per request, throughput, latency, memory.

Generator and upstream are pinned to one core, the proxy under test to another; rounds alternate between the proxies.
Figures are medians over rounds of the ratio to haproxy's round of the same number, so only one run's figures compare.
"""

import argparse
import contextlib
import csv
import functools
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import h2
import plot
import syscalls

HERE = Path(__file__).resolve().parent
DATA = HERE.parent.parent / "docs" / "performance" / "latest"
CONGESTION = Path("/proc/sys/net/ipv4/tcp_congestion_control")
BULK_BYTES = 1 << 20
REFERENCE = "haproxy"
TCP_PORTS = ("ECHO", "BULK")
ALL_PORTS = ("HTTP", *TCP_PORTS, "H2", "H2H2")
H2_PORTS = ("H2", "H2H2", "GRPC")  # gRPC is the ninth route of H2H2
JIT_THREADS = ("C1 CompilerThre", "C2 CompilerThre")
GC_THREADS = ("VM Thread", "GC Thread", "G1 ", "ZWorker", "ZDriver", "ZDirector", "Shenandoah")
RSS_FIELD = "VmRSS:"


@dataclass(frozen=True)
class Scenario:
    """One kind of load; tcp scenarios send and expect bytes, the others ask for a path."""

    name: str
    connections: int
    size: int
    port: str = "HTTP"
    send: int = 0
    header: str = ""
    rate: int = 0  # requests a second, begun at fixed times whatever became of those before; 0: as fast as answers come
    goal: float = 0  # the highest CPU ratio to haproxy we want; 0: none
    thread_goal: float = 0  # the same on the thread model


SCENARIOS = (
    Scenario("http1-100B", 64, 100, goal=0.90, thread_goal=1.30),
    Scenario("http1-10KB", 64, 10240, goal=0.85),
    Scenario("http1-1MB", 8, BULK_BYTES, goal=0.75),
    Scenario("http1-new-connection", 64, 100, header="Connection: close", goal=1.00),
    Scenario("http1-fixed-rate", 64, 100, rate=10_000),
    Scenario("h2-http1-100B", 10, 100, port="H2", goal=1.00),
    Scenario("h2-http1-10KB", 10, 10240, port="H2"),
    Scenario("h2-http1-1MB", 10, BULK_BYTES, port="H2"),
    Scenario("h2-h2-100B", 10, 100, port="H2H2", goal=1.00),
    Scenario("h2-h2-10KB", 10, 10240, port="H2H2"),
    Scenario("h2-h2-1MB", 10, BULK_BYTES, port="H2H2"),
    Scenario("h2-grpc-unary", 10, 100, port="GRPC"),
    Scenario("tcp-pingpong", 64, 100, port="ECHO", send=100, goal=1.00),
    Scenario("tcp-bulk", 8, BULK_BYTES, port="BULK", send=16, goal=0.72),
)


@dataclass(frozen=True)
class Round:
    """One measured stretch; CPU figures are microseconds of the proxy per request, cpu_us over all its threads."""

    scenario: str
    round: int
    proxy: str
    requests: int
    errors: int
    rps: float
    p50_us: float
    p99_us: float
    p999_us: float
    cpu_us: float
    user_us: float
    system_us: float
    jit_us: float
    gc_us: float
    busy: float
    rss_mb: float


class Missing(Exception):
    """Something needed is not installed; what depends on it is skipped, aloud."""


def say(text):
    print(text, flush=True)


def variants(texts):
    """Environments by proxy name, from NAME:KEY=VALUE texts."""
    found = {}
    for text in texts:
        name, _, assignment = text.partition(":")
        key, equals, value = assignment.partition("=")
        if not equals:
            sys.exit(f"--variant {text}: expected NAME:KEY=VALUE, for instance osprey-zgc:OSPREY_JAVA_OPTS=-XX:+UseZGC")
        found.setdefault(name, {})[key] = value
    return found


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def process_tree(root):
    """The process and all its descendants."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = Path("/proc", entry, "stat").read_text()
            except OSError:
                continue
            children.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(entry))
    tree, todo = [], [root]
    while todo:
        pid = todo.pop()
        tree.append(pid)
        todo += children.get(pid, [])
    return tree


def thread_times(root):
    """CPU seconds (user, system) of every thread, by (pid, tid, name)."""
    tick = os.sysconf("SC_CLK_TCK")
    times = {}
    for pid in process_tree(root):
        for stat_file in Path("/proc", str(pid), "task").glob("*/stat"):
            try:
                stat = stat_file.read_text()
                nanos = int(stat_file.with_name("schedstat").read_text().split()[0])
            except OSError:
                continue
            name = stat[stat.index("(") + 1 : stat.rindex(")")]
            fields = stat.rpartition(")")[2].split()
            user, system = int(fields[11]) / tick, int(fields[12]) / tick
            times[(pid, stat_file.parent.name, name)] = (user, system, nanos / 1e9)
    return times


def cpu_between(before, after):
    """Seconds of user, system, all, JIT and GC threads; all is finer than user + system, which count ticks."""
    sums = {"user": 0.0, "system": 0.0, "all": 0.0, "jit": 0.0, "gc": 0.0}
    for key, (user, system, total) in after.items():
        user0, system0, total0 = before.get(key, (0.0, 0.0, 0.0))
        sums["user"] += user - user0
        sums["system"] += system - system0
        sums["all"] += total - total0
        if key[2].startswith(JIT_THREADS):
            sums["jit"] += total - total0
        elif key[2].startswith(GC_THREADS):
            sums["gc"] += total - total0
    return sums


def resident_mb(root):
    kb = 0
    for pid in process_tree(root):
        try:
            lines = Path("/proc", str(pid), "status").read_text().splitlines()
        except OSError:
            continue
        kb += sum(int(line.split()[1]) for line in lines if line.startswith(RSS_FIELD))
    return kb / 1024


class Tools:
    """Upstream and generators: C where there is a compiler, osprey-load's Java otherwise."""

    def __init__(self, work, core, java_classpath):
        self.pin = ["taskset", "-c", str(core)]
        self.work = work
        self.java = ["java", "-XX:+UseSerialGC", "-cp", java_classpath, "dev.osprey.load.Main"]
        compiler = shutil.which("gcc") or shutil.which("cc")
        self.native = bool(compiler) and not java_classpath
        if self.native:
            for name in ("upstream", "tcpload", "openload", "crowd"):
                source = HERE / "src" / f"{name}.c"
                subprocess.run([compiler, "-O2", "-o", str(work / name), str(source)], check=True)
        elif not java_classpath:
            sys.exit("no C compiler: give --java-tools CLASSPATH (osprey-load and HdrHistogram) instead")
        else:
            say("NOTE: upstream and TCP generator run on Java, so the proxies get less load")
        self.upstream = self.start_upstream()
        names = ("UP_HTTP", "UP_ECHO", "UP_BULK")
        self.ports = dict(zip(names, self.upstream.stdout.readline().split()))
        self.ports["UP_CROWD"] = self.ports["UP_HTTP"]
        self.ports["UP_H2"], self.ports["UP_GRPC"] = free_ports(2)
        self.h2_upstreams = [] if h2.missing() else h2.start_upstreams(self.pin, work, self.ports["UP_H2"], self.ports["UP_GRPC"])

    def stop(self):
        for process in (self.upstream, *self.h2_upstreams):
            process.kill()
            process.wait()

    def start_upstream(self):
        own = [str(self.work / "upstream"), str(BULK_BYTES)]
        command = own if self.native else [*self.java, "servers", "--bytes", str(BULK_BYTES)]
        return subprocess.Popen([*self.pin, *command], stdout=subprocess.PIPE, text=True)

    def load(self, scenario, ports, seconds):
        """Loads a proxy for some seconds; a dict with requests, seconds, p50_us, p99_us, p999_us, errors."""
        port = ports[scenario.port]
        if scenario.rate:
            return self.load_open(port, f"/bytes/{scenario.size}", scenario.connections, scenario.rate, seconds)
        if scenario.port == "GRPC":
            return h2.load_grpc(self.pin, self.work, port, scenario.connections, seconds)
        if scenario.port in H2_PORTS:
            return h2.load(self.pin, self.work, port, scenario.connections, scenario.size, seconds)
        if scenario.send:
            return self.load_tcp(scenario, port, seconds)
        command = ["wrk", "-t1", f"-c{scenario.connections}", f"-d{seconds}s", "-s", str(HERE / "wrk.lua")]
        if scenario.header:
            command += ["-H", scenario.header]
        return self.json_of([*command, f"http://127.0.0.1:{port}/bytes/{scenario.size}"], seconds)

    def load_open(self, port, path, connections, rate, seconds):
        """Requests at a fixed rate; latencies count from the time a request was meant to begin."""
        command = [str(self.work / "openload"), *map(str, (port, path, connections, rate, seconds))]
        return self.json_of(command, seconds)

    def load_tcp(self, scenario, port, seconds):
        if self.native:
            numbers = (port, scenario.connections, scenario.send, scenario.size, seconds)
            return self.json_of([str(self.work / "tcpload"), *map(str, numbers)], seconds)
        kind = "ping-pong" if scenario.port == "ECHO" else "fetch"
        options = ["--connections", scenario.connections, "--bytes", scenario.size, "--seconds", seconds]
        command = [*self.java, kind, "--target", f"127.0.0.1:{port}", *map(str, options)]
        report = self.json_of(command, seconds)
        latency = report["latencies"]["all"]
        return {
            "requests": report["exchanges"],
            "seconds": report["took"],
            "p50_us": latency["p50"],
            "p99_us": latency["p99"],
            "p999_us": latency.get("p999", 0),
            "errors": sum(report["failures"].values()),
        }

    def json_of(self, command, seconds):
        done = subprocess.run([*self.pin, *command], capture_output=True, text=True, timeout=seconds + 30)
        lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
        if not lines:
            raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")
        return json.loads(lines[-1])


class Proxy:
    """A running proxy of a given variant."""

    def __init__(self, name, work, core, upstream_ports, environment):
        self.name = name
        self.kind = name.partition("-")[0]
        self.work = work / name
        self.work.mkdir()
        self.ports = dict(zip(ALL_PORTS, free_ports(len(ALL_PORTS))))
        self.ports["GRPC"] = self.ports["H2H2"]
        self.serves = set(self.ports)
        names = {"WORK": str(self.work), **self.ports, **upstream_ports}
        config = getattr(self, "configure_" + self.kind)(names)
        command = ["bash", "-c", f'. "{HERE}/proxies.sh"; start_{self.kind} "$1" "$2"', "start", config, str(self.work)]
        pinned = ["taskset", "-c", str(core), *command]
        self.process = subprocess.Popen(pinned, env={**os.environ, **environment})
        try:
            self.await_ready()
        except BaseException:
            self.stop()
            raise
        self.is_jvm = any(key[2].startswith(JIT_THREADS) for key in thread_times(self.process.pid))

    def configure_haproxy(self, names):
        self.need("haproxy")
        logs = self.name != "haproxy-nolog"
        names["LOG_LINE"] = "log stdout format raw local0" if logs else ""
        names["HTTPLOG"] = "option httplog" if logs else ""
        names["TCPLOG"] = "option tcplog" if logs else ""
        return self.write("haproxy.cfg", names, "haproxy-h2.cfg")

    def configure_nghttpx(self, names):
        self.need("nghttpx")
        self.serves = set(H2_PORTS)
        return self.write("nghttpx.env", names)

    def configure_nginx(self, names):
        self.need("nginx")
        names["BUFFER"] = "" if self.name == "nginx-unbuffered" else " buffer=64k flush=1s"
        build = subprocess.run(["nginx", "-V"], capture_output=True, text=True).stderr
        flags = build.split()
        folder = next((f.partition("=")[2] for f in flags if f.startswith("--modules-path=")), "")
        module = Path(folder) / "ngx_stream_module.so"
        tcp = "--with-stream" in flags or module.exists()
        http2 = ("H2", "GRPC") if "--with-http_v2_module" in flags else ()  # to upstreams nginx speaks HTTP/2 for gRPC only
        self.serves = {"HTTP", *(TCP_PORTS if tcp else ()), *http2}
        names["HTTP2"] = filled((HERE / "conf" / "nginx-h2.conf").read_text(), names) if http2 else ""
        names["LOAD_STREAM"] = f"load_module {module};" if module.exists() else ""
        stream = (HERE / "conf" / "nginx-stream.conf").read_text() if tcp else ""
        names["STREAM"] = filled(stream, names)
        if not tcp:
            say("MISSING: nginx's stream module (Debian: libnginx-mod-stream); its TCP scenarios are skipped")
        return self.write("nginx.conf", names)

    def configure_osprey(self, names):
        home = os.environ.get("OSPREY_HOME", "")
        if not Path(home, "bin", "osprey").exists() or not home:
            raise Missing("no bin/osprey under --osprey or $OSPREY_HOME; build the archive and unpack it")
        names["IO_MODEL"] = "thread" if self.name.startswith("osprey-thread") else "reactor"
        return self.write("osprey.yaml", names)

    def need(self, program):
        if not shutil.which(program):
            raise Missing(f"{program} is not installed (Debian: apt-get install {program})")

    def write(self, template, names, *more):
        path = self.work / template
        text = "".join((HERE / "conf" / part).read_text() for part in (template, *more))
        path.write_text(filled(text, names))
        return str(path)

    def await_ready(self):
        for port in (self.ports[name] for name in self.serves):
            deadline = time.monotonic() + 20
            while not listens(port):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise Missing(f"did not start: {self.last_words()}")
                time.sleep(0.05)

    def last_words(self):
        texts = [path.read_text(errors="replace")[-600:] for path in sorted(self.work.glob("*.err"))]
        return " ".join(texts).strip() or "no message"

    def stop(self):
        for child in process_tree(self.process.pid)[1:]:
            os.kill(child, signal.SIGTERM)
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def filled(text, names):
    """A template with our names filled in; a proxy's own variables, which look alike, stay."""
    for key, value in names.items():
        text = text.replace("${" + key + "}", str(value))
    return text


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def measure(tools, proxy, scenario, number, seconds):
    pid = proxy.process.pid
    before = thread_times(pid)
    load = tools.load(scenario, proxy.ports, seconds)
    cpu = cpu_between(before, thread_times(pid))
    micros = 1e6 / max(1, load["requests"])
    return Round(
        scenario=scenario.name,
        round=number,
        proxy=proxy.name,
        requests=load["requests"],
        errors=load["errors"],
        rps=load["requests"] / load["seconds"],
        p50_us=load["p50_us"],
        p99_us=load["p99_us"],
        p999_us=load["p999_us"],
        cpu_us=cpu["all"] * micros,
        user_us=cpu["user"] * micros,
        system_us=cpu["system"] * micros,
        jit_us=cpu["jit"] * micros,
        gc_us=cpu["gc"] * micros,
        busy=cpu["all"] / load["seconds"],
        rss_mb=resident_mb(pid),
    )


def warmed(tools, proxies, scenario, options):
    """Those that can do the scenario and have done it for a while."""
    able = [p for p in proxies if scenario.port in p.serves]
    for proxy in list(able):
        try:
            if scenario.port == "GRPC":
                h2.check_trailers(proxy.ports["GRPC"])
            tools.load(scenario, proxy.ports, options.warmup if proxy.is_jvm else 1)
        except (RuntimeError, subprocess.TimeoutExpired) as problem:
            able.remove(proxy)
            say(f"FAILED: {proxy.name} is left out of {scenario.name}: {problem}")
    return able


def count_calls(tools, proxies, options, work):
    """System calls instead of time; nothing else is measured, for strace slows everything down."""
    if syscalls.missing():
        sys.exit(syscalls.missing())
    rows = []
    for scenario in chosen(options):
        for proxy in warmed(tools, proxies, scenario, options):
            load = functools.partial(tools.load, scenario, proxy.ports, options.seconds)
            calls, report = syscalls.counted(process_tree(proxy.process.pid), work, load)
            rows.append({"scenario": scenario.name, "proxy": proxy.name, "requests": report["requests"], "calls": calls})
        say(f"done: {scenario.name}")
    options.data.mkdir(parents=True, exist_ok=True)
    syscalls.keep(options.data / "syscalls.csv", rows)
    say(syscalls.table(rows))


def run_scenario(tools, proxies, scenario, options):
    able = warmed(tools, proxies, scenario, options)
    rounds = []
    for number in range(options.rounds):
        turn = number % len(able) if able else 0
        for proxy in able[turn:] + able[:turn]:
            try:
                result = measure(tools, proxy, scenario, number, options.seconds)
            except (RuntimeError, subprocess.TimeoutExpired) as problem:
                say(f"FAILED: {proxy.name} in round {number} of {scenario.name}: {problem}")
                continue
            rounds.append(result)
            if result.errors:
                say(f"ERRORS: {result.errors} with {proxy.name} in {scenario.name}")
    return rounds


def ratios(rounds, proxy, figure):
    """Per round: the proxy's figure divided by the reference's."""
    reference = {r.round: figure(r) for r in rounds if r.proxy == REFERENCE}
    own = {r.round: figure(r) for r in rounds if r.proxy == proxy}
    return [own[n] / reference[n] for n in own if reference.get(n)]


def median(rounds, proxy, figure):
    return statistics.median(figure(r) for r in rounds if r.proxy == proxy)


def spread(values):
    if not values:
        return "-"
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


def summarise(scenario, rounds):
    rows = []
    for proxy in dict.fromkeys(r.proxy for r in rounds if r.proxy):
        row = {
            "scenario": scenario.name,
            "proxy": proxy,
            "cpu_ratio": ratios(rounds, proxy, lambda r: r.cpu_us),
            "cpu_ratio_without_jit": ratios(rounds, proxy, lambda r: r.cpu_us - r.jit_us),
            "rps_ratio": ratios(rounds, proxy, lambda r: r.rps),
            "goal": scenario.thread_goal if proxy == "osprey-thread" else scenario.goal,
        }
        for name in ("cpu_us", "user_us", "system_us", "jit_us", "gc_us", "rps", "p50_us", "p99_us", "p999_us", "busy", "rss_mb"):
            row[name] = median(rounds, proxy, lambda r, n=name: getattr(r, n))
        row["errors"] = sum(r.errors for r in rounds if r.proxy == proxy)
        rows.append(row)
    return sorted(rows, key=lambda row: row["proxy"] != REFERENCE)


def goal(row):
    return f"{row['goal']:.2f}" if row["goal"] and row["proxy"].startswith("osprey") else "-"


def table(rows):
    head = ("scenario", "proxy", "CPU ratio (range)", "goal", "w/o JIT", "us/req (user+sys)", "JIT", "GC", "rps ratio (range)",
            "rps", "p50/p99/p99.9 ms", "busy", "RSS MB")
    lines = [head]
    for r in rows:
        without_jit = f"{statistics.median(r['cpu_ratio_without_jit']):.2f}" if r["cpu_ratio"] else "-"
        lines.append((
            r["scenario"], r["proxy"], spread(r["cpu_ratio"]), goal(r), without_jit,
            f"{r['cpu_us']:.1f} ({r['user_us']:.1f}+{r['system_us']:.1f})", f"{r['jit_us']:.1f}", f"{r['gc_us']:.1f}",
            spread(r["rps_ratio"]), f"{r['rps']:.0f}", "/".join(f"{r[key] / 1000:.2f}" for key in ("p50_us", "p99_us", "p999_us")),
            f"{100 * r['busy']:.0f}%", f"{r['rss_mb']:.0f}",
        ))
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines)


def warn_of_noise(rows):
    """A proxy in a closed loop should keep its core busy; if none does, something else used the machine."""
    for row in rows:
        if row["scenario"] in ("http1-100B", "tcp-pingpong") and row["busy"] < 0.6:
            say(f"NOISY: {row['proxy']} had only {100 * row['busy']:.0f}% of its core in {row['scenario']}: "
                "the machine was busy with something else; take these figures as a trial of the harness")


def judge_tail(rows):
    """Says whether Osprey's 99.9th percentile at a fixed rate is within a millisecond of the reference's."""
    tails = {row["proxy"]: row["p999_us"] / 1000 for row in rows if row["scenario"] == "http1-fixed-rate"}
    if REFERENCE not in tails or "osprey" not in tails:
        return True
    more = tails["osprey"] - tails[REFERENCE]
    say(f"http1-fixed-rate: p99.9 {more:+.2f} ms beside haproxy's, goal +1.00: " + ("reached" if more <= 1 else "NOT REACHED"))
    return more <= 1


def judge(rows):
    """Says of every goal whether Osprey reached it; True if all were."""
    reached = judge_tail(rows)
    for row in rows:
        if row["proxy"] in ("osprey", "osprey-thread") and row["goal"] and row["cpu_ratio"]:
            ratio = statistics.median(row["cpu_ratio"])
            good = ratio <= row["goal"]
            reached &= good
            model = ", thread model" if row["proxy"] == "osprey-thread" else ""
            say(f"{row['scenario']}{model}: {ratio:.2f} of haproxy's CPU, goal {row['goal']:.2f}: "
                + ("reached" if good else "NOT REACHED"))
    return reached


def congestion():
    """Name of the kernel's congestion control; bbr paces what is sent, which costs large writes most."""
    return CONGESTION.read_text().strip() if CONGESTION.exists() else "unknown"


@contextlib.contextmanager
def with_congestion(name):
    """Sets the machine's congestion control meanwhile; nothing for no name."""
    before = congestion()
    if name and name != before:
        set_congestion(name)
    try:
        yield
    finally:
        if name and congestion() != before:
            set_congestion(before)


def set_congestion(name):
    try:
        CONGESTION.write_text(name)
    except OSError as refusal:
        sys.exit(f"--congestion {name}: {refusal} (it takes root; known: sysctl net.ipv4.tcp_available_congestion_control)")


def keep(data, rounds, rows, options):
    data.mkdir(parents=True, exist_ok=True)
    if rounds:
        with open(data / "rounds.csv", "w", newline="") as file:
            writer = csv.DictWriter(file, lineterminator="\n", fieldnames=list(asdict(rounds[0])))
            writer.writeheader()
            writer.writerows(asdict(r) for r in rounds)
    settings = {k: str(v) for k, v in vars(options).items()}
    summary = {"settings": settings, "kernel": os.uname().release, "congestion": congestion(), "cpus": os.cpu_count(), "rows": rows}
    (data / "summary.json").write_text(json.dumps(summary, indent=2) + "\n")
    (data / "table.txt").write_text(table(rows) + "\n")
    (data / "ratios.svg").write_text(plot.svg(rows))


def parse(arguments):
    parser = argparse.ArgumentParser(prog="run", description=__doc__)
    parser.add_argument("--osprey", help="folder of an unpacked archive (default: $OSPREY_HOME, else the built one)")
    parser.add_argument("--data", type=Path, default=DATA,
                        help="where the rounds, the table and the plot go (default: docs/performance/latest)")
    parser.add_argument("--proxies", default="haproxy,nginx,nghttpx,osprey,osprey-thread",
                        help="also: haproxy-nolog, nginx-unbuffered (default: %(default)s)")
    parser.add_argument("--variant", action="append", default=[], metavar="NAME:KEY=VALUE",
                        help="environment of a proxy of that name, such as osprey-zgc:OSPREY_JAVA_OPTS=-XX:+UseZGC")
    parser.add_argument("--scenarios", default=",".join(s.name for s in SCENARIOS))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=4, help="length of a round")
    parser.add_argument("--warmup", type=int, default=15, help="seconds before a JVM's first round of a scenario")
    parser.add_argument("--tools-core", type=int, default=0)
    parser.add_argument("--proxy-core", type=int, default=1)
    parser.add_argument("--java-tools", default="", help="class path of osprey-load and HdrHistogram, for where there is no C compiler")
    parser.add_argument("--short", action="store_true", help="about a minute; prints ratios, judges nothing")
    parser.add_argument("--congestion", default="", help="congestion control of TCP meanwhile, for the whole machine (root); "
                        "default: as it is")
    parser.add_argument("--syscalls", action="store_true", help="count system calls per request with strace, and nothing else")
    parser.add_argument("--judge", action="store_true", help="end with 1 if a goal is not reached")
    options = parser.parse_args(arguments)
    if options.short:
        options.rounds, options.seconds, options.warmup = 2, 1, 2
        options.proxies = options.proxies.removesuffix(",osprey-thread")
    return options


def find_osprey(options):
    if options.osprey:
        os.environ["OSPREY_HOME"] = str(Path(options.osprey).resolve())
    elif "OSPREY_HOME" not in os.environ:
        target = HERE.parent.parent / "distribution" / "target"
        archives = sorted(target.glob("osprey-*.tar.gz"))
        if not archives:
            sys.exit(f"no archive in {target}: build it with mvn -DskipTests package, or name a folder with --osprey")
        unpacked = target / "bench"
        shutil.rmtree(unpacked, ignore_errors=True)
        unpacked.mkdir()
        subprocess.run(["tar", "-C", str(unpacked), "-xzf", str(archives[-1])], check=True)
        os.environ["OSPREY_HOME"] = str(next(unpacked.iterdir()))


def start_proxies(options, work, ports, proxies):
    environments = variants(options.variant)
    for name in options.proxies.split(","):
        try:
            proxies.append(Proxy(name, work, options.proxy_core, ports, environments.get(name, {})))
        except Missing as missing:
            say(f"MISSING: {name} is skipped: {missing}")


def chosen(options):
    wanted = options.scenarios.split(",")
    unknown = set(wanted) - {s.name for s in SCENARIOS}
    if unknown:
        sys.exit(f"unknown scenarios: {', '.join(sorted(unknown))}")
    scenarios = [s for s in SCENARIOS if s.name in wanted]
    if options.java_tools:
        say("MISSING: the open-loop generator is in C only; fixed-rate scenarios are skipped")
        scenarios = [s for s in scenarios if not s.rate]
    if h2.missing():
        say(f"MISSING: {', '.join(h2.missing())} (Debian); HTTP/2 scenarios are skipped")
        scenarios = [s for s in scenarios if s.port not in H2_PORTS]
    if not shutil.which("wrk"):
        say("MISSING: wrk is not installed (Debian: apt-get install wrk); HTTP scenarios are skipped")
        scenarios = [s for s in scenarios if s.send or s.rate or s.port in H2_PORTS]
    return scenarios


def bench(options, work):
    tools = Tools(work, options.tools_core, options.java_tools)
    proxies = []
    rounds, rows = [], []
    try:
        start_proxies(options, work, tools.ports, proxies)
        if options.syscalls:
            count_calls(tools, proxies, options, work)
            return rows
        for scenario in chosen(options):
            done = run_scenario(tools, proxies, scenario, options)
            rounds += done
            rows += summarise(scenario, done)
            say(f"done: {scenario.name}")
    finally:
        for proxy in proxies:
            proxy.stop()
        tools.stop()
    keep(options.data, rounds, rows, options)
    return rows


def main(arguments):
    options = parse(arguments)
    if not shutil.which("taskset") or os.cpu_count() < 2:
        sys.exit("needs taskset (util-linux) and two cores")
    find_osprey(options)
    with with_congestion(options.congestion), tempfile.TemporaryDirectory(prefix="osprey-bench-") as folder:
        os.chmod(folder, 0o755)  # nginx's worker is another user
        rows = bench(options, Path(folder))
    if options.syscalls:
        return 0
    say(table(rows))
    warn_of_noise(rows)
    say(f"ratios are medians over {options.rounds} rounds, with their range; TCP's congestion control is "
        f"{options.congestion or congestion()}; data in {options.data}")
    if options.short:
        return 0
    reached = judge(rows)
    return 0 if reached or not options.judge else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
