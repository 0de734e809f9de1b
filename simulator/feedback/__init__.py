"""What happens in answer to what people do: transition functions on small state objects, called by every scheduler.

Each module holds one mechanism. A transition takes the state and an instant, changes the state, and returns what
follows: a new rating, a new limit, or the instant at which to look again.
"""
