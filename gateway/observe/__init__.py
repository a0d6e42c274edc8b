"""Tell operators what happens: logs, metrics, health.

Belongs here: how events are written and counted, not when. Events with keys, never payloads or
secrets.
"""
