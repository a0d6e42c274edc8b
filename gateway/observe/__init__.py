"""Tell operators what happens: logs, metrics, health.

Events with keys, never payloads or secrets.
"""
