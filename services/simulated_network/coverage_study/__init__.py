"""Do the intervals hold what they promise? Populations whose truth is known, drawn a thousand times; pure."""
