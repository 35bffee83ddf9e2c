"""Other people's scores: each reproduced under its own name, with its faults unless asked without."""
