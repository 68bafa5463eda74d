"""Lists of people that other systems take, by declared profiles."""
