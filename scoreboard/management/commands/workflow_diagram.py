"""Print the life of a submission as a Mermaid diagram, drawn from the table of steps."""

from django.core.management.base import BaseCommand

from scoreboard import rules
from scoreboard.models import State
from scoreboard.submissions.steps import STEPS


class Command(BaseCommand):
    help = "Print the state diagram for docs/workflow.md."

    def handle(self, *args, **options) -> None:
        self.stdout.write("stateDiagram-v2")
        self.stdout.write(f"    [*] --> {State.DRAFT}")
        for name, step in STEPS.items():
            roles = ", ".join(sorted(rules.ALLOWED[name]))
            for source in State:
                if source in step.sources:
                    for target in step.targets:
                        self.stdout.write(f"    {source} --> {target}: {name} ({roles})")
