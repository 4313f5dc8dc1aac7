"""By keyboard alone: Tab reaches every control in order, and the focus is always to be seen."""

import pytest

from tests.matrix import ROWS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Marks every control one should reach; of a group of radio buttons one is enough.
MARK = """() => {
  const groups = new Set(); let number = 0;
  for (const e of document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex="0"]')) {
    if (e.disabled || !e.checkVisibility({checkVisibilityCSS: true})) continue;
    if (e.type === 'radio') { if (groups.has(e.name)) continue; groups.add(e.name); e.dataset.group = e.name; }
    e.dataset.control = number++;
  }
  return number;
}"""
# Where the focus is: the number of the control, and whether it shows (an outline, a shadow or a border that was not there).
FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const marked = e.dataset.control !== undefined ? e
    : e.type === 'radio' ? document.querySelector(`[data-group="${e.name}"]`) : null;
  const style = getComputedStyle(e);
  const shows = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none';
  const box = e.getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0 && box.height > 0;
  return {number: marked ? Number(marked.dataset.control) : -1, shows, inside, html: e.outerHTML.slice(0, 100)};
}"""
WALKS = [
    ("anonymous", "home"),
    ("anonymous", "events:event"),
    ("anonymous", "sessions:agenda"),
    ("anonymous", "delegates:invitation"),
    ("anonymous", "account_login"),
    ("focal", "delegates:delegation"),
    ("focal", "delegates:nominate"),
    ("nominated", "delegates:register_step"),
    ("nominated", "delegates:register_review"),
    ("manager", "organise:dashboard"),
    ("manager", "organise:people"),
    ("manager", "organise:person"),
    ("accreditation officer", "organise:queue_one"),
    ("manager", "organise:session"),
]


@pytest.mark.parametrize(("persona", "name"), WALKS, ids=[name for _persona, name in WALKS])
def test_tab_reaches_every_control_with_the_focus_in_sight(visitor, own_world, persona, name):
    page = visitor.page(cookies=own_world.sign_ins[persona])
    page.goto(ROWS[name].url(name, own_world))
    count = page.evaluate(MARK)
    reached, unseen = [], []
    for _ in range(count + 30):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:
            break
        reached.append(focus["number"])
        if not (focus["shows"] and focus["inside"]):
            unseen.append(focus["html"])
    assert sorted(set(range(count)) - set(reached)) == []
    assert unseen == []


def test_the_first_stop_skips_to_the_main_part(visitor, own_world):
    page = visitor.page()
    page.goto("/en/events/zq-event/agenda/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.querySelector('main').contains(document.activeElement)")
