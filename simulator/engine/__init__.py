"""One model, two schedulers, the same bits."""
