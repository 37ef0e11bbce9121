"""Check docker-compose.yml and the Dockerfile where no Docker engine is at hand."""

import re
import sys
from pathlib import Path

import yaml

root = Path(__file__).resolve().parent.parent
compose = yaml.safe_load((root / "docker-compose.yml").read_text())
services = compose["services"]
volumes = set(compose.get("volumes", {}))
errors = []

for name, service in services.items():
    if not {"image", "build"} & service.keys():
        errors.append(f"docker-compose.yml: {name} has neither an image nor a build.")
    for other in service.get("depends_on", {}):
        if other not in services:
            errors.append(f"docker-compose.yml: {name} depends on {other}, which is no service.")
    for volume in service.get("volumes", []):
        if volume.split(":")[0] not in volumes:
            errors.append(f"docker-compose.yml: {name} mounts {volume}, which is not declared.")

for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", (root / "Dockerfile").read_text(), re.MULTILINE):
    for source in sources.split():
        if not (root / source).exists():
            errors.append(f"Dockerfile: copies {source}, which is not there.")

sys.exit("\n".join(errors) or 0)
