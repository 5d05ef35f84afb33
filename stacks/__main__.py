"""The program of every stack: `byob:level` decides whether it makes one instance's store or the stores of teams."""

import instance
import team

from byob_components.stack import read_config
from byob_components.wandb.deployment import Level

settings = read_config()
(instance if settings.level is Level.INSTANCE else team).run(settings)
