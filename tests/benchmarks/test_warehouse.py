"""`meridian bench warehouse`: what it builds is the whole warehouse."""

from clinic_events.resources import bundled
from control_room.benchmarks.warehouse_layers import LAYERS


def test_each_folder_of_models_is_in_one_layer():
    folders = sorted(path.name for path in (bundled("dbt") / "models").iterdir() if path.is_dir())
    assert sorted(folder for layer in LAYERS.values() for folder in layer) == folders
