"""What the clinic forbids beyond what the API promises, as the suite's settings say."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Policies:
    """`double_booking`: whether a doctor may have two appointments at one time."""

    double_booking: bool = True
