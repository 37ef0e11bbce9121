"""A strategic plan by which the harbour questionnaire of these tests is read."""

import json
from typing import Any

import yaml

from scoreboard.models import StrategicPlan
from scoreboard.questionnaire import strategic_plan

INDEX = {"form": "sightings", "year": "year", "number": "individuals", "comparable": "confirmed"}
INDEX |= {"title": {"en": "Reported sightings"}, "caution": {"en": "Reported sightings are not all animals."}}


def a_strategic_plan(**changes: Any) -> StrategicPlan:
    """Load the plan of the fixtures for the harbours, with its baseline in the cycle 2019; or with other values."""
    document = yaml.safe_load(strategic_plan.FILE.read_text())
    document |= {"instrument": "harbour-1", "baseline": {"year": 2019, "cycle": "2019"}, "index": INDEX} | changes
    return strategic_plan.load(json.dumps(document).encode())[0]
