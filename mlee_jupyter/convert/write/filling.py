"""The templates of a package's files, filled in.

`templates/` is a small package that works as it stands: linted, typed and tested like one. What differs from package
to package stands there between `# begin NAME` and `# end NAME`, and its own name is `package_name`.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("templates")
_NAME = "package_name"
_REGION = re.compile(r"^[ ]*# begin (\w+)\n(.*?)^[ ]*# end \1\n", re.DOTALL | re.MULTILINE)


def filled(template: str, package: str, **regions: str) -> str:
    """A file of the package, as ruff has yet to format it.

    Args:
        template: its path below `templates/`.
        package: the package's name.
        regions: what takes the place of a region's example, to the letter; a region that is not named keeps it,
            one that is given nothing leaves no line.

    Raises:
        KeyError: the template has no such region.
    """
    found = _filled(template_text(template), package, regions)
    if regions:
        raise KeyError(f"{template} has no region {', '.join(regions)}")
    return found


def region(template: str, package: str, name: str) -> str:
    """What stands in a region of a template, with the package's name.

    Raises:
        KeyError: the template has no such region.
    """
    texts = [template_text(template)]
    while texts:
        for found in _REGION.finditer(texts.pop()):
            if found[1] == name:
                return _filled(found[2], package, {})
            texts.append(found[2])
    raise KeyError(f"{template} has no region {name}")


@cache
def template_text(template: str) -> str:
    """A template as it stands."""
    return (FOLDER / template).read_text("utf-8")


def _filled(text: str, package: str, regions: dict[str, str]) -> str:
    """The text with the package's name; each region that is named is taken out of `regions` and put in."""
    parts, end = [], 0
    for found in _REGION.finditer(text):
        given = regions.pop(found[1], None)
        content = _filled(found[2], package, regions) if given is None else f"{given.rstrip()}\n" if given else ""
        parts += [_named(text[end : found.start()], package), content]
        end = found.end()
    return "".join([*parts, _named(text[end:], package)])


def _named(text: str, package: str) -> str:
    return text.replace(_NAME, package).replace(_NAME.upper(), package.upper())
