"""Operations: what they take, the steps the technician fills, the parts they usually need."""

from catalogue.seeds.finish import FINISH
from catalogue.seeds.maintenance import MAINTENANCE_WORK
from catalogue.seeds.mechanics import MECHANICS
from catalogue.seeds.words import Op

OPERATIONS: dict[str, Op] = {**MAINTENANCE_WORK, **MECHANICS, **FINISH}
