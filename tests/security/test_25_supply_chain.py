"""Threat 25: something gets in with a package.

Figure: every package pinned, with the hash of each of its files, from no address that is written
down; at most 70 that every process needs, each that we name with its reason
(docs/dependencies.md) and each with a licence. Pins and hashes are in
tests/embedded/test_requirements.py, reasons in tests/docs/test_documentation.py. `make audit`
runs bandit and semgrep; known holes in packages are looked up by whoever has the network
(docs/security/threats.md).
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from ruamel.yaml import YAML

from scripts import licences
from tests.security.proofs import ROOT, stands

MAY_BE_PASSED_ON = re.compile(
    r"0BSD|Apache|BSD|CC0|ISC|LGPL|MIT|Mozilla|MPL|PSF|Python|Unlicense|Zlib", re.I
)
MAY_NOT = re.compile(r"AGPL|(?<!L)GPL|Proprietary|Commercial|BUSL|SSPL", re.I)


def locked() -> dict[str, str]:
    """Package: version, of the list that every process needs."""
    text = (ROOT / "requirements.txt").read_text()
    return dict(re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text, re.MULTILINE))


def test_the_bill_of_materials_names_every_package_with_its_hashes(tmp_path: Path) -> None:
    """As `make sbom` writes it, in CycloneDX."""
    recipe = re.search(r"-m (cyclonedx_py .*) -o sbom.json", (ROOT / "Makefile").read_text())
    assert recipe
    target = tmp_path / "sbom.json"
    words = [sys.executable, "-m", *recipe[1].split(), "-o", str(target)]
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    bill = json.loads(target.read_text())
    assert bill["bomFormat"] == "CycloneDX"
    assert {one["name"]: one["version"] for one in bill["components"]} == locked()
    for one in bill["components"]:
        hashes = [h for where in one["externalReferences"] for h in where.get("hashes", [])]
        assert {h["alg"] for h in hashes} == {"SHA-256"}, one["name"]


def test_every_package_has_a_licence_under_which_it_may_be_passed_on() -> None:
    assert (ROOT / "docs/licences.md").read_text() == licences.table()
    for name in locked():
        licence = licences.licence(name)
        assert MAY_BE_PASSED_ON.search(licence), (name, licence)
        assert not MAY_NOT.search(licence), (name, licence)


def test_the_rules_of_our_own_can_be_read_and_look_at_what_is_there() -> None:
    """A folder that was renamed would leave a rule without anything to look at."""
    rules = YAML(typ="safe").load(ROOT / "scripts/semgrep.yml")["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules) >= 8
    for rule in rules:
        paths = rule.get("paths", {})
        for place in (*paths.get("include", ()), *paths.get("exclude", ())):
            assert (ROOT / place.lstrip("/")).exists(), (rule["id"], place)


def test_the_rest_is_proved_where_it_belongs() -> None:
    stands(
        "tests/embedded/test_requirements.py",
        "test_every_package_is_pinned_and_hashed",
        "test_no_index_or_address_is_written_down",
        "test_what_every_process_needs_stays_a_short_list",
    )
    stands("tests/docs/test_documentation.py", "test_every_package_that_we_ask_for_has_its_reason")
