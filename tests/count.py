#!/usr/bin/env python3
"""Sums the trx files of a folder into one line; with --failures prints the messages of what did not pass instead.

A phase of the run that broke without a test failing counts as one failure, so that the line never looks better than the run was.
"""
import argparse
import collections
import pathlib
import sys
import xml.etree.ElementTree as ET

TRX = "{http://microsoft.com/schemas/VisualStudio/TeamTest/2010}"


def results(folder):
    for file in sorted(pathlib.Path(folder).glob("*.trx")):
        yield from ET.parse(file).getroot().iter(TRX + "UnitTestResult")


def kind(result):
    return {"Passed": "passed", "NotExecuted": "skipped"}.get(result.get("outcome"), "failed")


def message(result):
    parts = [result.findtext(f".//{TRX}{name}") or "" for name in ("Message", "StackTrace")]
    return "\n".join(part.strip() for part in parts if part.strip())


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--failures", action="store_true")
    arguments.add_argument("--broken", default="", help="names of broken phases, separated by spaces")
    arguments.add_argument("folder")
    asked = arguments.parse_args()

    if asked.failures:
        for result in results(asked.folder):
            if kind(result) != "passed":
                print(f"{kind(result)}: {result.get('testName')}\n{message(result)}\n")
        return 0

    count = collections.Counter(kind(result) for result in results(asked.folder))
    explained = count["failed"] + count["skipped"] > 0
    count["failed"] += sum(1 for phase in asked.broken.split() if not (phase == "tests" and explained))
    skipped = f", {count['skipped']} skipped" if count["skipped"] else ""
    print(f"{count['passed']} passed, {count['failed']} failed{skipped}")
    return 0 if count["passed"] and not count["failed"] and not count["skipped"] else 1


if __name__ == "__main__":
    sys.exit(main())
