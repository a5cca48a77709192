"""The commands before a survey comes in and after it: ``plan``, ``assign``, ``init``, ``export`` and ``rename``."""
