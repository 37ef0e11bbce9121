"""What must stay quick, measured against what cannot be quicker: `make bench`."""
