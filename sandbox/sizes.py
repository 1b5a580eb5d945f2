"""How big a clinic is."""

from dataclasses import dataclass

ROUNDS = 10
"""Appointments that each patient has, unless there shall be more or fewer."""


@dataclass(frozen=True)
class Sizes:
    """How many people there are, and how many appointments: ten a patient when it is not said."""

    patients: int = 300
    doctors: int = 20
    appointments: int | None = None

    @property
    def all_appointments(self) -> int:
        return self.patients * ROUNDS if self.appointments is None else self.appointments
