"""Compares the manual page of every command with its --help: the same options, each with the same explanation, and the
same text before them. White space, capitals of the flags' headings and the way a flag is shown apart."""

import json
import re
import subprocess
import sys


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def squeeze(text):
    return re.sub(r"\s+", "", text)


def pages(command, path=()):
    """Every command as the words that call it and its description."""
    words = path + (command["commandName"],)
    yield words, command
    for subcommand in command.get("subcommands", []):
        if subcommand["commandName"] != "help":
            yield from pages(subcommand, words)


def help_options(text):
    """The options of a help text: the first flag of each line, and the explanation without white space."""
    options, flag = {}, None
    body = text[text.index("\nUSAGE: ") :]
    for line in body.splitlines():
        match = re.match(r"  (?:-\w, )?(--[\w-]+)(?:[/, ]+--[\w-]+)*(?:/--[\w-]+)?(?: <[^>]*>)?(?: {2,}| (?=\S)|$)(.*)", line)
        if match:
            flag = match.group(1)
            options[flag] = match.group(2)
        elif flag and re.match(r" {20}", line):
            options[flag] += line
        else:
            flag = None
    return {flag: squeeze(text) for flag, text in options.items()}


def check(program, folder, words, command):
    """What differs, a line each."""
    text = run(program, *words[1:], "--help")
    page = run("mandoc", "-T", "ascii", "-O", "width=200", f"{folder}/{'.'.join(words)}.1")
    page = squeeze(re.sub(r".\x08", "", page))
    overview = text[len("OVERVIEW: ") : text.index("\nUSAGE: ")]
    abstract, _, discussion = overview.partition("\n\n")
    name = " ".join(words)
    if squeeze(abstract) not in page:
        yield f"{name}: the manual has another summary"
    if squeeze(discussion) not in page:
        yield f"{name}: the manual has another description"
    options = help_options(text)
    for flag, explanation in options.items():
        # Of the values that the help lists by itself, the manual has to name each.
        explanation, _, values = explanation.partition("(values:")
        options[flag] = explanation
        for value in filter(None, re.split(r"[,)]", values)):
            if value not in page:
                yield f"{name}: the manual does not name {value} for {flag}"
    if "--help" not in options:
        yield f"{name}: no options were found in the help"
    shown = {
        "--" + argument_name["name"]: argument
        for argument in command.get("arguments", [])
        if argument["shouldDisplay"]
        for argument_name in argument.get("names", [])
        if argument_name["kind"] == "long"
    }
    for flag, explanation in options.items():
        if flag not in shown:
            yield f"{name}: {flag} is in the help alone"
        elif flag not in page or explanation not in page:
            yield f"{name}: {flag} is explained in another way in the manual"
    for flag in shown:
        if squeeze(flag) not in squeeze(text):
            yield f"{name}: {flag} is not in the help"


def main():
    program, folder = sys.argv[1:]
    root = json.loads(run(program, "--experimental-dump-help"))["command"]
    commands = list(pages(root))
    faults = [fault for words, command in commands for fault in check(program, folder, words, command)]
    for fault in faults:
        print(fault)
    if len(commands) < 6 or faults:
        raise SystemExit(f"{len(faults)} differences in {len(commands)} commands")
    print(f"{len(commands)} commands have the same text in man and in --help")


if __name__ == "__main__":
    main()
