"""The one error of operations, with a sentence for the operator."""


class OperationFailed(Exception):
    """A backup, a restore or a proof could not be done; the message says why and what helps."""
