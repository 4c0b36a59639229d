import json, yaml
from hypothesis import given, settings, HealthCheck
from tests.document.mappings import json_files, yaml_files
from tests.document.reading import compare, document

BIG = settings(deadline=None, max_examples=400, suppress_health_check=list(HealthCheck))


@BIG
@given(json_files())
def test_j(w):
    json.loads(w.text)
    compare(document("x.json", w.data), w)


@BIG
@given(yaml_files())
def test_y(w):
    yaml.load(w.text, yaml.BaseLoader)
    compare(document("x.yaml", w.data), w)
