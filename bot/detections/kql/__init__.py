"""KQL, Kibana's query language: text to a tree, a tree to a predicate, and back to text."""
