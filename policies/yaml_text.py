"""The former names of the reader of YAML files, until nobody asks for them."""

from __future__ import annotations

from policies.yaml_source import Source as YamlText
from policies.yaml_source import read_source as read_yaml

__all__ = ["YamlText", "read_yaml"]
