"""When people volunteer in Haining: seasons, feasts, and the days of the old calendar.

The demo's dates move with the day it is loaded, so feasts are looked up for the year they fall in,
never shifted. Lunar dates were computed once and are facts of the calendar.
"""

from datetime import date, timedelta

SPRING_FESTIVAL = {
    2023: date(2023, 1, 22),
    2024: date(2024, 2, 10),
    2025: date(2025, 1, 29),
    2026: date(2026, 2, 17),
    2027: date(2027, 2, 6),
    2028: date(2028, 1, 26),
    2029: date(2029, 2, 13),
    2030: date(2030, 2, 3),
    2031: date(2031, 1, 23),
}
TIDE_WATCHING = {  # 农历八月十八
    2023: date(2023, 10, 2),
    2024: date(2024, 9, 20),
    2025: date(2025, 10, 9),
    2026: date(2026, 9, 28),
    2027: date(2027, 9, 18),
    2028: date(2028, 10, 6),
    2029: date(2029, 9, 25),
    2030: date(2030, 9, 15),
    2031: date(2031, 10, 4),
}
DOUBLE_NINTH = {  # 农历九月初九
    2023: date(2023, 10, 23),
    2024: date(2024, 10, 11),
    2025: date(2025, 10, 29),
    2026: date(2026, 10, 18),
    2027: date(2027, 10, 8),
    2028: date(2028, 10, 26),
    2029: date(2029, 10, 16),
    2030: date(2030, 10, 5),
    2031: date(2031, 10, 24),
}

FEAST_WEIGHT = 7.0
WEEKEND_WEIGHT = 1.7


def is_peak(day: date) -> bool:
    """学雷锋日, 观潮, 重阳, 国际志愿者日."""
    return (
        (day.month, day.day) in {(3, 5), (12, 5)}
        or TIDE_WATCHING.get(day.year) == day
        or DOUBLE_NINTH.get(day.year) == day
    )


def weight_of(day: date, month_weight: dict[str, float]) -> float:
    """How busy a day is against an ordinary weekday."""
    weight = month_weight[str(day.month)]
    if day.weekday() >= 5:
        weight *= WEEKEND_WEIGHT
    if is_peak(day):
        weight *= FEAST_WEIGHT
    festival = SPRING_FESTIVAL.get(day.year)
    if festival is not None:
        if timedelta(days=1) <= festival - day <= timedelta(days=7):
            weight *= 1.8
        elif timedelta(0) <= day - festival <= timedelta(days=14):
            weight *= 0.08
    if day.month == 6 and day.day >= 15:  # 梅雨
        weight *= 0.7
    return weight


def days_before(today: date, count: int) -> list[date]:
    """The `count` days before today, oldest first."""
    return [today - timedelta(days=back) for back in range(count, 0, -1)]
