"""Writes what the program is made of as CycloneDX 1.6: the Swift packages linked into it, with the versions and commits
of versions.json, and the libraries linked from outside of them."""

import argparse
import hashlib
import json
import os
import re
import subprocess
import uuid


def linked_targets(path):
    """The targets whose object files the linker was given."""
    with open(path, encoding="utf-8") as file:
        return set(re.findall(r"/([^/\s]+)\.build/", file.read()))


def package_targets(folder):
    """The names of the folders with a package's sources, which its targets have."""
    return {name for _, folders, _ in os.walk(os.path.join(folder, "Sources")) for name in folders}


def swift_component(pin):
    location, state = pin["location"], pin["state"]
    path = re.sub(r"^https?://|\.git$", "", location)
    purl = f"pkg:swift/{path}@{state['version']}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": path.rsplit("/", 1)[-1],
        "version": state["version"],
        "purl": purl,
        "externalReferences": [{"type": "vcs", "url": location}],
        "properties": [{"name": "git:commit", "value": state["revision"]}],
    }


def debian_component(package, name):
    version = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${Version}", package], check=True, capture_output=True, text=True
    ).stdout
    purl = f"pkg:deb/debian/{package}@{version.replace(':', '%3A')}"
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def toolchain_component(program):
    version = re.search(r"Swift ([0-9.]+)", subprocess.run(
        [program, "--version"], check=True, capture_output=True, text=True).stdout).group(1)
    return {
        "type": "library",
        "bom-ref": f"swift-runtime@{version}",
        "name": "Swift standard library, runtime, Dispatch and FoundationEssentials",
        "version": version,
    }


def main():
    parser = argparse.ArgumentParser()
    for option in ("pins", "checkouts", "objects", "version", "commit", "date", "program"):
        parser.add_argument(f"--{option}", required=True)
    options = parser.parse_args()
    with open(options.pins, encoding="utf-8") as file:
        pins = json.load(file)["pins"]
    linked = linked_targets(options.objects)
    components = []
    for pin in pins:
        checkout = os.path.join(options.checkouts, re.sub(r"\.git$", "", pin["location"]).rsplit("/", 1)[-1])
        if linked & package_targets(checkout):
            components.append(swift_component(pin))
    if not components:
        raise SystemExit(f"error: no package of {options.pins} is linked by {options.objects}")
    components += [debian_component("zlib1g-dev", "zlib"), debian_component("libyaml-dev", "libyaml")]
    components.append(toolchain_component(options.program))
    components.sort(key=lambda component: component["bom-ref"])
    with open(options.program, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    reference = f"captivateiq-export@{options.version}"
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, digest)}",
        "version": 1,
        "metadata": {
            "timestamp": options.date,
            "component": {
                "type": "application",
                "bom-ref": reference,
                "name": "captivateiq-export",
                "version": options.version,
                "hashes": [{"alg": "SHA-256", "content": digest}],
                "properties": [{"name": "git:commit", "value": options.commit}],
            },
        },
        "components": components,
        "dependencies": [{"ref": reference, "dependsOn": [component["bom-ref"] for component in components]}],
    }
    print(json.dumps(document, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
