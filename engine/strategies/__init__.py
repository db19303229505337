"""How a network answers a horizon: fed back step by step, all steps at once, or written by a decoder."""
