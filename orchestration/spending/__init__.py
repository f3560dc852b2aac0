"""Money: what calls of an API cost, what may be spent, and the books. Sources know only the `Meter` that these books make."""
