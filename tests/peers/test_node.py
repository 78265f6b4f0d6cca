import json
import subprocess

import pytest

from tests.peers.ready import HERE, node_of

pytestmark = pytest.mark.peers

PEERS = {
    file.parent.name: json.loads(file.read_text())["engines"]["node"]
    for file in HERE.glob("*/package.json")
}


@pytest.mark.parametrize("peer", sorted(PEERS))
def test_the_node_that_a_peer_asks_for_runs(peer):
    node = node_of(int(PEERS[peer]))
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    assert said.stdout.startswith(f"v{PEERS[peer]}.")
