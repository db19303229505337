"""Imported by the process that workers are forked from: they find the kernels loaded, where they are compiled."""

from engine.kernels import compiling, recurrence

if compiling.ready():
    recurrence.rehearse()
