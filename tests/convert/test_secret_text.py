"""Where secrets begin and end in a text, and why each counts as one: exactly, with the twin that is none beside it."""

from __future__ import annotations

import base64
import random

import pytest

from mlee_jupyter.convert.secrets.secret_text import LONGEST_KEY, SHAPES, TextSpan, _outermost, spans_in

from .secret_makers import drawn, hexadecimal, mixed, password, private_key, web_token

CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
SMALL, HEX = CAPITALS.lower(), "0123456789abcdef"
BOTH = CAPITALS + SMALL[:26]
# what it is, how it begins, how many characters are drawn at least, of which, how it ends
BY_SHAPE = (
    ('an AWS key', 'AKIA', 16, CAPITALS, ''),
    ('an AWS key', 'ASIA', 16, CAPITALS, ''),
    ('an AWS key', 'ABIA', 16, CAPITALS, ''),
    ('an AWS key', 'ACCA', 16, CAPITALS, ''),
    ('a GitHub token', 'ghp_', 30, BOTH, ''),
    ('a GitHub token', 'gho_', 30, BOTH, ''),
    ('a GitHub token', 'github_pat_', 22, BOTH, ''),
    ('a GitLab token', 'glpat-', 18, BOTH, ''),
    ('a GitLab token', 'glsoat-', 18, BOTH, ''),
    ('a Slack token', 'xoxb-', 10, BOTH, ''),
    ('a Slack token', 'xoxe.xoxp-', 10, BOTH, ''),
    ('a Slack token', 'xapp-', 20, BOTH, ''),
    ('a Slack hook', 'https://hooks.slack.com/services/', 10, BOTH, ''),
    ('a Slack hook', 'https://hooks.slack.com/workflows/', 10, BOTH, ''),
    ('a Discord hook', 'https://discord.com/api/webhooks/123/', 20, BOTH, ''),
    ('a Discord hook', 'https://ptb.discordapp.com/api/webhooks/123/', 20, BOTH, ''),
    ('a Teams hook', 'https://firm.webhook.office.com/', 20, BOTH, ''),
    ('a Google key', 'AIza', 33, BOTH, ''),
    ('a Google secret', 'GOCSPX-', 20, BOTH, ''),
    ('a Google token', 'ya29.', 20, BOTH, ''),
    ('a Stripe key', 'sk_live_', 16, BOTH, ''),
    ('a Stripe key', 'pk_test_', 16, BOTH, ''),
    ('a Stripe hook', 'whsec_', 20, BOTH, ''),
    ("a model service's key", 'sk-', 20, BOTH, ''),
    ("a model service's key", 'gsk_', 30, BOTH, ''),
    ("a model service's key", 'pplx-', 24, BOTH, ''),
    ("a model service's key", 'nvapi-', 24, BOTH, ''),
    ("a model service's key", 'r8_', 30, BOTH, ''),
    ("a model service's key", 'lsv2_pt_', 24, BOTH, ''),
    ('a Hugging Face token', 'hf_', 30, BOTH, ''),
    ('a Hugging Face token', 'api_org_', 30, BOTH, ''),
    ('a Pinecone key', 'pcsk_', 24, BOTH, ''),
    ('an npm token', 'npm_', 30, BOTH, ''),
    ('a PyPI token', 'pypi-', 30, BOTH, ''),
    ('a SendGrid key', 'SG.', 16, BOTH, '.a1B2c3D4e5F6g7H8'),
    ('a Mailgun key', 'key-', 32, SMALL, ''),
    ('a Mailchimp key', '', 32, HEX, '-us12'),
    ('a Twilio key', 'SK', 32, HEX, ''),
    ('a Telegram token', '12345678:AA', 32, BOTH, ''),
    ('a Databricks token', 'dapi', 32, HEX, ''),
    ('a DigitalOcean token', 'dop_v1_', 64, HEX, ''),
    ('a Shopify token', 'shpat_', 32, HEX, ''),
    ('a Notion token', 'ntn_', 40, BOTH, ''),
    ('a Notion token', 'secret_', 43, BOTH, ''),
    ('a Fly token', 'fm2_', 30, BOTH, ''),
    ('a Linear key', 'lin_api_', 30, BOTH, ''),
    ('a Linear key', 'lin_oauth_', 30, BOTH, ''),
    ('a Postman key', 'PMAK-a1b2c3d4e5f6a7b8c9d0e1f2-', 34, HEX, ''),
    ('an Airtable token', 'patA1b2C3d4E5f6G7.', 64, HEX, ''),
    ('a Grafana token', 'glsa_', 24, BOTH, ''),
    ('a Grafana token', 'glc_', 24, BOTH, ''),
    ('a New Relic key', 'NRAK-', 19, BOTH, ''),
    ('a Sentry token', 'sntrys_', 30, BOTH, ''),
    ('a Square token', 'sq0atp-', 22, BOTH, ''),
    ('a Supabase token', 'sbp_', 40, HEX, ''),
    ('a Netlify token', 'nfp_', 30, BOTH, ''),
    ('an Atlassian token', 'ATATT3', 40, BOTH, ''),
    ('an Azure secret', 'a1B8Q~', 31, BOTH, ''),
    ('a Docker token', 'dckr_oat_', 20, BOTH, ''),
    ('a Vault token', 'hvs.', 24, BOTH, ''),
    ('a Vault token', 'hvb.', 24, BOTH, ''),
    ('a Terraform token', 'a1B2c3D4e5F6g7.atlasv1.', 60, BOTH, ''),
    ('an age key', 'AGE-SECRET-KEY-1', 50, CAPITALS, ''),
    ('a Figma token', 'figd_', 30, BOTH, ''),
    ('a HubSpot token', 'pat-na1-', 36, HEX, ''),
    ('a PlanetScale token', 'pscale_tkn_', 30, BOTH, ''),
    ('a Facebook token', 'EAA', 60, BOTH, ''),
    ('a Twitter token', "A" * 20, 40, BOTH, ''),
    ('a Dropbox token', 'sl.', 60, BOTH, ''),
    ('a Mapbox secret', 'sk.eyJ', 20, BOTH, '.a1B2c3D4e5F6g7H8i9J0'),
    ('an Alibaba key', 'LTAI', 16, BOTH, ''),
    ('a RubyGems key', 'rubygems_', 48, HEX, ''),
    ('a Kaggle token', 'KGAT_', 24, BOTH, ''),
    ('a Doppler token', 'dp.pt.', 30, BOTH, ''),
)  # fmt: skip


@pytest.mark.parametrize(("what", "begin", "least", "alphabet", "end"), BY_SHAPE)
def test_a_key_in_a_service_s_shape(what: str, begin: str, least: int, alphabet: str, end: str) -> None:
    body = drawn(random.Random(7), alphabet, least)
    key, why = f"{begin}{body}{end}", f"has the shape of {what}"
    assert spans_in(f"x {key} y") == [TextSpan(2, 2 + len(key), why)]
    shorter = f"x {begin}{body[:-1]}{end} y"
    assert why not in {s.why for s in spans_in(shorter)}
    same = f"x {begin}{'a' * least}{end} y"
    assert what.endswith("hook") or end.startswith(".") or why not in {s.why for s in spans_in(same, named_too=False)}


def test_every_shape_has_its_line() -> None:
    assert {what for what, _, _ in SHAPES} == {what for what, *_ in BY_SHAPE}


DRAW = random.Random(11)
DRAWN = {"S": mixed(DRAW), "P": password(DRAW), "H": hexadecimal(DRAW), "J": web_token(DRAW), "W": "tiger7"}
DRAWN["B"] = base64.b64encode(f"ann:{DRAWN['P']}".encode()).decode()
# text -> each secret in it, and why; {S}: a key, {P}: a password, {W}: a short one, {H}: in hexadecimal, {B}: a pair
TEXTS: dict[str, list[str]] = {
    'api_key = "{S}"': ['{S} api_key holds a text that looks random'],
    "api_key = '{S}'": ['{S} api_key holds a text that looks random'],
    'api_key: {S}': ['{S} api_key holds a text that looks random'],
    'api_key => {S}': ['{S} api_key holds a text that looks random'],
    'api_key := {S}': ['{S} api_key holds a text that looks random'],
    'api_key == {S}': ['{S} api_key holds a text that looks random'],
    'api_key is {S}': ['{S} api_key holds a text that looks random'],
    'api_key was {S}': ['{S} api_key holds a text that looks random'],
    'apikeyis {S}': [],
    'api_key > {S}': [],
    '"api_key": "{S}"': ['{S} api_key holds a text that looks random'],
    '\\"api_key\\": \\"{S}\\"': ['{S} api_key holds a text that looks random'],
    '**api_key:** `{S}`': ['{S} api_key holds a text that looks random'],
    '[api_key]: {S}': ['{S} api_key holds a text that looks random'],
    'api_key = {S}, and more': ['{S} api_key holds a text that looks random'],
    'api_key = {S}.': ['{S} api_key holds a text that looks random'],
    'api_key = {S}\\': ['{S} api_key holds a text that looks random'],
    'api_key = f({S})': [],
    'api_key = {S}(1)': [],
    'api_key = {S}[0]': [],
    'rows = {S}': [],
    'token = {S}': ['{S} token holds a text that looks random'],
    'token = {W}': [],
    'password = {P}': ['{P} password holds a text'],
    'password = "{W}"': ['{W} password holds a text'],
    'password: {W}': ['{W} password holds a text'],
    'password = letters': [],
    'password = "letters"': ['letters password holds a word'],
    'password = "mypassword"': [],
    'x.password = "letters"': [],
    'password == "letters"': [],
    'password: "letters"': [],
    'pwd = "letters"': [],
    'Server=db;Password=letters;': ['letters Password holds a text'],
    'Server=db; Password: letters': [],
    'user: ann, password: letters': [],
    'user=ann password=letters': ['letters password holds a text'],
    'password=letters': [],
    '<password>{P}</password>': ['{P} password holds a text'],
    '<password>{P}': [],
    'login -p <password> {P}': [],
    '<b>password</b>: {P}': ['{P} is a password or a key'],
    'PWD={{{P}}};SERVER=db': ['{P} PWD holds a text'],
    'api key: {S}': ['{S} api_key holds a text that looks random'],
    'key: {S}': [],
    'api-key: {S}': ['{S} api-key holds a text that looks random'],
    'api:\n  key: {S}': ['{S} api_key holds a text that looks random'],
    'rows:\n  key: {S}': ['{S} rows_key holds a text that looks random'],
    'api:\n    "key": {S}': ['{S} api_key holds a text that looks random'],
    '{"username": "ann", "key": "{S}"}': ['{S} api_key holds a text that looks random'],
    '{"rows": "ann", "key": "{S}"}': [],
    'my code: {P}': [],
    'auth code: {S}': [],
    '--token {S}': ['{S} token holds a text that looks random'],
    '--token={S}': ['{S} token holds a text that looks random'],
    '-token {S}': ['{S} token holds a text that looks random'],
    '--rows {S}': [],
    '--token {W}': [],
    '--password {P}': ['{P} password holds a text'],
    '--api-key "{S}"': ['{S} api-key holds a text that looks random'],
    'x--token {S}': [],
    'aws_secret_access_key {S}': ['{S} aws_secret_access_key holds a text that looks random'],
    'aws_secret_rows {S}': [],
    'secret_key  "{S}"': ['{S} secret_key holds a text that looks random'],
    'password_x {P}': [],
    'login {H}': ['{H} is a password or a key'],
    'login {S}': ['{S} is a password or a key'],
    'login {W}': [],
    'docker login -u ann -p {P}': ['{P} is a password or a key'],
    'docker login -p {P} host': ['{P} is a password or a key'],
    'docker log -p {P}': [],
    'login\n -p {P}': [],
    'the password for the server: {P}': ['{P} is a password or a key'],
    'the password for the server {P}': [],
    'the passphrase of it = {P}': ['{P} is a password or a key'],
    'password of letters: letters1': [],
    'curl -u ann:{P} https://x': ['{P} is a password on a command line'],
    'curl --user ann:{P} https://x': ['{P} is a password on a command line'],
    'curl --proxy-user=ann:{P}': ['{P} is a password on a command line'],
    "curl --http-user 'ann:{P}'": ['{P} is a password on a command line'],
    'curl -x ann:{P}': [],
    'curl -u ann:$X': [],
    'mysql -u ann -p{P} db': ['{P} is a password on a command line'],
    'mysqldump -p {P}': ['{P} is a password on a command line'],
    "sshpass -p '{P}' ssh": ['{P} is a password on a command line'],
    'other -p {P}': [],
    'machine x login ann password {P}': ['{P} is a password on a command line'],
    'db.firm.net:5432:sales:ann:{P}': ['{P} is a password on a command line'],
    '*:*:*:ann:{P}': ['{P} is a password on a command line'],
    'db:54:x:{P}': [],
    "CREATE USER ann IDENTIFIED BY '{P}'": ['{P} is a password'],
    "ALTER ROLE ann PASSWORD '{P}'": ['{P} is a password'],
    'identified by {P}': [],
    'https://ann:{P}@firm.net/x': ['{P} has the shape of a password in a URL'],
    'https://:{P}@firm.net/x': ['{P} has the shape of a password in a URL'],
    'https://ann:ann@firm.net/x': [],
    'https://ann:{P}@localhost/x': ['{P} has the shape of a password in a URL'],
    'https://ann:pass@localhost/x': [],
    'https://ann:letters@firm.net/x': ['letters has the shape of a password in a URL'],
    'https://ann:letters@db/x': [],
    'https://{S}@firm.net/x': [],
    'https://firm.net/x?api_key={S}': ['{S} has the shape of a signature or key in a URL'],
    'https://firm.net/x?a=b&token={S}&c=d': ['{S} has the shape of a signature or key in a URL'],
    'https://firm.net/x?page={S}': [],
    'https://firm.net/x?password={P}': ['{P} has the shape of a signature or key in a URL'],
    'https://firm.net/x?password=letters': [],
    'https://firm.net/x?sig={S}': ['{S} has the shape of a signature or key in a URL'],
    'https://firm.net/x?key={S}': ['{S} has the shape of a signature or key in a URL'],
    'https://firm.net/x?code={S}': ['{S} has the shape of a signature or key in a URL'],
    'https://firm.net/x?X-Amz-Signature={H}': ['{H} has the shape of a signature or key in a URL'],
    'https://firm.net/x?X-Goog-Signature={H}': ['{H} has the shape of a signature or key in a URL'],
    'https://firm.net/x?signature={S}%3D': ['{S}%3D has the shape of a signature or key in a URL'],
    'https://firm.net/x?hmac={W}': [],
    'https://firm.net/x#token={S}': ['{S} token holds a text that looks random'],
    'Authorization: Bearer {S}': ['{S} has the shape of a bearer token'],
    'Bearer {S}': ['{S} has the shape of a bearer token'],
    'bearer {S}': ['{S} has the shape of a bearer token'],
    'Bearer {S}.': ['{S} has the shape of a bearer token'],
    'Bearer {W}': [],
    'Bearer of things': [],
    'Basic {B}': ['{B} has the shape of a basic authorization'],
    'basic {B}': ['{B} has the shape of a basic authorization'],
    'Basic {S}': [],
    'Basic english': [],
    'Authorization: {S}': ['{S} has the shape of an authorization header'],
    'Authorization: token {S}': ['{S} has the shape of an authorization header'],
    'Authorization = "{B}"': ['{B} has the shape of an authorization header'],
    'Authorization: apikey {S}': ['{S} has the shape of an authorization header'],
    'authorization, "{S}"': ['{S} has the shape of an authorization header'],
    'Authorization {S}': [],
    '{J}': ['{J} has the shape of a JSON web token'],
    'eyJhbGciOi.eyJzdWIiOi': [],
    'data:image/png;base64,{S}{S}': [],
    'data:image/png;base64,{S}{S} api_key={S}': ['{S} api_key holds a text that looks random'],
    'arn:aws:iam::123:role/{S}': [],
    'arn:aws:iam::123:role/x api_key={S}': ['{S} api_key holds a text that looks random'],
    'user,password\nann,{P}': ['{P} password holds a text'],
    'user,password\nann,{P}\nbob,letters1x': ['{P} password holds a text', 'letters1x password holds a text'],
    'user;rows\nann;{P}': [],
    'rows,password\nann,{P}': [],
    'name: {S}': [],
    'AKIAIOSFODNN7EXAMPLE': [],
    'key AKIA2E0A8F3B244C9986': ['AKIA2E0A8F3B244C9986 has the shape of an AWS key'],
    'api_key = "{S}", token: {H}': ['{S} api_key holds a text that looks random',
        '{H} token holds a text that looks random'],
    'api_key = "Bearer {S}"': ['{S} has the shape of a bearer token'],
    'api_key = ""': [],
    'passwords are {P}': [],
    'password\t= {P}': ['{P} password holds a text'],
    'password\n{P}': [],
    'secret = {W}': [],
    'secret = {P}': ['{P} secret holds a text'],
    'secret: letters': [],
    'passwort={P}': ['{P} passwort holds a text'],
    'password = "{P}"': ['{P} password holds a text'],
    "the password = '{P}'": ['{P} password holds a text'],
    'passcode {P}': [],
    'pass code: {P}': ['{P} pass_code holds a text'],
    'ghp_{S}': ['ghp_{S} has the shape of a GitHub token'],
    'ghp_{S}your': ['ghp_{S}your has the shape of a GitHub token (example)'],
    'Key: {S}': [],
    'user ann key: {S}': ['{S} ann_key holds a text that looks random'],
    'user x has api key: {S}': ['{S} api_key holds a text that looks random'],
    'mysql -p{P}': ['{P} is a password on a command line'],
    'file.c:12:34:warn:letters': [],
    'MySQL -p {P}': [],
    'login ann password {W}': ['{W} is a password on a command line'],
    "password '{P}'": ['{P} is a password'],
    'https://firm.net/x?sig=short': [],
    'https://firm.net/x?api_key=short123': [],
    'https://user:{P}@example.com/': ['{P} has the shape of a password in a URL'],
    'ftp://a:{P}@10.0.0.1:21/y': ['{P} has the shape of a password in a URL'],
    'kennwort: {P}': ['{P} kennwort holds a text'],
    'phrase: {P}': [],
    'pass phrase: {P}': ['{P} pass_phrase holds a text'],
}  # fmt: skip


@pytest.mark.parametrize(("text", "secrets"), TEXTS.items(), ids=TEXTS)
def test_secrets_in_a_text(text: str, secrets: list[str]) -> None:
    for name, secret in DRAWN.items():
        text = text.replace(f"{{{name}}}", secret)
    text = text.replace("{{", "{").replace("}}", "}")
    found = []
    for span in spans_in(text):
        said = text[span.start : span.end]
        for name, secret in DRAWN.items():
            said = said.replace(secret, f"{{{name}}}")
        found.append(f"{said} {span.why}" + " (example)" * span.example)
    assert found == secrets


def test_in_a_program_s_text_names_hold_names() -> None:
    secret, hook = DRAWN["S"], "ghp_" + DRAWN["S"]
    assert spans_in(f"api_key = {secret}", named_too=False) == []
    assert [s.start for s in spans_in(f"api_key = {hook}", named_too=False)] == [10]
    assert [s.start for s in spans_in(f"redis://:{secret}@db", named_too=False)] == [9]


Span = tuple[int, int, str, bool]
OVERLAPS: dict[str, tuple[list[Span], list[Span]]] = {
    "apart": ([(0, 3, "a", False), (3, 5, "b", False)], [(0, 3, "a", False), (3, 5, "b", False)]),
    "one inside": ([(0, 9, "a", False), (2, 5, "b", False)], [(0, 9, "a", False)]),
    "the longer first": ([(0, 4, "a", False), (0, 9, "b", False)], [(0, 9, "b", False)]),
    "over the end": ([(0, 4, "a", False), (2, 9, "b", False)], [(0, 9, "a", False)]),
    "as far": ([(0, 4, "a", False), (2, 4, "b", False)], [(0, 4, "a", False)]),
    "an example with a real one": ([(0, 9, "a", True), (2, 5, "b", False)], [(0, 9, "b", False)]),
    "a real one with an example": ([(0, 9, "a", False), (2, 5, "b", True)], [(0, 9, "a", False)]),
    "examples": ([(0, 4, "a", True), (2, 9, "b", True)], [(0, 9, "a", True)]),
    "an example that goes on": ([(0, 4, "a", True), (2, 9, "b", False)], [(0, 9, "a", False)]),
    "the same place": ([(0, 4, "a", True), (0, 4, "b", False)], [(0, 4, "b", False)]),
}  # fmt: skip


@pytest.mark.parametrize(("found", "kept"), OVERLAPS.values(), ids=OVERLAPS)
def test_none_lies_inside_another(found: list[Span], kept: list[Span]) -> None:
    assert _outermost([TextSpan(*one) for one in found[::-1]]) == [TextSpan(*one) for one in kept]


def lines(seed: int = 3) -> list[str]:
    return private_key(random.Random(seed))


def spans(text: str) -> list[tuple[int, int, bool]]:
    found = [s for s in spans_in(text) if s.why == "has the shape of a private key"]
    return [(s.start, s.end, s.example) for s in found]


def test_a_private_key_from_its_begin_to_its_end() -> None:
    key = "\n".join(lines())
    assert spans(key) == [(0, len(key), False)]
    assert spans(f"a {key} b {key}") == [(2, len(key) + 2, False), (len(key) + 5, 2 * len(key) + 5, False)]
    assert spans(key.replace("\n", "\\n")) == [(0, len(key) + len(lines()) - 1, False)]
    assert spans(key.replace("RSA PRIVATE", "PUBLIC")) == []
    assert spans(key.replace("PRIVATE KEY", "PRIVATE KEY BLOCK"))
    assert spans(key.replace("RSA ", "X" * 49)) != []
    assert spans(key.replace("RSA ", "X" * 50)) == []


def test_a_private_key_without_its_end() -> None:
    begin, *body, end = lines()
    open_one = "\n".join([begin, *body])
    assert spans(f"{open_one}\n!rest") == [(0, len(open_one) + 1, False)]
    assert spans(f"{open_one}\n!{open_one}") == [
        (0, len(open_one) + 1, False), (len(open_one) + 2, 2 * len(open_one) + 2, False)
    ]  # fmt: skip
    assert spans(begin) == []
    assert spans(f"{begin}\n{end}") == []
    assert spans("-----BEGIN RSA PRIVATE KEY" + body[0]) == []
    assert spans(f"-----BEGIN {'x' * 200}") == []
    assert spans(f"-----BEGIN x {open_one}")[0][0] == 13


def test_how_much_a_private_key_holds() -> None:
    begin, *body, end = lines()
    dense = "".join(body)
    assert spans("\n".join([begin, dense[:59], end])) == []
    assert len(spans("\n".join([begin, dense[:60], end]))) == 1
    assert spans("\n".join([begin, dense[:60], "your key", end]))[0][2] is True
    assert spans("\n".join([begin, *body, "your key", end]))[0][2] is False
    assert spans("\n".join([begin, "a" * 300, end])) == []
    assert LONGEST_KEY == 20_000


@pytest.mark.parametrize("user", ["ann", "anna", "annab", "annabe"])
def test_a_pair_in_base64_of_any_length(user: str) -> None:
    pair = base64.b64encode(f"{user}:{DRAWN['P']}".encode()).decode()
    for value in {pair, pair.rstrip("=")}:
        assert [(s.start, s.end) for s in spans_in(f"Basic {value}")] == [(6, 6 + len(value))]


@pytest.mark.parametrize("head", ['{"alg":"HS256"}', '{"alg":"HS256" }', '{"alg":"HS256"  }', '["alg","HS256"]'])
def test_a_web_token_has_a_head_of_json(head: str) -> None:
    coded = base64.urlsafe_b64encode(head.encode()).decode().rstrip("=")
    token = ".".join([coded, *DRAWN["J"].split(".")[1:]])
    found = [s.start for s in spans_in(f"x {token}") if s.why == "has the shape of a JSON web token"]
    assert found == ([2] if head.startswith("{") else [])


def test_what_is_no_base64_is_no_pair_and_no_token() -> None:
    assert spans_in("Basic YW5uOnRpZ2VyN") == []
    assert spans_in("Basic YW5uOnRpZ2Vy~N") == []
    assert spans_in("eyJhbGciOiJIUzI1N.eyJzdWIiOiJh.q7Wz2Kf9Xp4") == []
    assert [s.start for s in spans_in("Basic YW5uOnRpZ2VyNw")] == [6]  # ann:tiger7
    assert spans_in("Basic OnRpZ2VyNw==") != []  # a password alone
    assert spans_in("Basic YW5uOnRpZw==") == []  # ann:tig
    assert spans_in("Basic dGlnZXI3OnRpZ2VyNw==") == []  # tiger7:tiger7
    assert spans_in("Basic YW5uAHRpZ2VyNw==") == []  # no colon
