"""AWS: a stand-in that writes CloudTrail records of its own calls, and a world to watch."""
