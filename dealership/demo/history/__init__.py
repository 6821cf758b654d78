"""Two years of closed visits, row by row as COPY reads them.

`plan` decides, for the whole store at once and from one seed, which car comes on which day and under which number; `Chunk` writes
the rows of some of the cars, so that several processes share the work and the result does not depend on how many they are.
Shapes: arrivals follow the weekday and two morning peaks; durations are log-normal around the operation's standard hours; about one
first promise in nine breaks, and one car in seventeen is sent back by an inspection.
"""

from dealership.demo.history.chunk import Chunk
from dealership.demo.history.planning import MODELS_LOADED, OF_CARS, PER_UNIT, Bases, Material, Plan, material, plan

__all__ = ["MODELS_LOADED", "OF_CARS", "PER_UNIT", "Bases", "Chunk", "Material", "Plan", "material", "plan"]
