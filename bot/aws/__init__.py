"""AWS: sessions per account, the event queue, the reader of groups, the executor of plans."""
