"""Trials: a scenario that the program plays or searches, and what the claims say of that. For the measurements here.

Nothing in them depends on how fast the machine is: cases and seeds are counted, memory bounds searches, and a limit of
time is one of processor time.
"""
import json
import pathlib
import re
import resource
import subprocess
from typing import NamedTuple, Optional

root = pathlib.Path(__file__).resolve().parent.parent
built = root / "build" / "release" / "sharelock"
worlds = ["failures", "joins", "reload", "window"]  # The scenarios in which `sharelock mutants` looks.


class Trial(NamedTuple):
    """What the program is asked: a verb, a scenario, options."""
    verb: str
    scenario: str
    options: tuple

    def __str__(self):
        return f"{self.verb} {self.scenario}"


class Verdict(NamedTuple):
    """What came of a trial. `claim` is also `crash` or `hang`; `behaviour` is equal where all that happened is."""
    claim: Optional[str]
    broken: tuple
    steps: int
    behaviour: str


def fuzz(cases, seed, more=()):
    """In the worlds of scenarios/mutants, and in others."""
    return [Trial("fuzz", scenario, ("--cases", str(cases), "--seed", str(seed)))
            for scenario in (*(f"mutants/{world}" for world in worlds), *more)]


def run(scenarios, seeds):
    return [Trial("run", scenario, ("--seeds", str(seeds))) for scenario in scenarios]


def check(scenarios):
    return [Trial("check", scenario, ("--memory", "64MiB")) for scenario in scenarios]


def judge(trial, profile, sets=(), program=built, cpu_seconds=60):
    """Asks, and waits no longer than so many seconds of the processor."""
    more = [part for assignment in sets for part in ("--set", assignment)]
    if trial.verb == "fuzz":
        more += ["--plan", str(root / "build" / "trial.plan")]
    ran = subprocess.run([str(program), trial.verb, f"scenarios/{trial.scenario}.yaml", "--profile", profile,
                          *trial.options, *more, "--format", "json"], cwd=root, capture_output=True, text=True, check=False,
                         preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 5)))
    if ran.returncode not in (0, 1, 2, 3):
        if ran.returncode in (64, 69, 74):
            raise SystemExit(f"{trial}: {ran.stderr}")
        ended = "hang" if ran.returncode == -24 else "crash"  # 24: SIGXCPU.
        return Verdict(ended, (ended,), 0, f"{ended} {ran.returncode}")
    return verdict_of(trial, json.loads(ran.stdout.splitlines()[-1]))


def verdict_of(trial, report):
    told = report["first"] if trial.verb == "run" else report["story"]
    broken = tuple(each["claim"] for each in report["broken"]) if trial.verb == "run" else ()
    if trial.verb == "check":
        behaviour = [[each[key] for key in ("states", "transitions")] for each in report["rounds"]]
    else:
        behaviour = [report["digest"], report["steps"]]
    if not told or not told.get("violation"):
        return Verdict(None, broken, 0, str(behaviour))
    claim = told["violation"]["claim"]
    steps = told.get("shrunk_to") or told["steps"]
    return Verdict(claim, broken or (claim,), steps, str(behaviour))


def switches():
    """Of each switch: its rules and numbers, and its values in 4.2, 4.3, 4.4 and ideal."""
    listed = subprocess.run([str(built), "list", "switches"], capture_output=True, text=True, check=True).stdout
    blocks = re.findall(r"^(\S+) +(\S+) +(\S+) +(\S+) +(\S+)\n((?: .*\n)*)", listed, re.MULTILINE)
    return {name: (re.findall(r"[A-Z]+-\d+", text[text.rindex("("):]), values) for name, *values, text in blocks if text}
