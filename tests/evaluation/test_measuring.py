"""All figures in one go: whatever stops it, what was measured is kept, and the rest is added."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from scoring.evaluation import measuring

STORED = "docs/how-it-works/measured.json"


@pytest.fixture
def house(tmp_path, settings, monkeypatch):
    """A checkout of its own, where each figure is quickly found; the third one breaks at first."""
    settings.BASE_DIR = tmp_path
    (tmp_path / STORED).parent.mkdir(parents=True)
    house = House(tmp_path)
    monkeypatch.setattr(measuring, "_judged", house.judged)
    monkeypatch.setattr(measuring, "_attacked", house.attacked)
    return house


class House:
    def __init__(self, folder):
        self.folder, self.is_broken, self.made = folder, False, []

    def judged(self, data, *, with_curation):
        self.made.append(with_curation)
        return {"auc": 0.9}

    def attacked(self, data, edges, asked):
        for wanted in asked:
            if self.is_broken:
                raise OSError(f"{edges} cannot be read")
            self.made.append(wanted)
            yield wanted, {"kind": wanted.kind}

    def measure(self):
        out = StringIO()
        call_command("measure", str(self.folder), stdout=out)
        return out.getvalue()


def test_every_figure_is_made_once_and_stored(house):
    house.measure()
    stored = json.loads((house.folder / STORED).read_text())
    wanted = [one.kind for _, asked in measuring.PLAN for one in asked]
    assert [one["kind"] for one in stored["attacks"]] == wanted
    assert stored["judgement"] == {name: {"auc": 0.9} for name in measuring.JUDGED}
    assert len(house.made) == len(wanted) + 2


def test_what_was_measured_before_it_stopped_is_not_measured_again(house):
    house.is_broken = True
    with pytest.raises(CommandError, match=r"2 figures are kept in measured.partial"):
        house.measure()
    assert not (house.folder / STORED).exists()
    house.is_broken = False
    assert "2 figures are there from a run that was stopped" in house.measure()
    assert house.made[:2] == [True, False]
    assert len(house.made) == len(set(house.made))
    assert [path.name for path in (house.folder / STORED).parent.iterdir()] == ["measured.json"]
