"""Turn messages into documents and back, declaratively.

`engine` compiles; the folders beside it hold the shipped mappings, one YAML file a message with its
samples, the code lists as CSV, and the buyer profiles. To add a message: a YAML file and a
`<name>.samples/` folder beside it; `gateway map lint` and `gateway map test` prove it.
"""
