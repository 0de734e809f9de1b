"""What providers report of messages, and where reports contradict each other or the bill: data, not law."""
