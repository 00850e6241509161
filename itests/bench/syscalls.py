"""System calls per request of each proxy, counted by strace; they repeat exactly enough to compare builds."""

import csv
import re
import shutil
import signal
import subprocess
import time

LINE = re.compile(r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$")


def missing():
    """Why it can't be done; empty if it can."""
    return "" if shutil.which("strace") else "strace is not installed (Debian: apt-get install strace)"


def counted(pids, work, load):
    """Runs the load under strace; calls by name, and what the load reports."""
    summary = work / "strace.txt"
    attach = [word for pid in pids for word in ("-p", str(pid))]
    tracer = subprocess.Popen(["strace", "-f", "-c", "-o", str(summary), *attach], stderr=subprocess.PIPE, text=True)
    time.sleep(1)
    if tracer.poll() is not None:
        raise RuntimeError(f"strace failed: {tracer.stderr.read()}")
    try:
        report = load()
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(20)
    return parsed(summary.read_text()), report


def parsed(text):
    """Calls by name in strace's table."""
    found = (LINE.match(line) for line in text.splitlines())
    return {m.group(2): int(m.group(1)) for m in found if m and m.group(2) != "total"}


def table(rows):
    """One line for each scenario and proxy: all calls per request, then each that happens at least once in 100."""
    lines = []
    for row in rows:
        per = sorted(((count / row["requests"], name) for name, count in row["calls"].items()), reverse=True)
        named = ", ".join(f"{name} {each:.2f}" for each, name in per if each >= 0.01)
        lines.append(f"{row['scenario']:22}{row['proxy']:18}{sum(each for each, _ in per):7.2f}  {named}")
    return "\n".join(lines)


def keep(path, rows):
    """Writes the counts, one line for each call."""
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("scenario", "proxy", "requests", "call", "per_request"))
        for row in rows:
            for name, count in sorted(row["calls"].items()):
                writer.writerow((row["scenario"], row["proxy"], row["requests"], name, f"{count / row['requests']:.4f}"))
