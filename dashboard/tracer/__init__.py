"""The number tracer: worked numbers as a flow of grids, step by step, each number opening into its arithmetic."""
