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
        source = volume.split(":")[0]
        if source.startswith("."):
            if not (root / source).is_file():
                errors.append(f"docker-compose.yml: {name} mounts {source}, which is not there.")
        elif source not in volumes:
            errors.append(f"docker-compose.yml: {name} mounts {volume}, which is not declared.")

# What must start again by itself, and who stands in front.
for name, service in services.items():
    if name != "migrate" and service.get("restart") != "unless-stopped":
        errors.append(f"docker-compose.yml: {name} is not restarted when it ends.")
if "ports" in services["web"]:
    errors.append("docker-compose.yml: web is reached past the proxy.")
deploy = root / "docs/deploy"
for site in ("nginx.conf", "nginx-tls.conf"):
    proxy = (deploy / site).read_text()
    for host, port in re.findall(r"^ +server (\w+):(\d+);", proxy, re.MULTILINE):
        if host not in services or port not in services[host].get("expose", []):
            errors.append(f"docs/deploy/{site}: sends to {host}:{port}, where nothing listens.")
    if "include /etc/nginx/snippets/portal.conf;" not in proxy:
        errors.append(f"docs/deploy/{site}: does not include portal.conf.")
common = (deploy / "portal.conf").read_text()
for needed in ("proxy_request_buffering on;", "proxy_buffering on;", "client_body_timeout", "client_max_body_size"):
    if needed not in common:
        errors.append(f"docs/deploy/portal.conf: {needed} is missing.")
secure = yaml.safe_load((deploy / "compose-tls.yml").read_text())["services"]
if not secure.keys() <= services.keys():
    errors.append("docs/deploy/compose-tls.yml: changes a service that docker-compose.yml does not have.")
mounted = dict(volume.split(":")[1::-1] for volume in secure["proxy"]["volumes"])
for path in re.findall(r"ssl_certificate\w* (/\S+)/", (deploy / "nginx-tls.conf").read_text()):
    if path not in mounted:
        errors.append(f"docs/deploy/compose-tls.yml: {path} is not mounted.")

dockerfile = (root / "Dockerfile").read_text()
release = re.findall(r"^FROM python:\S+-slim-(\w+)$", dockerfile, re.MULTILINE)[-1]
if services["db"]["image"] != (image := {"bookworm": "postgres:15", "trixie": "postgres:17"}[release]):
    errors.append(f"docker-compose.yml: the portal's image has the client of {image}, which backups need.")
for name in ("web", "worker", "migrate"):
    if services[name].get("env_file") != ".env":
        errors.append(f"docker-compose.yml: {name} does not get the settings that .env holds.")

for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE):
    for source in sources.split():
        if not (root / source).exists():
            errors.append(f"Dockerfile: copies {source}, which is not there.")

sys.exit("\n".join(errors) or 0)
