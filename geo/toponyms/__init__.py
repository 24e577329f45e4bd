"""From the words of a place to where it is: gazetteers, the names in a text, and the choice among candidates."""
