"""One file per stage; the order stands in ``workflows.agreement``."""
