"""Effects: what one call of a plan does, its exact parameters, and how it is told that it is done.

Each kind is a frozen value in a file of its own, with the members that ``Does`` lists.
"""
