#!/usr/bin/env python3
"""Checks the exact counts of the benchmark model in every mode, for all sizes that are known. Takes some minutes.

    bench/counts.py
"""
import importlib.util
import json
import subprocess
from pathlib import Path

root = Path(__file__).resolve().parent.parent
spec = importlib.util.spec_from_file_location("compare", root / "bench" / "peers" / "compare.py")
compare = importlib.util.module_from_spec(spec)
spec.loader.exec_module(compare)

modes = [[], ["--jobs", "2"], ["--storage", "compact"], ["--depth-first"], ["--depth-first", "--storage", "compact"],
         ["--pad", "64"]]
wrong = 0
for size, (plain, symmetric) in compare.counts.items():
    for mode in modes:
        for symmetry, expected in (([], plain), (["--symmetry"], symmetric)):
            command = [str(root / "sharelock"), "check", "--benchmark", size, "--format", "json", *mode, *symmetry]
            found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            numbers = (found["states"], found["transitions"], found["diameter"])
            depth_first = "--depth-first" in mode
            right = numbers[:2] == expected[:2] if depth_first else numbers == expected
            wrong += not right
            print(f"{'right' if right else 'WRONG'}  SP({size}) {' '.join(mode + symmetry):40} {numbers}", flush=True)
raise SystemExit(1 if wrong else 0)
