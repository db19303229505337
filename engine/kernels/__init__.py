"""The recurrent core, forward and backward through time, compiled. The equations to read stand in engine/models."""
