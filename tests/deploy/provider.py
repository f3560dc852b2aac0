"""Arguments of Google's Terraform provider, as far as they are used here:  python -m tests.deploy.provider

The provider itself cannot be asked without Terraform's registry. Its bindings for Python are made from its schema and lie in the package index (49 MB); what they
say of our resources is kept in provider.json: {resource: {argument: {"required", "type"}}}, a block with "block" in the place of "type".
"""

import json
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import hcl2

from tests.deploy.conftest import TERRAFORM, plain

FILE = Path(__file__).with_name("provider.json")
BINDINGS, VERSION = "cdktf-cdktf-provider-google==16.12.1", "6.50.0"
PACKAGE = "@cdktf/provider-google"
# The bindings' class of a resource whose name a block of another one has already.
RENAMED = {"BigqueryDatasetAccessConfig": "BigqueryDatasetAccessAConfig"}
NAME = re.compile(r"/docs/[a-z-]+/\w+#(\w+) ")


def used() -> list[str]:
    """Kinds of resources and of data sources (`data.` before them) in the files."""
    found = set()
    for file in TERRAFORM.glob("*.tf"):
        blocks = plain(hcl2.loads(file.read_text(encoding="utf-8")))
        found |= {kind for block in blocks.get("resource", []) for kind in block}
        found |= {f"data.{kind}" for block in blocks.get("data", []) for kind in block}
    return sorted(found)


def schema(types: dict[str, Any], kind: str) -> dict[str, Any]:
    words = kind.removeprefix("data.").removeprefix("google_").split("_")
    words = ["data", "google", *words] if kind.startswith("data.") else words
    name = "".join(word.capitalize() for word in words)
    module, config = name[0].lower() + name[1:], f"{name}Config"
    return arguments(types, f"{PACKAGE}.{module}.{RENAMED.get(config, config)}")


def arguments(types: dict[str, Any], name: str) -> dict[str, Any]:
    found = {}
    for each in types[name].get("properties", []):
        if match := NAME.search(str(each.get("docs"))):
            block = next((each for each in re.findall(r"'fqn': '([^']+)'", str(each["type"])) if each in types), None)
            kind = {"block": arguments(types, block)} if block else {"type": type_of(each["type"])}
            found[match[1]] = {"required": not each.get("optional", False), **kind}
    return found


def type_of(given: dict[str, Any]) -> str:
    if "union" in given:
        return next(type_of(each) for each in given["union"]["types"] if each.get("fqn") != "cdktf.IResolvable")
    return given["primitive"] if "primitive" in given else given["collection"]["kind"]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, BINDINGS], check=True)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            assembly = wheel.extract(next(name for name in wheel.namelist() if name.endswith(".jsii.tgz")), folder)
        with tarfile.open(assembly) as opened:
            types = json.load(opened.extractfile("package/.jsii"))["types"]
    lines = ",\n".join(f"{json.dumps(kind)}: {json.dumps(schema(types, kind), sort_keys=True)}" for kind in used())
    FILE.write_text('{"provider": "' + VERSION + '", "resources": {\n' + lines + "\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
