"""Questions of countries to the Secretariat at any time, and the answers that all focal points of a cycle read."""
