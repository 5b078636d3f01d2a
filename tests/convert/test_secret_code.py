"""What each text of the code is given to, and what it is put together from: exactly, one form of code a line."""

from __future__ import annotations

import ast

import pytest

from mlee_jupyter.convert.secrets import secret_code
from mlee_jupyter.convert.secrets.secret_code import Reader
from mlee_jupyter.convert.secrets.secret_parts import USERS

# code -> name:text for each text; _: a part that is not known, !: a user or a host stands beside it,
# ~: a part stands elsewhere, ?NAME: what a variable of the environment falls back to
GIVEN = {
    "a = 'x'": 'a:x',
    "a = b'x'": 'a:x',
    'a = 1': '',
    'a = f(b)': '',
    "a: str = 'x'": 'a:x',
    "a: 'note' = 'x'": ':note a:x',
    'a: str': '',
    "a += 'x'": 'a:_x',
    "(a := 'x')": 'a:x',
    "a = b = 'x'": 'a:x',
    "a, b = 'x', 'y'": 'a:x b:y',
    "a, b = f('x'), 'y'": ':x b:y',
    'a, b = [1, 2]': '',
    "o.password = 'x'": 'password:x',
    "d['password'] = 'x'": ':password password:x',
    "d['rows'] = 'x'": ':rows rows:x',
    "passwords['ann'] = 'x'": ':ann passwords:x',
    "passwords[0] = 'x'": 'passwords:x',
    "d['k']['token'] = 'x'": ':k :token token:x',
    "setattr(o, 'password', 'x')": ':password password:x',
    "os.environ['TOKEN'] = 'x'": ':TOKEN TOKEN:x',
    "os.environ.get('TOKEN') == 'x'": ':TOKEN TOKEN:x',
    "{'password': 'x'}": ':password password:x',
    "{'password': 'x', **other}": ':password password:x',
    "{'ann': 'x'}": ':ann ann:x',
    "{1: 'x'}": ':x',
    "passwords = {'ann': 'x'}": ':ann passwords:x',
    "passwords = {'token': 'x', 'ann': 'y'}": ':token token:x :ann passwords:y',
    "d = {'username': 'ann', 'key': 'x'}": ':username username:ann :key api_key:x',
    "d = {'USER': 'ann', 'key': 'x'}": ':USER USER:ann :key api_key:x',
    "d = {'rows': 'ann', 'key': 'x'}": ':rows rows:ann :key key:x',
    "f('x')": ':x',
    "f(password='x')": 'password:x',
    "f(p='x', user='ann')": 'p:x! user:ann!',
    "f(User='ann', p='x')": 'User:ann! p:x!',
    'f(**d)': '',
    'f(*d)': '',
    "f(rows='x', size='y')": 'rows:x size:y',
    "f('x').g('y')": ':x :y',
    "f('user', 'x')": ':user :x',
    "f('password', 'x')": ':password password:x',
    "f('x', 'y', 'password', 'z')": ':x :y :password password:z',
    "login('x')": 'token:x',
    "login('ann', 'x')": 'token:ann password:x!',
    "login('ann', 'x', 'y')": 'token:ann password:x! :y!',
    "login(key='x')": 'api_key:x',
    "login_with_token('x')": 'login_with_token:x',
    "o.login('ann', 'x')": 'token:ann password:x!',
    "HTTPBasicAuth('ann', 'x')": ':ann password:x!',
    "HTTPBasicAuth('x')": ':x',
    "BasicAuth('a', p='b')": ':a p:b',
    "set_api_key('x')": 'set_api_key:x',
    "set_api_key('x', 'y')": 'set_api_key:x :y',
    "token = str('x')": 'token:x',
    "token = bytes('x', 'utf-8')": 'token:x :utf-8',
    "token = quote('x')": 'token:x',
    "token = b64encode(b'x')": 'token:x',
    "token = base64.b64encode(b'x')": 'token:x',
    "token = len('x')": ':x',
    "token = dict(a='x')": 'token:x',
    "token = dict('x')": 'token:x',
    "tokens = list(['x', 'y'])": 'tokens:x tokens:y',
    "tokens = ['x', 'y']": 'tokens:x tokens:y',
    "tokens = {'x'}": 'tokens:x',
    "tokens = ('x', 'y')": 'tokens:x tokens:y',
    "tokens.append('x')": 'tokens:x',
    "tokens.insert(0, 'x')": 'tokens:x',
    "tokens.remove('x')": ':x',
    "tokens.update(ann='x')": 'tokens:x',
    "tokens.setdefault('ann', 'x')": 'tokens:ann tokens:x',
    "o.tokens.append('x')": 'tokens:x',
    "np.array(['x'])": ':x',
    "token = np.array(['x'])": 'token:x',
    "token = pd.Series(['x'])": 'token:x',
    "auth = ('ann', 'x')": 'auth:ann password:x',
    "auth = ['ann', 'x']": 'auth:ann password:x',
    "auth = ('ann', 'x', 'y')": 'auth:ann auth:x auth:y',
    "auth = ('x',)": 'auth:x',
    "token = ('ann', 'x')": 'token:ann token:x',
    "author = ('ann', 'x')": 'author:ann author:x',
    "[('password', 'x'), ('rows', 'y')]": ':password password:x :rows rows:y',
    "[('password', 'x', 'y')]": ':password :x :y',
    "[(1, 'x')]": '1:x',
    "tokens = [('ann', 'x')]": ':ann tokens:x',
    "[(name, 'x')]": ':x',
    "['--password', 'x', 'y']": ':--password password:x :y',
    "['--rows', 'x']": ':--rows :x',
    "['password', 'x']": ':password :x',
    "['-token', 'x']": ':-token token:x',
    "def f(a, password='x'): pass": 'password:x',
    "def f(a='y', /, password='x', *, token='z', n=1, m): pass": 'password:x a:y token:z',
    "def f(a: 'note', *, b: 'other'): pass": ':note :other',
    "def password(): return 'x'": 'password:x',
    "def password():\n    if a: return 'x'": ':x',
    'def f():\n    return': '',
    "async def token(): return 'x'": 'token:x',
    "@deco('x')\ndef f(): pass": ':x',
    "lambda password='x': 'y'": 'password:x :y',
    "token = lambda: 'x'": 'token:x',
    "class A:\n    password = 'x'": 'password:x',
    "class A:\n    def __init__(self, password): pass\nA('x')": 'password:x',
    "class A:\n    def __init__(self, a, password): pass\n    def g(self, token): pass\nA('x', 'y')": ':x password:y',
    "def f(password): pass\nf('x')": 'password:x',
    "def f(a, password): pass\nf('x', 'y', 'z')": ':x password:y :z',
    "def f(a): pass\no.f('x')": ':x',
    "password == 'x'": 'password:x',
    "'x' == password": 'password:x',
    "password == 'x' == y": ':x',
    "o.password != 'x'": 'password:x',
    "d['password'] == 'x'": ':password password:x',
    "password in ('x', 'y')": 'password:x password:y',
    "token = os.getenv('A', 'x')": ':A token:x?A',
    "token = os.getenv('API_KEY', 'x')": ':API_KEY API_KEY:x?API_KEY',
    "v = os.getenv('API_KEY', 'x')": ':API_KEY API_KEY:x?API_KEY',
    "v = os.getenv('API_KEY', default='x')": ':API_KEY API_KEY:x?API_KEY',
    "v = os.environ.get('API_KEY', 'x')": ':API_KEY API_KEY:x?API_KEY',
    "v = os.environ.pop('API_KEY', 'x')": ':API_KEY API_KEY:x?API_KEY',
    "v = os.environ.setdefault('API_KEY', 'x')": ':API_KEY API_KEY:x?API_KEY',
    "v = config('API_KEY', default='x')": ':API_KEY API_KEY:x',
    "v = d.get('API_KEY', 'x')": ':API_KEY API_KEY:x',
    "v = d.get('API_KEY', default='x')": ':API_KEY API_KEY:x',
    "v = os.getenv('API_KEY') or 'x'": ':API_KEY API_KEY:x?API_KEY',
    "v = os.getenv('API_KEY') or b or 'x'": ':API_KEY API_KEY:x',
    "token = os.getenv('A') or 'x'": ':A token:x?A',
    "v = os.getenv(1) or 'x'": 'v:x',
    "v = b or 'x'": 'v:x',
    "v = 'x' or os.getenv('API_KEY')": 'API_KEY:x :API_KEY',
    "token = b or 'x'": 'token:x',
    "token = b and 'x'": 'token:x',
    "v = f('API_KEY') or 'x'": ':API_KEY v:x',
    "v = getpass('API_KEY', 'x')": ':API_KEY API_KEY:x',
    "v = os.getenv('A', 'x', 'y')": ':A v:x?A :y',
    "token = 'x' if a else 'y'": 'token:x token:y',
    "token = 'x'[::-1]": 'token:x',
    "token = 'x'[0]": ':x',
    "token = a['x':'y']": ':x :y',
    "token = await_('x')": ':x',
    "token = [*'x']": 'token:x',
    "token = 'x' + 'y'": 'token:xy',
    "token = 'x' + a": 'token:x_',
    "token = a + 'x'": 'token:_x',
    'token = a + b': '',
    "token = ['x'] + ['y']": ':x :y',
    "token = ('x',) + a": ':x',
    "token = 'x' + f('y')": 'token:x_ :y',
    "token = 'x' * 2": ':x',
    "token = 'x' - 'y'": ':x :y',
    "token = 'x' 'y'": 'token:xy',
    "token = f'x{a}y'": 'token:x_y',
    "token = f'{a}'": '',
    'token = f\'x{"y"}z\'': 'token:xyz',
    'token = f\'x{f("y")}z\'': 'token:x_z :y',
    'token = f\'{d["y"]}x\'': 'token:_x :y',
    "token = '%s-x' % a": 'token:_-x',
    "token = 'x%sy' % 'z'": 'token:xzy',
    "token = '%s%s' % ('x', 'y')": 'token:xy',
    "token = '%(a)s-y' % d": 'token:_-y',
    "token = 'x{}y'.format('z')": 'token:xzy',
    "token = '{}{}'.format('x', 'y')": 'token:xy',
    "token = '{1}{0}'.format('x', 'y')": 'token:yx',
    "token = '{a}-{}'.format('x', a='y')": 'token:y-x',
    "token = '{a}{b}'.format(a='y')": 'token:y_',
    "token = '{0}{0}'.format('x')": 'token:xx',
    "token = '{}{}{}'.format('x', 'y')": 'token:xy_',
    "token = t.format('x')": ':x',
    "token = '-'.join(['x', 'y', a])": 'token:x-y-_',
    "token = ''.join(('x', 'y'))": 'token:xy',
    "token = ''.join({'x', 'y'})": ': :x :y',
    "token = ''.join('x', 'y')": ': :x :y',
    "token = a.join(['x'])": ':x',
    "token = ','.join(['x'] + b)": ':, :x',
    "token = 'x'.strip()": 'token:x',
    "token = 'x'.encode('utf-8')": 'token:x',
    "token = 'x'.upper()": ':x',
    "token = 'x'.removeprefix('y')": 'token:x',
    'token = a.strip()': '',
    "token = b'x'.decode()": 'token:x',
    "part = 'x'; token = part + 'y'": 'part:x token:xy~',
    "part = 'x'; token = part": 'part:x token:x~',
    "part = 'x'; other = part": 'part:x',
    "part = 'x'; part = f(1); token = part + 'y'": 'part:x token:_y',
    "part = 'x'; part += 'y'; token = part": 'part:x part:xy~ token:xy~',
    "a = f(1); a += 'y'; token = a": 'a:_y token:_y~',
    "part = 'x'; part += f(1); token = part + 'y'": 'part:x part:x_~ token:_y',
    "part = 'x'; part += 'y'; part += 'z'": 'part:x part:xy~ part:xyz~',
    "part = 'x'; part -= 'y'; token = part": 'part:x part:y token:xy~',
    "part, a = 'x', f(1); token = part + 'y'": 'part:x token:xy~',
    "[part, a] = ['x', 'z']; token = part + a": 'part:x a:z token:xz~',
    "part, a = b; token = part + 'y'": 'token:_y',
    "part = 'x'; token = f'{part}y'": 'part:x token:xy~',
    "part = 'x'; token = 'y{}'.format(part)": 'part:x token:yx~',
    "if a:\n    part = 'x'\ntoken = part + 'y'": 'part:x token:xy~',
    "headers = {'Authorization': 'Basic ' + b64encode('x')}": ':Authorization Authorization:Basic _ auth:x',
    "headers = {'Authorization': 'Else ' + b64encode('x')}": ':Authorization Authorization:Else _ :x',
    'headers = {\'Authorization\': f\'Basic {f("x")}\'}': ':Authorization Authorization:Basic _ :x',
    "pd.DataFrame([['a', 'x'], ['y']], columns=['user', 'token'])": 'user:a token:x :y columns:user columns:token',
    "pd.DataFrame(data=[['a', 'x']], columns=('user', 'token'))": 'user:a token:x columns:user columns:token',
    "pd.DataFrame([('ann', 'x')], columns=names)": ':ann ann:x',
    "pd.DataFrame(rows, columns=['user', 'password'])": 'columns:user columns:password',
    "pd.DataFrame([['ann', 'x']], ['user'])": ':ann :x :user',
    "Password(value='x')": 'Password:x',
    "Field(value='x')": 'value:x',
    "Client(key='x')": 'api_key:x',
    "Model(key='x')": 'key:x',
    "client(key='x')": 'key:x',
    "connect(key='x')": 'key:x',
    "f(a)('x')": ':x',
    "f('x')('y')": ':x :y',
    "o['x'].g": ':x',
    "x[f('y')] = 'z'": ':y :z',
    "del d['x']": ':x',
    "return_ = ['x', ['y', ('z',)]]": 'return_:x return_:y return_:z',
    "try:\n    token = 'x'\nexcept E as e:\n    log('y')": 'token:x :y',
    "with open('x') as f:\n    token = 'y'": ':x token:y',
    "for token in ['x', 'y']: pass": ':x :y',
    "assert token, 'x'": ':x',
    "raise E('x')": ':x',
    "tokens = [f('x') for f in 'y']": ':x :y',
    "match a:\n    case 'x': pass": ':x',
    'print(f\'{token:>{"x"}}\')': ':>x',
    "token = ~'x'": ':x',
}  # fmt: skip


def told(code: str) -> str:
    said = []
    for one in Reader().texts(ast.parse(code)):
        marks = "!" * one.sure + "~" * (not one.alone) + (f"?{one.default.variable}" if one.default else "")
        said.append(f"{one.name}:{one.text}{marks}".replace("\0", "_"))
    return " ".join(said)


@pytest.mark.parametrize(("code", "given"), GIVEN.items(), ids=GIVEN)
def test_what_a_text_is_given_to(code: str, given: str) -> None:
    assert told(code) == given


def each(words: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("word", words.split())


@each("user username login uid host hostname server dsn email user_id account database dbname")
def test_beside_a_user_a_key_is_one(word: str) -> None:
    assert told(f"f({word}='a', p='x')") == f"{word}:a! p:x!"
    assert told(f"{{'{word}': 'a', 'key': 'x'}}").endswith("api_key:x")
    assert word in USERS


def test_every_user_is_in_that_list() -> None:
    assert len(USERS) == 13


@each("dict OrderedDict defaultdict list tuple set frozenset deque zip array Series SimpleNamespace MappingProxyType "
      "cycle iter sorted reversed")  # fmt: skip
def test_what_holds_its_arguments(word: str) -> None:
    assert told(f"tokens = {word}('x', a='y')") == "tokens:x tokens:y"
    assert told(f"tokens = m.{word}('x')") == "tokens:x"


@each("append appendleft add insert extend update setdefault put")
def test_what_puts_something_in(word: str) -> None:
    assert told(f"tokens.{word}('x')") == "tokens:x"
    assert told(f"tokens = {word}('x')") == ":x"


@each("HTTPBasicAuth HTTPDigestAuth HTTPProxyAuth BasicAuth basic_auth set_credentials")
def test_the_second_is_a_password(word: str) -> None:
    assert told(f"{word}('a', 'x', 'y')") == ":a password:x! :y!"


@each("str bytes bytearray quote quote_plus unquote SecretStr Secret b64encode b64decode fromhex SecretBytes")
def test_what_gives_back_what_it_is_given(word: str) -> None:
    assert told(f"token = m.{word}('x', 'y')") == "token:x :y"


@each("strip lstrip rstrip encode decode expandtabs removeprefix removesuffix dedent")
def test_what_leaves_a_text_as_it_is(word: str) -> None:
    assert told(f"token = 'x'.{word}() + 'y'") == "token:xy"
    assert told(f"token = f('x').{word}('z')") == ":x :z"


@each("getenv environ.get environ.setdefault environ.pop")
def test_what_asks_the_environment(word: str) -> None:
    assert told(f"v = os.{word}('A_TOKEN', 'x')") == ":A_TOKEN A_TOKEN:x?A_TOKEN"
    assert told(f"v = os.{word}('A_TOKEN') or 'x'") == ":A_TOKEN A_TOKEN:x?A_TOKEN"


@each("get setdefault pop getpass env config")
def test_what_asks_by_a_name(word: str) -> None:
    assert told(f"v = d.{word}('A_TOKEN') or 'x'") == ":A_TOKEN A_TOKEN:x"


@each("set_api_key use_apikey with_tokens the_secret my_password with_credentials LOGIN basicAuth")
def test_a_call_named_so_takes_one_first(word: str) -> None:
    assert told(f"{word}('x', 'y')") == f"{word}:x :y"


def test_a_text_that_grows_too_long_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_code, "LONGEST_KNOWN", 3)
    assert told("part = 'xyz'; token = part + 'w'") == "part:xyz token:xyzw~"
    assert told("part = 'wxyz'; token = part + 'w'") == "part:wxyz token:_w"
    assert told("token = '%sy' % 'w'") == "token:wy"
    assert told("token = '%sxy' % 'w'") == ":%sxy :w"


def test_a_text_of_too_many_pieces_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_code, "MOST_PIECES", 3)
    assert told("token = 'x' + 'y' + 'z'") == "token:xyz"
    assert told("token = 'w' + 'x' + 'y' + 'z'") == ":w :x :y :z"
    assert told("token = f'w{a}x'") == "token:w_x"
    assert told("token = f'w{a}x{b}'") == ":w :x"
    assert told("token = ''.join(['x', 'y'])") == "token:xy"
    assert told("part = 'x' + 'y'; part += 'z'; token = part") == "part:xy part:xyz~ token:xyz~"
    assert told("part = 'x' + 'y' + 'z'; part += 'w'; token = part") == "part:xyz :w"


def test_a_text_that_is_nested_too_deep_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_code, "DEEPEST", 2)
    assert told("token = 'a' + ('b%s' % ('c%s' % 'd'))") == "token:abcd"
    assert told("token = 'a' + ('b%s' % ('c%s' % ('d%s' % 'e')))").startswith("token:abc_")


def test_how_deep_how_long_and_how_many() -> None:
    assert (secret_code.DEEPEST, secret_code.LONGEST_KNOWN, secret_code.MOST_PIECES) == (40, 20_000, 2_000)


NESTED = {
    "an f-string": "f'a{%s}'", "percent": "'a%%s' %% %s", "format": "'a{}'.format(%s)", "join": "'a'.join(['', %s])",
    "a method": "(%s).strip()", "a sum": "('a' + %s)",
}  # fmt: skip


@pytest.mark.parametrize("form", NESTED.values(), ids=NESTED)
def test_every_kind_of_nesting_counts(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_code, "DEEPEST", 1)
    literal, nested = '"b"', '("b".strip())'
    assert told(f"token = 'x' + {form % literal}").split()[0] in ("token:xab", "token:xb")
    assert told(f"token = 'x' + {form % nested}").split()[0] in ("token:xa_", "token:x_", "token:x_a_")
