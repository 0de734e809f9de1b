"""One model, two engines, the same bits."""
