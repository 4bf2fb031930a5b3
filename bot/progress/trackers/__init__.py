"""Files of trackers: what they say somebody has watched, in one neutral form."""
