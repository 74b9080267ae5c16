"""Property tests are not timed: how long one example takes says nothing on a shared machine."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
