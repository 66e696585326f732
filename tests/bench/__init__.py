"""The benchmarks: `make bench`. Figures are measured here and nowhere asserted."""
