"""How measured numbers are written: to three digits, as they are counted."""


def three_digits(value: float) -> str:
    """0.412, 3.07, 24.6, 1,290"""
    whole = len(str(int(abs(value)))) if abs(value) >= 1 else 0
    text = f"{value:,.{max(0, 3 - whole)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
