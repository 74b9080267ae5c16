"""Calls: one small normaliser per API call or family, from a record's parameters to a change."""
