"""The ground floor: series, organisations, events and their places, who runs them, what was done and what was sent."""
