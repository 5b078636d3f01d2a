"""A grammar of notebook cells: IPython's magics, shell forms, expansions, help, automagic, and plain Python between.

Each form has a name, so that what was drawn can be counted. The shell commands are echo, printf, cat, ls, wc, head, cd
into a folder of the notebook's own, and mkdir.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

NAMES = ("a", "b", "prix", "rows", "k2", "total", "ls_", "data", "out", "word")
SCRIPT = ("side.py", "side_total = 4\nside_rows = [1, 2]\nprint('side')\n")  # lies beside every notebook
LATER_REFUSED = 0.03  # how often a form is drawn that no package can carry


@dataclass
class Draw:
    """Draws cells; remembers which names are numbers and which are lists of texts by now."""

    dice: random.Random
    numbers: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    forms: set[str] = field(default_factory=set)  # what was drawn so far

    def one(self, *choices: str) -> str:
        return self.dice.choice(choices)

    def new(self) -> str:
        return self.dice.choice(NAMES)

    def number(self) -> str:
        known = self.dice.choice(self.numbers) if self.numbers and self.dice.random() < 0.7 else ""
        return known or str(self.dice.randint(0, 9))

    def bind(self, name: str, kind: str = "numbers") -> str:
        for known in (self.numbers, self.lists, self.others):
            if name in known:
                known.remove(name)
        getattr(self, kind).append(name)
        return name

    def fresh(self, kind: str = "numbers") -> str:
        """A name, bound from now on: draw what it is made of first."""
        return self.bind(self.new(), kind)

    def form(self, made: tuple[str, Callable[[], str]]) -> str:
        self.forms.add(made[0])
        return made[1]()

    # Parts of a shell line

    def word(self) -> str:
        """Something that a shell line may hold."""
        known = self.dice.choice(self.numbers) if self.numbers else "7"
        return self.one(
            "plain", "'two words'", f"{{{known}}}", f"${known}", f"{{{known} + 1}}", "{x,y}", f"'${known}'",
            "data/{u,v}/w", "100%", "a{b", "'{c}'", "*.none", "~", "\\$x", f"\"{{{known}}}\"", "{{a}}", "$(echo z)",
            "#no", "a;", "é", "日本", '"it\'s"', f"{{{known}!r}}", f"{{{known}:>3}}", "$HOME", "`echo t`", "'a\\tb'",
            f"{{[{known}][0]}}", f"${known}.real", "{'q'}", "'{\"k\": 1}'", "${HOME}",
            *(["${known}", '"$HOME_OF_NOBODY"'] if self.dice.random() < LATER_REFUSED else []),
        )  # fmt: skip

    def command(self) -> str:
        return self.one(
            f"echo {self.word()}", f"echo {self.word()} {self.word()}", "printf 'a\\nb\\n'", "echo one | wc -l",
            "mkdir -p made/{p,q}", "ls -1", "printf 'x\\n' > made.txt", "cat /dev/null", "echo a && echo b",
            "head -1 /dev/null", f"echo {self.word()} # comment", "mkdir -p made && cd made && echo in",
            "false || echo no",
            "cat side.py | head -1", "printf 'caf\\351\\n'", "printf 'a\\rb\\r\\nc\\n'",
            f"printf '%s\\n' {self.word()} {self.word()}", "echo a; echo b",
            "(echo sub; echo two)",
            "for i in 1 2; do echo $i; done", "x=5; echo $x", "printf 'b\\na\\n' | sort", "ls none 2> /dev/null",
            "echo \"a  b\"", "test -f side.py && echo there", f"echo {self.word()} >> made.txt", "echo $((1 + 2))",
        )  # fmt: skip

    # Python

    def python(self) -> str:
        """One plain statement."""
        self.forms.add("Python")
        value, other = self.number(), self.number()
        name = self.new()
        made = self.one(
            f"{name} = {value} + {other}",
            f"{name} = sum([q * 2 for q in range({value})])",
            f"{name} = (w := {value}) + w",
            f"{name}, other = {value}, {other}",
            f"{name} = 0\nfor i in range(3):\n    {name} += i",
            f"def f(x, y={value}):\n    return x + y\n{name} = f(1)",
            f"{name} = [z for z in (1, 2, 3) if z > {value} % 3][-1:] == []",
            f"try:\n    {name} = int('4')\nexcept ValueError as fault:\n    {name} = 0",
            f"match {value}:\n    case 0 | 1:\n        {name} = 1\n    case int() as m:\n        {name} = m\n"
            f"    case _:\n        {name} = 2",
            f"class Box:\n    size = {value}\n    half = size / 2\n{name} = Box.half",
            f"with open('note.txt', 'w') as note:\n    {name} = note.write('abc')",
            f"{name} = (lambda t: t + {value})(1)",
            f"import math\n{name} = math.floor({value} + 0.5)",
            f"{name} = {value} if {other} else 3; print({name})",
            f"{name} = max(\n    {value},\n    2,  # why\n)",
            f"gone = {value}\n{name} = gone\ndel gone",
            f"{name} = {{j: j for j in range(2)}}[1]",
            f"while True:\n    {name} = {value}\n    break",
            f"try:\n    import os as o_\n    o_.environ['WILD_G'] = 'g'\nexcept OSError:\n    pass\n{name} = {value}",
            f"@staticmethod\ndef g(): return {value}\n{name} = g()",
            f"{name} = {value} + \\\n    1",
            f"{name} = len('''a\n!ls\n%time''')",
            f"{name} = {value}\nprint(f'{{{name}}} {{{name}!r:>4}}')",
        )
        self.bind(name)
        return made

    def use(self) -> str:
        """Something done with the lines of a command."""
        if not self.lists:
            return self.python()
        self.forms.add("use of lines")
        known = self.dice.choice(self.lists)
        rare = [f"print({known}.s)", f"print({known}.n)", f"print({known}.fields(0))", f"print({known}.grep('a'))",
                f"{known}.sort()\nprint({known})", f"again = {known}\nprint(again.s)", f"print(type({known}))",
                f"def h(v):\n    return v.n\nprint(h({known}))"]  # fmt: skip
        if self.dice.random() < 0.12:
            self.forms.add("what only IPython's lines have")
            return self.dice.choice(rare)
        name = self.new()
        made = self.one(
            f"{name} = len({known})", f"for _l in {known}:\n    print(_l)\n{name} = 1",
            f"print(f'{{{known}}}')\n{name} = 2",
            f"first, *rest = [*{known}, 'z']\n{name} = len(rest)", f"{name} = len(' '.join({known}))",
            f"{name} = len(sorted({known})[:1])", f"{known} += ['more']\n{name} = len({known})",
            f"{name} = isinstance({known}, list) + 1", f"print({known}[:1], *{known})\n{name} = 3",
            f"{name} = sum(len(x) for x in {known} if x)", f"{known}.append('q')\nprint({known})\n{name} = 0",
        )  # fmt: skip
        self.bind(name) if name != known else None
        return made

    # Lines that are no Python

    def magic(self) -> str:
        """One line that is no Python."""
        forms = self._shell_forms() + self._magic_forms() + self._call_forms()
        if self.dice.random() < LATER_REFUSED:
            forms = self._refused_forms()
        return self.form(self.dice.choice(forms))

    def _shell_forms(self) -> list[tuple[str, Callable[[], str]]]:
        def lines(made: str) -> str:
            return f"{self.fresh('lists')} = {made}"

        return [
            ("!", lambda: f"!{self.command()}"),
            ("! ", lambda: f"! {self.command()}"),
            ("!!", lambda: f"!!{self.command()}"),
            ("x = !", lambda: lines(f"!{self.command()}")),
            ("x = !", lambda: lines(f"! {self.command()}")),
            ("! over lines", lambda: f"!echo one \\\n  two \\\n  {self.one('three', '{x,y}')}"),
            ("%sx", lambda: f"%sx {self.command()}"),
            ("x = %sx", lambda: lines(f"%sx {self.command()}")),
            ("%system", lambda: f"%system {self.command()}"),
            ("a, b = !", self._unpacked),
            ("! in a function", self._in_function),
            ("! in a class", self._in_class),
        ]

    def _unpacked(self) -> str:
        first = self.new()
        made = self.one(f"{first}, _second = !printf 'x\\ny\\n'", f"{first}, *_more = !printf 'x\\ny\\nz\\n'")
        self.bind(first, "others")
        return made

    def _in_function(self) -> str:
        value, name = self.number(), self.new()
        body = self.one(
            "got = !echo $v {v + 1}\n    return got[0]",
            "!echo {v} $v\n    return 1",
            "%time w = v\n    return v",
            "for i in range(2):\n        !echo $i {v}\n    return i",
            "got = %sx echo {v}\n    return len(got)",
            "return [p for p in get_ipython().getoutput('echo $v')]",
            "if v:\n        !echo yes $v\n    else:\n        !echo no\n    return v",
            "try:\n        !echo {v}\n    finally:\n        !echo end\n    return v",
            "def inner(u):\n        !echo {u} $u\n        return u\n    return inner(v)",
        )
        decorated = self.one("", "", "import functools\n@functools.lru_cache\n")
        self.bind(name, "others")
        return f"{decorated}def sh_{name}(v):\n    {body}\n{name} = sh_{name}({value})"

    def _in_class(self) -> str:
        name = self.fresh("others")
        body = "word = !echo q\n    def go(self):\n        !echo gone\n        return 1"
        return f"class Host:\n    {body}\n{name} = Host().go()"

    def _magic_forms(self) -> list[tuple[str, Callable[[], str]]]:
        value, name = self.number(), self.new()

        def other(made: str) -> str:
            self.bind(name, "others")
            return made

        def number(made: str) -> str:
            self.bind(name)
            return made

        return [
            ("%time x = 1", lambda: number(f"%time {name} = {value}{self.one('', ';', ' # note')}")),
            ("%time", lambda: f"%time {self.one('', '# the note', f'{value} + 1', f'print({value})')}"),
            ("x = %time", lambda: number(f"{name} = %time {value} + 1")),
            ("x = %timeit -o", lambda: other(f"{name} = %timeit -n1 -r1 -q -o {value} + 1")),
            ("%timeit", lambda: f"%timeit -n1 -r1 -q {value} + 1"),
            ("x = %pwd", lambda: other(f"{name} = %pwd")),
            ("%env A=", lambda: f"%env WILD_{name.upper()}="
                + self.one("1", "two words", "/x/y", f"${value}", "{1 + 1}")),
            ("%env A x", lambda: f"%env WILD_B {self.one('1', 'two', '{2}')}\n!echo $WILD_B"),
            ("%set_env", lambda: f"%set_env WILD_C={value}\n!echo ${{WILD_C}}"),
            ("x = %env", lambda: other(f"import os\nos.environ['WILD'] = '1'\n{name} = %env WILD")),
            ("settings", lambda: self.one("%precision 3", "%precision", "%who_ls", "%xmode Plain", "%pprint",
                                          "%config Application.log_level = 30", "%colors nocolor", "%lsmagic")),
            ("help", lambda: self.one("len?", "?len", "len??", "?print", "%time?", "str.spli*?", "%pinfo len")),
            ("extensions", lambda: self.one("%load_ext autoreload", "%reload_ext autoreload", "%autoreload 0")),
            ("%cd", lambda: self.one("%cd .", "%cd -q .", "%pwd", "!mkdir -p made\n%cd -q made\n%cd ..", "%cd")),
            ("auto-call", lambda: self.one(f",print {name} {name}", f";print {name} more", "/print 1")),
            ("%matplotlib", lambda: "%matplotlib -l"),
            ("%run", lambda: self.one("%run side.py", "%run side", "%run side.py\nprint(side_total, side_rows)")),
            ("aliases", lambda: self.one("%mkdir -p made/alias", "%cp side.py other.py", "%ls", "%cat side.py")),
            ("%xdel", lambda: f"gone = {value}\n%xdel {self.one('', '-n ')}gone"),
            ("%prun", lambda: number(f"%prun -q {name} = {value}")),
        ]  # fmt: skip

    def _call_forms(self) -> list[tuple[str, Callable[[], str]]]:
        """What IPython makes of such lines, written out, as exported notebooks have it."""
        value, name = self.number(), self.new()

        def bound(made: str, kind: str) -> str:
            self.bind(name, kind)
            return made

        shell = self.one("get_ipython()", "get_ipython()", "IPython.get_ipython()")
        above = "import IPython\n" if shell.startswith("IP") else ""
        return [
            ("getoutput()", lambda: bound(f"{above}{name} = {shell}.getoutput({self.command()!r})", "lists")),
            ("getoutput()", lambda: bound(f"{above}{name} = len({shell}.getoutput('echo q'))", "numbers")),
            ("system()", lambda: f"{above}{shell}.system({self.command()!r})"),
            ("run_line_magic()",
                lambda: bound(f"{above}{shell}.run_line_magic('time', '{name} = {value}')", "numbers")),
            ("run_line_magic()", lambda: above + shell + self.one(
                ".run_line_magic('matplotlib', '-l')", ".run_line_magic('env', 'WILD_D=4')",
                ".run_line_magic(magic_name='cd', line='.')", ".run_line_magic('sx', 'echo {x,y}')")),
            ("x = run_line_magic()", lambda: bound(f"{above}{name} = {shell}.run_line_magic('pwd', '')", "others")),
            ("run_cell_magic()", lambda: above + shell + self.one(
                ".run_cell_magic('bash', '', 'echo $HOME\\necho b\\n')", ".run_cell_magic('html', '', '<b>')",
                ".run_cell_magic('writefile', 'part.py', 'x = 1\\n')",
                ".run_cell_magic('sh', '--out made_', 'echo 1')")),
        ]  # fmt: skip

    def _refused_forms(self) -> list[tuple[str, Callable[[], str]]]:
        """Lines that a package cannot carry: it is refused, or the plan says what is left out."""
        name, value = self.new(), self.number()

        def other(made: str) -> str:
            self.bind(name, "others")
            return made

        return [
            ("other uses of the shell", lambda: other(self.one(
                f"{name} = get_ipython().user_ns['__name__']", f"{name} = str(get_ipython())[:9]", "ip = get_ipython()",
                f"get_ipython().push({{'{name}': 1}})", f"get_ipython().run_cell('{name} = 1')",
                f"get_ipython().ex('{name} = 1')", f"{name} = get_ipython().getoutput('echo a', split=False)",
                "get_ipython().run_cell_magic('time', '', 'q = 1')", "cmd = 'echo a'\nget_ipython().system(cmd)",
                "try:\n    get_ipython()\n    inside = True\nexcept NameError:\n    inside = False"))),
            ("%pushd", lambda: "!mkdir -p made\n%pushd made\n!ls\n%popd"),
            ("%sc", lambda: other(f"%sc -l {name}=echo a")),
            ("%alias", lambda: "%alias say echo said %s\n%say hello"),
            ("x = %env of all", lambda: other(f"{name} = %env")),
            ("x = %who_ls", lambda: other(f"{name} = %who_ls\nprint(len({name}) > 0)")),
            ("x = a magic that gives nothing", lambda: other(self.one(
                f"{name} = %env WILD_E=1", f"{name} = %time q_ = {value}", f"{name} = %mkdir -p made",
                f"{name} = %run side.py", f"{name} = %prun -q {value}", f"{name} = %cd -q ."))),
            ("%reset", lambda: "kept_ = 1\n%reset -f\nanew = 2"),
            ("%macro", lambda: other(f"%macro -q {name} 1")),
        ]  # fmt: skip

    def nested(self) -> str:
        """Magics and Python inside a block."""
        head = self.one(
            "if True:", "for _k in range(2):", "with open('n.txt', 'w') as _h:", "try:", "while True:",
            "if False:\n    pass\nelse:", "try:\n    pass\nfinally:", "for _k in []:\n    pass\nelse:",
            "try:\n    1 / 0\nexcept ZeroDivisionError:", "if 0: pass\nelif 1:",
        )  # fmt: skip
        deep = self.dice.random() < 0.2
        space = "        " if deep else "    "
        body = []
        for _ in range(self.dice.randint(1, 2)):
            known = list(self.numbers), list(self.lists), list(self.others)
            kind = self.dice.random()
            part = (
                self.magic()
                if kind < 0.6
                else self.use()
                if kind < 0.75
                else f"{self.fresh()} = {self.dice.randint(0, 9)}"
            )
            if "'''" not in part and "\\\n" not in part and part[0] not in ",;/?" and "?" not in part:
                body += [space + line for line in part.split("\n")]
            else:
                self.numbers, self.lists, self.others = known
        body = body or [space + "pass"]
        if deep:
            body = ["    if 1:", *body]
        if head == "while True:":
            body.append("    break")
        tail = ["except ValueError:", "    pass"] if head == "try:" else []
        return "\n".join([head, *body, *tail])

    # Cells

    def _cell_magics(self) -> list[tuple[str, Callable[[], str]]]:
        known = self.dice.choice(self.numbers) if self.numbers else "7"

        def captured(first: str, body: str) -> str:
            name = first.rpartition(" ")[2]
            if name in NAMES:
                self.bind(name, "others")
            return f"{first}\n{body}\nprint('held')\n!echo held too"

        def out(made: str, kind: str = "others") -> str:
            name = self.new()
            self.bind(name, kind)
            return made.replace("NAME", name)

        return [
            ("automagic", lambda: self.one(
                "ls", "pwd", "cd .", "ls -1", "who_ls", "  pwd", "cat note.txt", "mkdir -p made/auto", "precision 4",
                "env WILD_F=3", "system echo hi", "sx echo {x,y}", "ls # all", "run side.py", "matplotlib -l",
                f"time {self.fresh()} = 4", "time print(5)", "cp side.py copied.py", "xmode Plain", "ls side.py;")),
            ("%%capture x", lambda: captured(f"%%capture {self.new()}", self.python())),
            ("%%capture", lambda: captured(self.one("%%capture", "%%capture --no-stderr"), self.python())),
            ("%%time", lambda: f"%%time\n{self.lines()}"),
            ("%%prun", lambda: f"%%prun -q\n{self.fresh()} = 3"),
            ("%%timeit", lambda: "%%timeit -n1 -r1 -q\nq = 1"),
            ("%%bash --out", lambda: out(
                f"%%{self.one('bash', 'sh', 'script bash')} --out NAME\n"
                + self.one("echo hello", "for i in 1 2; do echo $i; done", "printf b", "cat <<EOF\n$HOME é\nEOF",
                    "printf 'caf\\351 \\rb\\r\\n'")
                + "\n")),
            ("%%bash --out --err", lambda: out("%%bash --out NAME --err wrong_\necho a\necho b >&2\n")),
            ("%%bash", lambda: f"%%{self.one('bash', 'sh', 'script sh')}\n" + self.one(
                "echo hello", "x=1; echo $x {a,b}", "if true; then echo yes; fi", f"echo {{{known}}} ${known}_",
                "cat <<'EOF'\n$HOME {x}\nEOF", "f() { echo \"in $1\"; }; f é", "echo 'it''s' \"q\" \\\\",
                "printf '%s\\n' 日本",
                "mkdir -p made && cd made && echo *", "echo a |\n  cat")),
            ("%%bash with arguments", lambda: self.one(
                f"%%bash -s ${known} {{{known}}}", f"%%bash -s \"${known}\" 'a b'", f"%%sh -s {{{known} + 1}} z",
                f"%%script bash -s ${known} x") + "\necho $1 $2 $#"),
            ("%%python", lambda: f"%%{self.one('python', 'python3')}\nq = 3\nprint(q * 2, 'é')"),
            ("%%sx", lambda: f"%%{self.one('sx', '!', 'system')}\n{self.command()}"),
            ("%%writefile", lambda: f"%%{self.one('writefile', 'file')} {self.one('', '-a ')}"
                + self.one("part.py", f"part_{{{known}}}.txt", "'a b.txt'")
                + f"\nx = 5\n{{{known}}} ${known} \\n é\n"),
            ("shown text", lambda: f"%%{self.one('html', 'latex', 'markdown', 'javascript', 'HTML')}\n"
                "<b>it's {not} Python"),
            ("%%capture %%time", lambda: f"%%capture\n%%time\n{self.python()}"),
            (">>>", lambda: self.one(">>> {0} = 5", ">>> {0} = 5\n>>> print({0})\n5", ">>> if 1:\n...     {0} = 5",
                "In [1]: {0} = 5").format(self.fresh())),
        ]  # fmt: skip

    def cell(self) -> str:
        """A whole cell."""
        if self.dice.random() < 0.36:
            return self.form(self.dice.choice(self._cell_magics()))
        kind, text = self.dice.random(), self.lines()
        if kind < 0.08 and "'''" not in text:
            return "\n".join("    " + line if line else line for line in text.split("\n"))
        if kind < 0.1 and "'''" not in text:
            return "    # a comment alone indented\n" + text
        if kind < 0.14:
            return "\n\n" + text
        return "# a comment\n" + text + "\n# the end" if kind < 0.22 else text

    def lines(self) -> str:
        parts = []
        for _ in range(self.dice.randint(1, 4)):
            kind = self.dice.random()
            part = (
                self.python if kind < 0.35 else self.use if kind < 0.47 else self.magic if kind < 0.85 else self.nested
            )
            parts.append(part())
        if self.dice.random() < 0.3 and self.numbers:
            parts.append(f"print({self.dice.choice(self.numbers)})")
        if self.dice.random() < 0.02:
            parts.append(f"print(ghost_{self.dice.randint(1, 3)})")
        return "\n".join(parts)


def spoiled(cell: str, dice: random.Random) -> str:
    """A cell with a character lost, doubled or turned; it is never run."""
    if not cell:
        return cell
    place = dice.randrange(len(cell))
    how = dice.randrange(4)
    if how == 0:
        return cell[:place] + cell[place + 1 :]
    if how == 1:
        return cell[:place] + cell[place] + cell[place:]
    if how == 2:
        return cell[:place] + dice.choice("()[]{}'\"%!?:=\\ \n#") + cell[place:]
    lines = cell.split("\n")
    line = dice.randrange(len(lines))
    lines[line] = dice.choice(["  ", "    ", ""]) + lines[line].lstrip()
    return "\n".join(lines)


def drawn(count: int, seed: int) -> Iterator[tuple[list[str], set[str]]]:
    """Notebooks of three to six cells with the forms that are in them, `count` cells in all."""
    dice = random.Random(seed)
    while count > 0:
        draw = Draw(dice)
        cells = [draw.cell() for _ in range(dice.randint(3, 6))]
        count -= len(cells)
        yield cells, draw.forms
