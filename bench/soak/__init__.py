"""An hour of everything at once, at 60 times the speed: stream, hourly runs, readers; memory, errors, and each hour held against what was sent."""
