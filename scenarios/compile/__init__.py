"""The model compiler: a typed scenario and an audience become the flat tables that schedulers and rules work on."""
