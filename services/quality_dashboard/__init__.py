"""The network's quality page: what arrived, what was refused and why, what is released, and whether it adds up."""
