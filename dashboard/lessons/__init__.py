"""One file per lesson; each ends in its declaration and is found by `dashboard.lessons.contract.chapters`."""
