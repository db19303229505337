"""The numbers of each lesson: one file per lesson, a function that works them out on a sheet. Know no page."""
