"""Device names merge from the outside in; specifications can be changed in place."""

from defrun.base.device import DeviceSpec, canonical_name, merge


def test_scopes_merge_from_the_outside_in():
    name = ""
    for scope in ["/device:GPU:0", "/job:worker", None, "/cpu:1", DeviceSpec(job="ps")]:
        name = merge(name, scope)
    assert name == "/job:ps/device:CPU:1"


def test_legacy_spelling_becomes_canonical():
    assert canonical_name("/gpu:0") == "/device:GPU:0"
    assert canonical_name("/job:ps/task:1/cpu:*") == "/job:ps/task:1/device:CPU:*"
    assert canonical_name(None) == ""


def test_a_spec_changes_in_place():
    spec = DeviceSpec(job="ps", task=1)
    spec.device_type = "gpu"
    spec.device_index = "2"
    assert spec.to_string() == "/job:ps/task:1/device:GPU:2"
    spec.merge_from(DeviceSpec(task=3))
    assert spec == DeviceSpec.from_string("/job:ps/task:3/gpu:2")
    spec.task = None
    assert spec.parse_from_string("/cpu:0") is spec
    assert spec.to_string() == "/device:CPU:0"
