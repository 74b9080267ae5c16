"""Tests of bot/changes."""
