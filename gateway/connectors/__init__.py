"""Speak to an ERP or commerce core in canonical documents; know no partner's wire format.

`contract` says what a core can be asked. One module or folder a core; none knows another.
To add one: implement `contract.Core`, add its line to `gateway/plugins.py`, and
`tests/contract/test_connectors.py` says what is missing.
"""
