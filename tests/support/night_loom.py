"""The text of a pack without a fault."""

from __future__ import annotations

GOOD = """
format = 1

[show]
slug = "night-loom"
title = "Night Loom"
premise = "A teacher comes home to a village that does not want her back."
aliases = ["The Loom"]

[source.GUIDE]
title = "Mara Lindqvist, and where she comes from"
url = "https://example.org/guide"
through = "S1E1"

[source.END]
title = "Jonas Weck is the Weaver"
url = "https://example.org/end"

[[episode]]
id = "e01"
at = "S1E1"
title = "Homecoming"
title_known = "premise"
teaser = "Mara looks for her brother."
teaser_known = "S1E1@5"
recap = "Mara finds the house empty."
source = ["GUIDE"]
  [[episode.beat]]
  text = "Somebody opens a door: Mara."
  minute = 5
  source = ["GUIDE"]
  [[episode.beat]]
  text = "A letter lies on the table."
  source = ["GUIDE"]
  [[episode.beat]]
  text = "Mara reads it."
  minute = 5
  source = ["GUIDE"]

[[episode]]
id = "e02"
at = "S1E2"
title = "Thread"
recap = "At the mill Mara meets Jonas Weck, who knows of the Red Thread."

[[episode]]
id = "e03"
at = "S1E3"
title = "Weaver"
recap = "Jonas is the Weaver."

[[character]]
id = "c01"
name = "Mara Lindqvist"
actor = "Jonas Weaver"
known = "S1E1@5"
role = "A teacher"

[[character]]
id = "c02"
name = "Jonas Weck"
known = "S1E2@10"
  [[character.alias]]
  name = "The Weaver"
  known = "S1E3"
  now = true
  source = ["END"]
  [[character.fact]]
  kind = "status"
  known = "S1E2@10"
  until = "S1E3"
  text = "Lives at the mill."
  status = "alive"
  source = ["END"]
  [[character.fact]]
  kind = "relation"
  known = "S1E2"
  text = "Mara's brother."
  with = "c01"
  source = ["END"]

[[question]]
text = "Who wrote to Mara?"
known = "S1E1"
source = ["GUIDE"]

[[theory]]
text = "Jonas Weck wrote to her."
known = "S1E2"
source = ["END"]

[[term]]
name = "Red Thread"
text = "What Jonas follows."
known = "S1E2"
source = ["END"]

[[news]]
id = "2024-03-01-renewed"
date = 2024-03-01
kind = "renewed"
confidence = "confirmed"
headline = "The Loom gets a second season"
source = ["GUIDE"]
"""
