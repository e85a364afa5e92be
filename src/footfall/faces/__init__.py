"""How people and machines reach footfall. Only faces catch FootfallError."""
