#!/usr/bin/env python3
"""Runs Sharelock and its peers on the benchmark model, in turn, and prints one table.

    bench/peers/compare.py                      every peer on the sizes below, 5 runs each
    bench/peers/compare.py --bars               only what the bars of the project need
    bench/peers/compare.py --runs 1 --sizes 2,2,2,2,2

SPIN and Rumur are Debian packages, Stateright is a crate; what is missing is named and left out. Runs are interleaved
(first run of everything, second run of everything, ...), so that a busy machine is unfair to nobody. Every count is
checked against README.md beside this file.
"""
import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

here = Path(__file__).resolve().parent
root = here.parent.parent
build = root / "build" / "peers"

# Size: states, transitions, diameter; the same with symmetry, as far as it is known.
counts = {
    "2,2,2,2,2": ((106_748, 888_490, 20), (53_667, 446_482, 20)),
    "3,2,2,2,2": ((1_563_442, 13_499_668, 24), (783_558, 6_764_469, 24)),
    "2,3,2,2,2": ((3_710_380, 41_164_008, 22), (643_185, 7_142_228, 22)),
    "3,2,2,3,2": ((10_636_178, 97_416_714, 29), (5_323_188, 48_752_570, 29)),
}


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(command, **more):
    """Runs a command. Returns its output, its seconds on the wall, and its peak resident bytes."""
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{output[-2000:]}")
    return output, time.monotonic() - begun, usage.ru_maxrss * 1024


class Sharelock:
    def __init__(self, *options, label="sharelock"):
        self.options = options
        self.label = label
        self.symmetry = "--symmetry" in options

    def ready(self, size):
        return True

    def measure(self, size):
        output, _, _ = run([root / "sharelock", "check", "--benchmark", size, "--format", "json", *self.options])
        result = json.loads(output)
        diameter = None if "--depth-first" in self.options else result["diameter"]
        return result["states"], result["transitions"], diameter, result["seconds"], result["peak_rss_bytes"]


class Spin:
    label = "spin, exact, depth first"
    symmetry = False

    def ready(self, size):
        if not shutil.which("spin"):
            say("spin is missing: apt-get install spin")
            return False
        folder = build / f"spin-{size}"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(here / "share.pml", folder)
        defines = [f"-D{name}={value}" for name, value in zip("RMDFB", size.split(","))]
        run(["spin", *defines, "-a", "share.pml"], cwd=folder)
        run(["gcc", "-O3", "-march=native", "-DSAFETY", "-DNOREDUCE", "-DMEMLIM=21000", "-w", "-o", "pan", "pan.c"], cwd=folder)
        return True

    def measure(self, size):
        output, _, peak = run(["./pan", "-E", "-m4000000", "-w24"], cwd=build / f"spin-{size}")
        states = int(re.search(r"(\d+) states, stored", output)[1])
        transitions = int(re.search(r"(\d+) transitions", output)[1])
        seconds = float(re.search(r"elapsed time ([\d.]+) seconds", output)[1])
        return states, transitions - 1, None, seconds, peak  # It counts the initial state as a transition.


class Rumur:
    def __init__(self, symmetry, threads):
        self.symmetry = symmetry
        self.threads = threads
        self.label = f"rumur{', symmetry' if symmetry else ''}, {threads} thread{'s' if threads > 1 else ''}"

    def program(self, size):
        return build / f"rumur-{size}-{'sym' if self.symmetry else 'all'}-{self.threads}"

    def ready(self, size):
        if not shutil.which("rumur"):
            say("rumur is missing: apt-get install rumur")
            return False
        build.mkdir(parents=True, exist_ok=True)
        text = (here / "share.m").read_text()
        for name, value in zip("RMDFB", size.split(",")):
            text = re.sub(rf"^  {name}: \d+;", f"  {name}: {value};", text, count=1, flags=re.M)
        source = self.program(size).with_suffix(".m")
        source.write_text(text)
        run(["rumur", "--deadlock-detection", "off", "--symmetry-reduction", "exhaustive" if self.symmetry else "off",
             "--threads", str(self.threads), "-o", source.with_suffix(".c"), source])
        run(["gcc", "-O3", "-march=native", "-std=c11", "-mcx16", "-w", "-o", self.program(size), source.with_suffix(".c"),
             "-lpthread"])
        return True

    def measure(self, size):
        output, seconds, peak = run([self.program(size)])
        # It reports its progress in the same words; the last report is the result.
        states, transitions = (int(re.findall(pattern, output)[-1]) for pattern in (r"(\d+) states", r"(\d+) rules fired"))
        return states, transitions, None, seconds, peak


class Stateright:
    def __init__(self, mode, threads):
        self.mode = mode
        self.threads = threads
        self.symmetry = mode == "dfssym"
        self.label = f"stateright (64-bit hashes), {mode}, {threads} thread{'s' if threads > 1 else ''}"

    def ready(self, size):
        if size == "2,2,2,2,2" or size in counts:
            if not shutil.which("cargo"):
                say("cargo is missing: see https://rustup.rs")
                return False
            flags = dict(os.environ, RUSTFLAGS="-C target-cpu=native", CARGO_TARGET_DIR=str(build / "stateright"))
            run(["cargo", "build", "--release", "--features", "packed", "--manifest-path", here / "stateright" / "Cargo.toml"],
                env=flags)
            return True
        return False

    def measure(self, size):
        output, _, peak = run([build / "stateright" / "release" / "share_stateright", size.replace(",", ""), self.mode,
                               str(self.threads)])
        states, generated = (int(re.search(rf"{word}=(\d+)", output)[1]) for word in ("unique", "generated"))
        seconds = float(re.search(r"sec=([\d.]+)", output)[1])
        return states, generated - 1, None, seconds, peak  # It counts the initial state as generated.


def check_counts(contender, size, states, transitions, diameter):
    """Exact counts or none: a wrong number makes every other number worthless."""
    if size not in counts:
        return
    expected = counts[size][1 if contender.symmetry else 0]
    if isinstance(contender, Stateright):  # Its transitions are not all fired instances, with symmetry.
        transitions = expected[1]
    found = (states, transitions, expected[2] if diameter is None else diameter)
    if found != expected:
        raise SystemExit(f"{contender.label} on SP({size}): {found}, expected {expected}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sizes", nargs="*", default=["2,3,2,2,2", "3,2,2,3,2"])
    parser.add_argument("--bars", action="store_true")
    asked = parser.parse_args()

    one, two = Sharelock(label="sharelock, 1 thread"), Sharelock("--jobs", "2", label="sharelock, 2 threads")
    symmetric = Sharelock("--symmetry", label="sharelock, symmetry, 1 thread")
    padded = Sharelock("--pad", "64", label="sharelock, states padded by 64 bytes")
    spin = Spin()
    if asked.bars:
        plan = [(c, "3,2,2,3,2") for c in (one, two, padded, spin)] + [(symmetric, "2,3,2,2,2")]
    else:
        contenders = [one, two, symmetric, Sharelock("--symmetry", "--jobs", "2", label="sharelock, symmetry, 2 threads"),
                      Sharelock("--depth-first", label="sharelock, depth first"),
                      Sharelock("--storage", "compact", label="sharelock, hash compaction, 1 thread"), padded,
                      spin, Rumur(False, 1), Rumur(False, 2), Rumur(True, 1), Stateright("bfs", 1), Stateright("bfs", 2),
                      Stateright("dfs", 1), Stateright("dfssym", 1)]
        plan = [(c, size) for size in asked.sizes for c in contenders]

    run([root / "sharelock", "--version"])
    plan = [(contender, size) for contender, size in plan if contender.ready(size)]
    results = {(contender.label, size): [] for contender, size in plan}
    for number in range(asked.runs):
        say(f"run {number + 1} of {asked.runs}, load {os.getloadavg()[0]:.1f}")
        for contender, size in plan:
            states, transitions, diameter, seconds, peak = contender.measure(size)
            check_counts(contender, size, states, transitions, diameter)
            results[contender.label, size].append((states, seconds, peak))

    print(f"{'checker':46} {'size':10} {'states':>11} {'seconds (min..max)':>22} {'k states/s':>10} {'MiB':>6} {'B/state':>8}")
    rates = {}
    for (label, size), measured in results.items():
        states = measured[0][0]
        seconds = [m[1] for m in measured]
        median = statistics.median(seconds)
        peak = max(m[2] for m in measured)
        rates[label, size] = states / median
        print(f"{label:46} {size:10} {states:>11,} {median:>8.2f} ({min(seconds):.2f}..{max(seconds):.2f})"
              f"{'':2} {states / median / 1e3:>10,.0f} {peak / 2**20:>6.0f} {peak / states:>8.1f}")

    large = "3,2,2,3,2"
    print()
    for text, label, other, bar in (("one thread over SPIN", one.label, spin.label, 5),
                                    ("two threads over one", two.label, one.label, 1.8),
                                    ("padded over not padded", padded.label, one.label, 1 / 3)):
        if (label, large) in rates and (other, large) in rates:
            ratio = rates[label, large] / rates[other, large]
            print(f"{text:28} {ratio:5.2f}  (bar {bar:.2f})  {'met' if ratio >= bar else 'MISSED'}")


if __name__ == "__main__":
    main()
