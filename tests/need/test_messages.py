import re
from pathlib import Path
from string import Formatter

import tramyte.need
from tramyte.domain.messages import messages

SOURCE = "".join(path.read_text("utf-8") for path in Path(tramyte.need.__file__).parent.glob("*.py"))
CODES = {code for code in messages() if re.fullmatch(r"D\d{3}", code)}


def names(template):
    return {name for _text, name, _spec, _conversion in Formatter().parse(template) if name}


def test_every_sentence_of_need_is_used_and_every_code_has_a_sentence():
    assert set(re.findall(r"\bD\d{3}\b", SOURCE)) == CODES


def test_both_languages_fill_in_the_same_fields():
    for code in sorted(CODES):
        assert names(messages()[code]["vi"]) == names(messages()[code]["en"]), code
