"""What the coming edition asks of its people, and what some of them gave; all invented."""

import datetime as dt

from conference.demo import texts
from conference.lib.viewer import SYSTEM
from delegates.actions import save_question, set_field_groups
from delegates.choices import Category, FormPhase, Group, QuestionKind
from delegates.models import Question, QuestionChoice, Registration
from events.models import Event

ON = {
    Group.IDENTITY_DOCUMENT: (FormPhase.FIRST, True, 7),
    Group.PHOTO: (FormPhase.FIRST, True, 30),
    Group.EMERGENCY: (FormPhase.FIRST, False, 7),
    Group.WEAPON: (FormPhase.FIRST, True, 7),
    Group.TRAVEL: (FormPhase.SECOND, True, 14),
    Group.HOTEL: (FormPhase.SECOND, True, 14),
    Group.VEHICLE: (FormPhase.SECOND, False, 14),
}
ADMITTED = (Category.HEAD, Category.DEPUTY, Category.DELEGATE, Category.EXPERT)
DINNER = {
    "en": "Do you come to the dinner on the first evening?",
    "fr": "Participez-vous au dîner du premier soir\u00a0?",
    "nl": "Komt u naar het diner op de eerste avond?",
    "de": "Nehmen Sie am Abendessen des ersten Tages teil?",
}
DISH = {
    "en": "Which dish may we serve you?",
    "fr": "Quel plat pouvons-nous vous servir\u00a0?",
    "nl": "Welk gerecht mogen we u serveren?",
    "de": "Welches Gericht dürfen wir Ihnen servieren?",
}
DISHES = [
    {"en": "Fish", "fr": "Poisson", "nl": "Vis", "de": "Fisch"},
    {"en": "Vegetables", "fr": "Légumes", "nl": "Groenten", "de": "Gemüse"},
]


def load_form(event: Event) -> None:
    """Switch on what the edition asks for, and write its questions: one asked only after a yes, one of some, one with the second form."""
    wanted = {
        name: {"is_on": True, "phase": phase, "is_required": is_required, "days": days} for name, (phase, is_required, days) in ON.items()
    }
    set_field_groups(event, wanted, by=SYSTEM)
    dinner = Question(kind=QuestionKind.YES_NO, is_required=True, **texts.columns("text", DINNER))
    save_question(event, dinner, [], by=SYSTEM)
    dish = Question(kind=QuestionKind.CHOICE, is_required=True, shown_if=dinner, shown_if_answer="yes", **texts.columns("text", DISH))
    save_question(event, dish, _choices(DISHES), by=SYSTEM)
    more = texts.load("desk")["questions"]
    themes = Question(kind=QuestionKind.SEVERAL, categories=list(ADMITTED), **_words(more["themes"]))
    save_question(event, themes, _choices(more["themes"]["choices"]), by=SYSTEM)
    save_question(event, Question(kind=QuestionKind.TEXT, phase=FormPhase.SECOND, **_words(more["drivers"])), [], by=SYSTEM)


def _words(question: dict) -> dict[str, str]:
    return texts.all_columns(("text", "help"), question)


def _choices(names: list[dict[str, str]]) -> list[QuestionChoice]:
    return [QuestionChoice(**texts.columns("label", name)) for name in names]


def given(registration: Registration, number: int) -> dict:
    """Invented birth date, groups and answers of the person with a number in their delegation, as the actions take them."""
    event, country = registration.event, registration.delegation.organisation.country
    groups = {
        "identity_document": {
            "document_type": "service" if number % 2 else "passport",
            "document_number": f"X{100000 + 137 * number}",
            "document_issuer": country or "BE",
            "document_expires": (event.last_date + dt.timedelta(days=400 * (number - 1) - 1)).isoformat(),
        },
    }
    if registration.category == Category.PROTECTION:
        groups["weapon"] = {
            "weapon": "yes",
            "weapon_model": "Service pistol",
            "weapon_calibre": "9 mm",
            "weapon_serial": "EXAMPLE-1",
            "weapon_permit": "EXAMPLE-2",
            "weapon_rounds": 30,
        }
    dinner, dish, themes = event.questions.filter(phase=FormPhase.FIRST).order_by("position")
    choices = list(dish.choices.order_by("position"))
    subjects = [choice.public_id for choice in themes.choices.order_by("position")]
    answers = {dinner.public_id: "yes", dish.public_id: choices[number % 2].public_id} if number % 3 else {dinner.public_id: "no"}
    if registration.category in ADMITTED:
        answers[themes.public_id] = subjects[number % 3 :]
    born = f"{1966 + 3 * number}-0{1 + number % 9}-1{number % 9}"
    return {"birth_date": born, "groups": groups, "questions": answers}


def details(event: Event) -> dict:
    """Invented travel, hotel and vehicle, as the actions take them."""
    before = event.first_date - dt.timedelta(days=1)
    travel = {
        "arrives_at": f"{before}T17:40",
        "arrives_by": "plane",
        "arrives_with": "EX 101",
        "arrives_in": "Example airport",
        "departs_at": f"{event.last_date}T18:05",
        "departs_by": "plane",
    }
    hotel = {"hotel": "please", "hotel_from": before.isoformat(), "hotel_until": event.last_date.isoformat()}
    return {"groups": {"travel": travel, "hotel": hotel, "vehicle": {"vehicle": "no"}}, "questions": {}}
