"""What analysts look up: every table and column of core and marts, and the measures, each defined once. Pure."""
