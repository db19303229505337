"""Parts of the Inside page that look closer at one run: a number, a window, a fork, a break."""
