"""The methods of the Web API, a small family in each file; ``table.py`` lists them."""
