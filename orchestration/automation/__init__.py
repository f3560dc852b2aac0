"""Jobs and schedules: what runs together, and when. Everything that starts by itself is stopped until a person starts it."""
