"""The assets that Python makes: they wire sources, models and the warehouse; what decides is pure and lives beside them."""
