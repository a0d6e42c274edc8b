"""Put the steps together as the work of a worker process."""

from typing import Final

from gateway.pipeline.advancing import give_up, mend
from gateway.pipeline.jobs import Job
from gateway.pipeline.responding import respond
from gateway.pipeline.states import MOVED_BY_JOBS
from gateway.pipeline.steps import Step, Workshop, check, deliver, run_step
from gateway.pipeline.unpacking import unpack
from gateway.pipeline.worker import Work

STEPS: Final[dict[str, Step]] = {
    "unpack": unpack,
    "check": check,
    "deliver": deliver,
    "respond": respond,
}


def jobs_of(shop: Workshop) -> dict[str, Job]:
    """Return the steps as jobs by name; each leaves the state that the table gives it."""
    leaving = {step: state for state, step in MOVED_BY_JOBS.items()}

    def job(name: str) -> Job:
        def run(*arguments: str) -> None:
            run_step(shop, STEPS[name], name, leaving[name], arguments)

        return run

    return {name: job(name) for name in STEPS}


def work_of(shop: Workshop) -> Work:
    """Return all that a worker does: the steps, giving up, and the sweep for lost jobs."""

    def abandon(_job: str, arguments: tuple[str, ...], worker: str) -> None:
        give_up(shop.equipment, arguments, worker)

    return Work(jobs=jobs_of(shop), give_up=abandon, upkeep=(lambda: mend(shop.equipment),))
