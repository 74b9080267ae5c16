"""Tests of bot/cloudtrail."""
